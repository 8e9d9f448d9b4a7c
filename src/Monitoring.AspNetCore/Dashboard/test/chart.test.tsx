import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Chart } from "../src/components/Chart";
import FakeUplot from "./fakeUplot";
import { settle } from "./pages";

vi.mock("uplot", () => import("./fakeUplot"));
beforeEach(() => void (FakeUplot.made.length = 0));
afterEach(cleanup);

const start = new Date(2026, 10, 22, 12, 0, 0).getTime();
const chart = (values: (number | null)[]) => (
  <Chart label="Latency" start={start} stepMs={1000} unit="ms" lines={[{ label: "p95", values }]} />
);

describe("A chart", () => {
  it("says in words what it shows", () => {
    render(chart([10, 30, 20, null]));
    expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(
      /^Latency\. Over 4\.00 s\. p95: at last 20\.0 ms, at most 30\.0 ms\./,
    );
  });
  it("says that there is no data", () => {
    render(chart([null]));
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("p95: no data");
  });
  it("has the newest figures in its legend while nobody points at it", async () => {
    const { rerender } = render(chart([10, 30, null]));
    const [plot] = FakeUplot.made;
    expect(plot!.legend).toBe(1);
    rerender(chart([10, 30, 20]));
    await settle();
    expect(plot!.legend).toBe(2);
  });
  it("is gone through by the arrow keys, which say each point", async () => {
    render(chart([10, 30, 20]));
    const picture = screen.getByRole("img");
    const press = async (key: string) => {
      fireEvent.keyDown(picture, { key });
      await settle();
      return screen.getByRole("status").textContent;
    };
    expect(await press("ArrowLeft")).toBe("12:00:01: p95 30.0 ms");
    expect(await press("ArrowLeft")).toBe("12:00:00: p95 10.0 ms");
    expect(await press("ArrowLeft")).toBe("12:00:00: p95 10.0 ms");
    expect(await press("ArrowRight")).toBe("12:00:01: p95 30.0 ms");
    expect(FakeUplot.made[0]!.legend).toBe(1);
    fireEvent.blur(picture);
    await settle();
    expect(screen.getByRole("status").textContent).toBe("");
    expect(FakeUplot.made[0]!.legend).toBe(2);
  });
});
