import { describe, expect, it } from "vitest";
import { Backoff } from "../src/data/backoff";
import { protocols, socketUrl } from "../src/data/liveSocket";

describe("The address of the feed", () => {
  it.each([
    ["/api/performance/", "http://localhost:5080/monitoring/", "ws://localhost:5080/api/performance/live"],
    ["../api/performance/", "https://example.org/base/monitoring/", "wss://example.org/base/api/performance/live"],
    ["https://other.example/api/", "https://example.org/", "wss://other.example/api/live"],
  ])("of %s seen from %s is %s", (base, page, url) => expect(socketUrl(base, page)).toBe(url));
});

describe("The key goes as a subprotocol, never in the address", () => {
  it("none without a key", () => expect(protocols(null)).toEqual(["monitoring.v1"]));
  it("in base64url of its UTF-8", () => {
    const [version, key] = protocols("schlüssel?>~");
    expect(version).toBe("monitoring.v1");
    expect(key).toMatch(/^monitoring\.key\.[A-Za-z0-9_-]+$/);
    const text = key!.replace("monitoring.key.", "").replaceAll("-", "+").replaceAll("_", "/");
    expect(new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))).toBe("schlüssel?>~");
  });
});

describe("Back-off", () => {
  it.each([0, 0.5, 0.999])("stays within 0.5 and 15 s when chance is %s", (chance) => {
    const backoff = new Backoff(() => chance);
    const waits = Array.from({ length: 20 }, () => backoff.next());
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
    expect(waits.at(-1)).toBe(chance === 0 ? 500 : chance === 0.5 ? waits.at(-2) : 15_000);
  });
});
