import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { App, Report } from "../src/App";
import { ReportSource } from "../src/data/reportSource";
import { readThresholds } from "../src/data/thresholds";
import { ApiError } from "../src/data/source";
import { explain } from "../src/shell/Login";
import { readRoute } from "../src/shell/route";
import { Shell } from "../src/shell/Shell";
import { storedTheme, applyTheme } from "../src/shell/theme";
import { titleOf } from "../src/shell/title";
import overview from "./fixtures/overview.json";
import { FakeSource, noHistory, snapshotOf } from "./fakes";

beforeEach(() => {
  location.hash = "#/history";
  sessionStorage.clear();
  localStorage.clear();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const critical = snapshotOf("Overview", {
  status: "Critical",
  reason: "<img src=x onerror=alert(1)> is broken.",
  activeAlerts: { total: 2, warning: 1, critical: 1 },
});

describe("The route", () => {
  it.each([
    ["", "", null],
    ["#/redis", "redis", null],
    ["#/history?metric=a&range=1h", "history", null],
    ["#/alerts/redis-operation-latency.a%2Fb?x=1", "alerts", "redis-operation-latency.a/b"],
    ["#/alerts/%E0%A4%A", "alerts", "%E0%A4%A"],
  ])("%s", (hash, page, rest) => expect(readRoute(hash)).toEqual({ page, rest }));
});

describe("The title says how it goes", () => {
  const state = (snapshot = critical, staleSince: Date | null = null) =>
    ({ snapshot, staleSince, via: "socket", failures: 0, retryAt: null }) as const;
  it("with alerts", () => expect(titleOf(state(), "Redis")).toBe("✖ 2 alerts · Monitoring"));
  it("without", () => expect(titleOf(state(snapshotOf("Redis")), "Redis")).toBe("✓ Healthy · Monitoring"));
  it("when it is old", () => expect(titleOf(state(critical, new Date()), "Redis")).toContain("stale, was 2 alerts"));
  it("before anything is known", () => expect(titleOf(null, "Redis")).toBe("Redis · Monitoring"));
});

describe("The frame", () => {
  it("says status, reason, feed, alerts and who looks, and what comes from outside stays text", () => {
    const { container } = render(<Shell source={new FakeSource(critical, "Reader")} />);
    expect(screen.getByTestId("status").textContent).toContain("Critical");
    expect(screen.getByTestId("feed").textContent).toBe("Live");
    expect(container.querySelector(".reason")!.textContent).toContain("<img src=x");
    expect(container.querySelector("img")).toBeNull();
    expect(screen.getByRole("link", { name: /Alerts/ }).textContent).toBe("Alerts2 active");
    expect(container.querySelector(".session")!.textContent).toBe("Ann reader");
    expect(document.title).toBe("✖ 2 alerts · Monitoring");
  });

  it("says since when it is stale, and what is done about it", () => {
    const source = new FakeSource(critical);
    const { container, rerender } = render(<Shell source={source} />);
    source.show({ staleSince: new Date(2026, 10, 22, 12, 3, 1), failures: 2, retryAt: Date.now() + 9500 });
    rerender(<Shell source={source} />);
    expect(screen.getByTestId("feed").textContent).toBe("Stale since 12:03:01");
    expect(container.querySelector(".banner")!.textContent).toMatch(/Connecting again in \d+ s. 2 tries have failed/);
    expect(container.querySelector("main")!.className).toBe("old");
  });

  it("marks the page it shows, and moves the focus to its heading on navigation only", async () => {
    render(<Shell source={new FakeSource(critical)} />);
    expect(document.activeElement).toBe(document.body);
    location.hash = "#/nowhere";
    fireEvent(window, new HashChangeEvent("hashchange"));
    const heading = await screen.findByRole("heading", { level: 1, name: "Overview" });
    await vi.waitFor(() => expect(document.activeElement).toBe(heading));
    expect(screen.getByRole("link", { name: "Overview" }).getAttribute("aria-current")).toBe("page");
  });

  it("has its structure before the service has answered", () => {
    const { container } = render(<Shell source={null} waiting="The service cannot be reached. Trying again…" />);
    expect(screen.getAllByRole("link").length).toBeGreaterThan(8);
    expect(container.querySelector("main")!.textContent).toContain("cannot be reached");
  });

  it("remembers how far to look back", () => {
    render(<Shell source={new FakeSource(critical)} />);
    fireEvent.change(screen.getByLabelText("Time window"), { target: { value: "15m" } });
    expect(sessionStorage.getItem("monitoring.window")).toBe("15m");
    cleanup();
    render(<Shell source={new FakeSource(critical)} />);
    expect((screen.getByLabelText("Time window") as HTMLSelectElement).value).toBe("15m");
  });

  it("remembers the theme", () => {
    render(<Shell source={new FakeSource(critical)} />);
    fireEvent.change(screen.getByLabelText("Theme"), { target: { value: "dark" } });
    expect(localStorage.getItem("monitoring.theme")).toBe("dark");
    applyTheme(storedTheme());
    expect(document.documentElement.dataset["theme"]).toBe("dark");
  });
});

describe("Login", () => {
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
  const refusal = { title: "Unauthorized", detail: "Send a valid key as X-Api-Key or as Authorization: Bearer." };

  /** A service that takes one key; without one nobody. */
  const service = (keyOf: { valid: string }) => {
    const asked: { url: string; key: string | null }[] = [];
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      const key = new Headers(init.headers).get("X-Api-Key");
      asked.push({ url, key });
      if (key !== keyOf.valid) return Promise.resolve(answer(401, refusal));
      return Promise.resolve(
        url.includes("session") ? answer(200, { role: "Admin", name: "Ann" }) : answer(200, noHistory),
      );
    });
    vi.stubGlobal(
      "WebSocket",
      class {
        close() {}
      },
    );
    return asked;
  };
  const type = async (key: string) => {
    fireEvent.input(await screen.findByLabelText("Key"), { target: { value: key } });
    fireEvent.submit(screen.getByRole("button", { name: "Log in" }).closest("form")!);
  };

  it("takes a right key, keeps it for the tab, and never puts it into an address", async () => {
    const asked = service({ valid: "s3cret-key" });
    render(<App api="/api/" />);
    await type("wrong");
    expect((await screen.findByRole("alert")).textContent).toBe("This key is not valid.");
    expect(sessionStorage.getItem("monitoring.key")).toBeNull();
    await type("s3cret-key");
    expect(await screen.findByRole("button", { name: "Log out" })).toBeTruthy();
    expect(sessionStorage.getItem("monitoring.key")).toBe("s3cret-key");
    expect(localStorage.length).toBe(0);
    expect(asked.some(({ url }) => url.includes("s3cret"))).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Log out" }));
    expect(await screen.findByLabelText("Key")).toBeTruthy();
    expect(sessionStorage.getItem("monitoring.key")).toBeNull();
  });

  it("is not asked for where the service knows who looks", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(answer(200, { role: "Reader", name: "local" })));
    vi.stubGlobal("WebSocket", class {});
    render(<App api="/api/" />);
    expect(await screen.findByRole("button", { name: "Log in with a key" })).toBeTruthy();
    expect(screen.queryByLabelText("Key")).toBeNull();
  });

  it("comes back with a sentence when a kept key is not taken any more", async () => {
    service({ valid: "new-key" });
    sessionStorage.setItem("monitoring.key", "old-key");
    render(<App api="/api/" />);
    expect((await screen.findByRole("status")).textContent).toContain("does not accept your key any more");
    expect(sessionStorage.getItem("monitoring.key")).toBeNull();
  });

  it("comes back with a sentence when the service is restarted with other keys", async () => {
    const keys = { valid: "key-one" };
    service(keys);
    sessionStorage.setItem("monitoring.key", "key-one");
    location.hash = "#/";
    render(<App api="/api/" />);
    await screen.findByRole("button", { name: "Log out" });
    keys.valid = "key-two";
    // Another window reads the history anew, which the service refuses now.
    fireEvent.change(screen.getByLabelText("Time window"), { target: { value: "1h" } });
    expect(await screen.findByLabelText("Key")).toBeTruthy();
    expect(screen.getByRole("status").textContent).toContain("does not accept your key any more");
  });

  it("says how long to wait after too many wrong keys", () =>
    expect(explain(new ApiError(429, "Too many wrong keys came from this address; try again later.", 36_500))).toBe(
      "Too many wrong keys came from this address. Try again in 37 s.",
    ));

  it("says that the service is away, and goes on trying", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    render(<App api="/api/" />);
    expect(await screen.findByText(/The service cannot be reached. Trying again…/)).toBeTruthy();
    expect(screen.queryByLabelText("Key")).toBeNull();
  });
});

describe("A report", () => {
  const report = {
    generatedAt: "2026-11-22T12:00:00Z",
    session: { role: "Admin", name: "report" },
    live: { Overview: critical },
    history: null,
    latencyMap: null,
    changes: { changes: [] },
    settings: { Alerts: { Thresholds: { CpuWarningPercent: 80 } } },
  };

  it("is found in the document, says of when it is, and offers no action and no login", () => {
    const script = document.createElement("script");
    script.type = "application/json";
    script.id = "report";
    script.textContent = JSON.stringify(report);
    document.body.append(script);
    const source = ReportSource.find(document)!;
    script.remove();
    render(<Report source={source} />);
    expect(screen.getByTestId("feed").textContent).toMatch(/^Report of 22 November 2026, \d\d:\d\d:\d\d$/);
    expect(screen.getByTestId("status").textContent).toContain("Critical");
    expect(screen.queryByRole("button", { name: /Log/ })).toBeNull();
    expect(screen.queryByLabelText("Time window")).toBeNull();
  });

  it("shows its pages, with times and without how long ago that is, which nobody can say", async () => {
    location.hash = "#/";
    const live = { Overview: { ...overview, status: "Critical" } };
    const { container } = render(<Report source={new ReportSource({ ...report, live } as never)} />);
    await screen.findByRole("region", { name: "Verdict" });
    expect(container.textContent).toMatch(/Since \d\d:\d\d:\d\d/);
    expect(container.textContent).not.toContain(" ago");
    expect(container.textContent).not.toMatch(/(\d\d:\d\d:\d\d), \1/);
  });

  it("is null in the page of a service", () => expect(ReportSource.find(document)).toBeNull());

  it("has the thresholds, to judge by them, and the changes as the service answers them", async () => {
    const source = new ReportSource(report as never);
    expect(readThresholds(await source.get("config"))).toEqual({ CpuWarningPercent: 80 });
    expect(await source.get("changes?window=5m")).toEqual({ changes: [] });
  });

  it("says what it does not hold", async () => {
    const source = new ReportSource(report as never);
    await expect(source.get("redis-operations/latency-map?window=15m")).rejects.toThrow("does not hold");
    await expect(source.history({ metrics: [] })).rejects.toThrow("does not hold");
  });
});
