import type { Feed, FeedState, HistoryQuery, Source } from "./source";
import { ApiError } from "./source";
import type { HistorySummary, LivePage, LiveSnapshot, Schemas, Session, TimeWindow } from "./types";

/** What a report holds. */
export interface ReportData {
  readonly generatedAt: string;
  readonly session: Session;
  readonly live: Partial<Record<LivePage, LiveSnapshot>>;
  readonly history: HistorySummary | null;
  readonly latencyMap: Schemas["RedisLatencyMap"] | null;
  readonly changes: Schemas["ChangesResponse"];
  readonly settings: unknown;
}

/** Reads from what was put into the document: nothing moves, nothing can be changed, and no service is asked. */
export class ReportSource implements Source {
  readonly isReport = true;
  readonly session: Session;
  readonly generatedAt: string;

  constructor(private readonly data: ReportData) {
    this.session = data.session;
    this.generatedAt = data.generatedAt;
  }

  /** The report within the document; null when this is the page of a running service. */
  static find(document: Document): ReportSource | null {
    const text = document.querySelector('script[type="application/json"]#report')?.textContent;
    return text ? new ReportSource(JSON.parse(text) as ReportData) : null;
  }

  subscribe(page: LivePage, _: TimeWindow, changed: (feed: Feed) => void): () => void {
    changed({ snapshot: this.data.live[page] ?? null, staleSince: null });
    return () => undefined;
  }

  watch(changed: (state: FeedState) => void): () => void {
    const any = this.data.live.Overview ?? Object.values(this.data.live)[0] ?? null;
    changed({ snapshot: any, staleSince: null, via: "report", failures: 0, retryAt: null });
    return () => undefined;
  }

  history(query: HistoryQuery): Promise<HistorySummary> {
    const history = this.data.history;
    if (!history) return missing();
    const series = history.series.filter((one) => query.metrics.length === 0 || query.metrics.includes(one.metric));
    return Promise.resolve({ ...history, series });
  }

  get<T>(path: string): Promise<T> {
    const held: Record<string, unknown> = {
      "redis-operations/latency-map": this.data.latencyMap,
      changes: this.data.changes,
      config: this.data.settings ? { settings: this.data.settings } : null,
    };
    const answer = held[path.split("?")[0]!];
    return answer ? Promise.resolve(answer as T) : missing();
  }

  send<T>(): Promise<T> {
    return missing();
  }

  close(): void {}
}

function missing(): Promise<never> {
  return Promise.reject(new ApiError(404, "The report does not hold this."));
}
