import type { FeedState, HistoryQuery, Source } from "../src/data/source";
import type { HistorySummary, LivePage, LiveSnapshot, Session } from "../src/data/types";

/** A snapshot without figures. */
export function snapshotOf(page: LivePage, more: Partial<LiveSnapshot> = {}): LiveSnapshot {
  return {
    page,
    at: "2026-11-22T12:00:00Z",
    windowMs: 300_000,
    startedAt: "2026-11-22T11:00:00Z",
    status: "Healthy",
    reason: "No alert is active.",
    activeAlerts: { total: 0, warning: 0, critical: 0 },
    values: [],
    overview: null,
    redis: null,
    queue: null,
    webhooks: null,
    requests: null,
    system: null,
    alerts: null,
    ...more,
  };
}

export const noHistory: HistorySummary = {
  startAt: "2026-11-22T11:55:00Z",
  stepMs: 1000,
  count: 0,
  oldestAt: null,
  series: [],
};

/** A source that shows one snapshot, and writes down what it is asked. */
export class FakeSource implements Source {
  readonly isReport: boolean = false;
  readonly session: Session;
  readonly asked: string[] = [];
  readonly sent: { method: string; path: string; body: unknown }[] = [];
  answers: Record<string, unknown> = {};
  failWith: Error | null = null;
  summary: HistorySummary = noHistory;
  private state: FeedState;
  private readonly changed = new Set<() => void>();

  constructor(snapshot: LiveSnapshot | null, role: Session["role"] = "Admin") {
    this.session = { role, name: "Ann" };
    this.state = { snapshot, staleSince: null, via: "socket", failures: 0, retryAt: null };
  }

  show(state: Partial<FeedState>): void {
    this.state = { ...this.state, ...state };
    this.changed.forEach((changed) => changed());
  }

  subscribe(page: LivePage, _: unknown, changed: (feed: FeedState) => void): () => void {
    return this.listen(() => {
      if (!this.state.snapshot || this.state.snapshot.page === page) changed(this.state);
    });
  }

  watch(changed: (state: FeedState) => void): () => void {
    return this.listen(() => changed(this.state));
  }

  history(query: HistoryQuery): Promise<HistorySummary> {
    this.asked.push(`history ${query.metrics.join()}`);
    return Promise.resolve(this.summary);
  }

  get<T>(path: string): Promise<T> {
    this.asked.push(path);
    return path in this.answers
      ? Promise.resolve(this.answers[path] as T)
      : Promise.reject(new Error(`Nothing at ${path}.`));
  }

  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
    this.sent.push({ method, path, body });
    return this.failWith ? Promise.reject(this.failWith) : Promise.resolve({} as T);
  }

  close(): void {}

  private listen(changed: () => void): () => void {
    this.changed.add(changed);
    changed();
    return () => void this.changed.delete(changed);
  }
}

/** A source that holds a report: nothing moves, nothing can be changed. */
export class FakeReport extends FakeSource {
  override readonly isReport = true;
}
