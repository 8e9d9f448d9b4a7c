import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ViewContext } from "../src/data/context";
import { ApiError } from "../src/data/source";
import type { Alert, LiveSnapshot } from "../src/data/types";
import { against, happened, matcherText, quietBecause } from "../src/pages/alerts/describe";
import { arrange } from "../src/pages/alerts/arrange";
import { everything, matches } from "../src/pages/alerts/filter";
import { standing } from "../src/pages/alerts/Rules";
import { matchersOf } from "../src/pages/alerts/Silence";
import { AlertsPage } from "../src/pages/AlertsPage";
import { FakeSource, snapshotOf } from "./fakes";
import recorded from "./fixtures/alerts.json";

beforeEach(() => {
  location.hash = "#/alerts";
});
afterEach(cleanup);

const snapshot = recorded as unknown as LiveSnapshot;
const recordedAlerts = snapshot.alerts!;
const alert = recordedAlerts.active[0]!;
const nonsense = /NaN|undefined|\[object|Infinity|null/;

type Parts = Partial<NonNullable<LiveSnapshot["alerts"]>>;
const withAlerts = (parts: Parts): LiveSnapshot => ({ ...snapshot, alerts: { ...recordedAlerts, ...parts } });

function show(shown: LiveSnapshot, role: "Admin" | "Reader" = "Admin") {
  const source = new FakeSource(shown, role);
  const view = render(
    <ViewContext.Provider value={{ source, window: "5m" }}>
      <AlertsPage />
    </ViewContext.Provider>,
  );
  return { source, ...view };
}

const panel = (name: RegExp) => screen.getByRole("region", { name });
const card = (group: RegExp, key = alert.key) =>
  panel(group).querySelector<HTMLElement>(`article[data-alert="${key}"]`)!;
/** Opens the dialog of a button and returns it. */
function open(within_: HTMLElement, label: string): HTMLElement {
  const button = within(within_).getByRole("button", { name: label });
  fireEvent.click(button);
  return button.nextElementSibling as HTMLElement;
}
const submit = (dialog: HTMLElement) => fireEvent.submit(dialog.querySelector("form")!);

describe("Filter", () => {
  const one = {
    ...alert,
    key: "cpu-usage",
    rule: "cpu-usage",
    message: "Processors are busy.",
    severity: "Critical",
    category: "System",
  };
  it.each([
    [{}, true],
    [{ text: " BUSY " }, true],
    [{ text: "redis" }, false],
    [{ severity: "Warning" }, false],
    [{ severity: "Critical", category: "System", text: "cpu" }, true],
    [{ category: "Redis" }, false],
  ] as const)("%j: %s", (filter, is) => expect(matches(one as Alert, { ...everything, ...filter })).toBe(is));
});

describe("In words", () => {
  it("a value against its threshold, and the worst", () => {
    expect(against({ ...alert, value: 214, threshold: 100, peakValue: 344, unit: "ms" })).toBe(
      "214 ms against 100 ms; at worst 344 ms",
    );
    expect(against({ ...alert, value: 12, threshold: null, peakValue: 12, unit: "tasks" })).toBe("12 tasks");
    expect(against({ ...alert, value: null })).toBeNull();
  });
  it("why it is kept quiet", () =>
    expect(quietBecause({ reason: "Inhibition", by: "circuit-state.redis" })).toBe(
      "Kept quiet because of alert circuit-state.redis",
    ));
  it("who keeps it quiet, and why", () =>
    expect(
      quietBecause({ reason: "Silence", by: "s1" }, [
        {
          id: "s1",
          state: "Active",
          matchers: [],
          startsAt: "2026-11-22T12:00:00",
          endsAt: "2026-11-22T13:00:00",
          author: "Ann",
          reason: "Deployment.",
          createdAt: "2026-11-22T12:00:00",
        },
      ]),
    ).toBe("Kept quiet by a silence of Ann until 13:00:00: Deployment."));
  it.each([
    ["Fired", "Warning", 214, "Fired as warning, 214 ms"],
    ["SeverityChanged", "Critical", null, "Became critical"],
    ["Resolved", "Critical", 3, "Resolved, 3.00 ms"],
  ] as const)("what happened: %s", (kind, severity, value, text) =>
    expect(happened({ at: "", kind, severity, value, by: null, note: null }, "ms")).toBe(text),
  );
  it.each([
    [true, false, "a=b"],
    [false, false, "a!=b"],
    [true, true, "a=~b"],
    [false, true, "a!~b"],
  ])("a matcher: %s %s is %s", (isEqual, isRegex, text) =>
    expect(matcherText({ label: "a", value: "b", isEqual, isRegex })).toBe(text),
  );
  it("how a rule stands", () => {
    const rule = { ...recordedAlerts.rules[0]!, isEnabled: true, error: null, active: 0, pending: 0, series: 1 };
    expect(standing(rule).text).toBe("Quiet");
    expect(standing({ ...rule, active: 2, pending: 1 }).text).toBe("2 active");
    expect(standing({ ...rule, error: "broken", active: 2 }).text).toBe("Error");
    expect(standing({ ...rule, isEnabled: false }).text).toBe("Off");
  });
});

describe("Where an alert stands", () => {
  const quiet = { ...alert, id: "q", suppression: { reason: "Silence" as const, by: "x" } };
  const other = { ...alert, id: "o" };
  it("apart from those that are kept quiet", () =>
    expect(arrange({ active: [alert, quiet], resolved: [] }, null)).toEqual({ active: [alert], quiet: [quiet] }));
  it("in its place while its dialog is open, also when it is resolved or silenced", () => {
    const held = { alert, isQuiet: false };
    const resolved = { ...alert, state: "Resolved" as const };
    expect(arrange({ active: [other], resolved: [resolved] }, held).active).toEqual([other, resolved]);
    expect(arrange({ active: [], resolved: [] }, held).active).toEqual([alert]);
    const silenced = { ...alert, suppression: quiet.suppression };
    expect(arrange({ active: [silenced, other], resolved: [] }, held)).toEqual({
      active: [silenced, other],
      quiet: [],
    });
  });
});

describe("The page", () => {
  it("shows what was recorded", () => {
    const { container } = show(snapshot);
    expect(container.textContent).not.toMatch(nonsense);
    expect(card(/^Active/).textContent).toContain(alert.message);
    expect(panel(/^Resolved/).querySelectorAll("article")).toHaveLength(recordedAlerts.resolved.length);
    expect(within(panel(/^Rules/)).getAllByRole("row")).toHaveLength(recordedAlerts.rules.length + 1);
  });

  it("says so where there is nothing", () => {
    const { container } = show(
      withAlerts({ active: [], pending: [], held: [], resolved: [], silences: [], rules: [] }),
    );
    expect(container.textContent).toContain("No alert is active.");
    expect(container.textContent).toContain("There is no silence.");
    expect(container.textContent).not.toMatch(nonsense);
  });

  it("waits for the first snapshot", () => {
    expect(show(snapshotOf("Alerts")).container.textContent).toContain("Waiting for the first figures");
  });

  it("shows a new alert and takes away one that is over, without a reload", async () => {
    const { source } = show(withAlerts({ active: [] }));
    expect(card(/^Active/)).toBeNull();
    source.show({ snapshot });
    await screen.findByRole("heading", { name: alert.message });
    source.show({ snapshot: withAlerts({ active: [], resolved: [{ ...alert, state: "Resolved" }] }) });
    await screen.findByText("No alert is active.");
    expect(card(/^Resolved/)).not.toBeNull();
  });

  it("filters by text", async () => {
    const { container } = show(snapshot);
    fireEvent.input(screen.getByLabelText("Filter alerts by text"), { target: { value: "no such alert" } });
    expect((await screen.findAllByText("Nothing matches the filter.")).length).toBeGreaterThan(0);
    expect(container.querySelector("article")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    await screen.findByRole("heading", { name: alert.message });
  });

  it("offers a reader no action", () => {
    show(snapshot, "Reader");
    for (const label of ["Resolve", "Acknowledge", "Silence", "End"])
      expect(screen.queryAllByRole("button", { name: label, hidden: true })).toEqual([]);
  });

  it("keeps what comes from outside text", () => {
    const hostile = "<img src=x onerror=alert(1)>\u202Eevil" + "x".repeat(10_000);
    location.hash = `#/alerts/${encodeURIComponent(hostile)}`;
    const { container } = show(
      withAlerts({
        active: [
          {
            ...alert,
            key: hostile,
            message: hostile,
            acknowledgedBy: hostile,
            acknowledgementNote: hostile,
            runbook: "javascript:alert(1)",
            labels: { [hostile]: hostile },
            context: { [hostile]: hostile },
            timeline: [{ ...alert.timeline[0]!, by: hostile, note: hostile }],
          },
        ],
        resolved: [],
      }),
    );
    expect(container.textContent!.split("<img src=x").length - 1).toBeGreaterThanOrEqual(8);
    expect(container.querySelector("img")).toBeNull();
    for (const link of container.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^#\//);
  });
});

describe("Details", () => {
  const answer = (id = alert.id) => ({
    alert: { ...alert, id },
    deliveries: [{ channel: "slack", outcome: "Failed", reason: "Timed out.", at: null }],
  });

  it("show timeline, context and who was told when they are opened", async () => {
    const { source } = show(snapshot);
    source.answers = { [`alerts/${alert.key}`]: answer() };
    expect(source.asked).toEqual([]);
    fireEvent.click(within(card(/^Active/)).getByRole("button", { name: /Details/ }));
    expect(await screen.findByText(/Timed out/)).toBeTruthy();
    const [name, value] = Object.entries(alert.context)[0]!;
    expect(card(/^Active/).textContent).toContain(value);
    expect(name.length).toBeGreaterThan(0);
    expect(card(/^Active/).querySelectorAll(".timeline li")).toHaveLength(alert.timeline.length);
  });

  it("are open for the alert that the address names", async () => {
    location.hash = `#/alerts/${encodeURIComponent(alert.key)}`;
    show(snapshot);
    expect(within(card(/^Active/)).getByText("Timeline")).toBeTruthy();
    expect(screen.getAllByText("Timeline")).toHaveLength(1);
  });

  it("do not show the deliveries of a newer alert with the same key", async () => {
    const { source } = show(snapshot);
    source.answers = { [`alerts/${alert.key}`]: answer("another") };
    fireEvent.click(within(card(/^Active/)).getByRole("button", { name: /Details/ }));
    expect(await screen.findByText(/It has fired again since/)).toBeTruthy();
    expect(screen.queryByText(/Timed out/)).toBeNull();
  });
});

describe("Actions", () => {
  it("tell what was resolved although it holds on from what is over", () => {
    const held = { ...alert, id: "held", key: "held", state: "Resolved" as const };
    const over = { ...alert, id: "over", key: "over", state: "Resolved" as const };
    show(withAlerts({ active: [], held: [held], resolved: [over, held] }));
    expect(card(/^Resolved, but not over \(1\)/, "held")).not.toBeNull();
    expect(card(/^Resolved \(1\)/, "over")).not.toBeNull();
  });
  it("resolve with a note", async () => {
    const { source } = show(snapshot);
    const dialog = open(card(/^Active/), "Resolve");
    fireEvent.input(within(dialog).getByLabelText("Note"), { target: { value: " Redis was restarted. " } });
    submit(dialog);
    expect(source.sent).toEqual([
      { method: "POST", path: `alerts/${alert.key}/resolve`, body: { note: "Redis was restarted." } },
    ]);
  });

  it("acknowledge, unless somebody has", () => {
    const { source } = show(withAlerts({ active: [alert, { ...alert, id: "2", key: "b", acknowledgedBy: "Ann" }] }));
    submit(open(card(/^Active/), "Acknowledge"));
    expect(source.sent).toEqual([{ method: "POST", path: `alerts/${alert.key}/acknowledge`, body: { note: null } }]);
    expect(within(card(/^Active/, "b")).queryByRole("button", { name: "Acknowledge", hidden: true })).toBeNull();
  });

  it("say what the service refuses, also when the alert is resolved while the dialog is open", async () => {
    const { source } = show(withAlerts({ active: [alert], resolved: [] }));
    const dialog = open(card(/^Active/), "Resolve");
    source.show({ snapshot: withAlerts({ active: [], resolved: [{ ...alert, state: "Resolved" }] }) });
    source.failWith = new ApiError(409, "This alert is already resolved.");
    submit(dialog);
    expect((await within(dialog).findByRole("alert", { hidden: true })).textContent).toBe(
      "This alert is already resolved.",
    );
    fireEvent(dialog, new Event("close"));
    await screen.findByText("No alert is active.");
  });

  it("silence by rule and instance, as long as chosen, with a reason", async () => {
    const one = { ...alert, rule: "redis-operation-latency", instance: "MULTI" };
    const { source } = show(withAlerts({ active: [one] }));
    const dialog = open(card(/^Active/), "Silence");
    const box = within(dialog);
    fireEvent.change(box.getByLabelText("For"), { target: { value: String(4 * 3_600_000) } });
    fireEvent.input(box.getByLabelText("Value of instance"), { target: { value: "MULT.*" } });
    fireEvent.input(box.getByLabelText("Reason"), { target: { value: "Known." } });
    submit(dialog);
    expect(source.sent).toEqual([
      {
        method: "POST",
        path: "silences",
        body: {
          matchers: [
            { label: "alertname", value: "redis-operation-latency", isRegex: false, isEqual: true },
            { label: "instance", value: "MULT.*", isRegex: false, isEqual: true },
          ],
          durationMs: 4 * 3_600_000,
          reason: "Known.",
        },
      },
    ]);
    expect(matchersOf({ rule: "cpu-usage", instance: null })).toHaveLength(1);
  });

  it("end a silence; one that has ended cannot be", () => {
    const silence = {
      id: "s/1",
      state: "Active" as const,
      matchers: [{ label: "alertname", value: "cpu-usage", isRegex: false, isEqual: true }],
      startsAt: snapshot.at,
      endsAt: snapshot.at,
      author: "Ann",
      reason: "Known.",
      createdAt: snapshot.at,
    };
    const { source, container } = show(withAlerts({ silences: [{ ...silence, id: "2", state: "Ended" }, silence] }));
    expect(container.querySelectorAll("[data-silence]")).toHaveLength(2);
    expect(container.querySelector('[data-silence="2"] button')).toBeNull();
    submit(open(container.querySelector<HTMLElement>('[data-silence="s/1"]')!, "End"));
    expect(source.sent).toEqual([{ method: "DELETE", path: "silences/s%2F1", body: undefined }]);
  });
});
