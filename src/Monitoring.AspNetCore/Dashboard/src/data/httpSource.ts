import type { HistoryQuery, Feed, Source } from "./source";
import { ApiError } from "./source";
import type { HistorySummary, LivePage, LiveSnapshot, Session, TimeWindow } from "./types";

/** Reads from a running service. */
export class HttpSource implements Source {
  readonly isReport = false;

  private constructor(
    private readonly base: string,
    private readonly key: string | null,
    readonly session: Session,
  ) {}

  /** Asks who we are; throws an `ApiError` with status 401 when a key is needed. */
  static async open(base: string, key: string | null): Promise<HttpSource> {
    const session = await request<Session>(base, key, "GET", "session");
    return new HttpSource(base, key, session);
  }

  subscribe(page: LivePage, window: TimeWindow, changed: (feed: Feed) => void): () => void {
    let stopped = false;
    const turn = async () => {
      try {
        const snapshot = await this.get<LiveSnapshot>(`live?page=${page}&window=${window}`);
        if (!stopped) changed({ snapshot, staleSince: null });
      } finally {
        if (!stopped) setTimeout(() => void turn(), 1000);
      }
    };
    void turn();
    return () => {
      stopped = true;
    };
  }

  history(query: HistoryQuery): Promise<HistorySummary> {
    const parameters = new URLSearchParams(query.metrics.map((metric) => ["metric", metric]));
    if (query.window) parameters.set("window", query.window);
    if (query.from) parameters.set("from", query.from.toISOString());
    if (query.to) parameters.set("to", query.to.toISOString());
    if (query.points) parameters.set("points", String(query.points));
    return this.get(`history?${parameters}`);
  }

  get<T>(path: string): Promise<T> {
    return request<T>(this.base, this.key, "GET", path);
  }

  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
    return request<T>(this.base, this.key, method, path, body);
  }
}

async function request<T>(base: string, key: string | null, method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (key) headers["X-Api-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(base + path, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    cache: "no-store",
  });
  if (!response.ok) throw new ApiError(response.status, await problem(response));
  return (await response.json()) as T;
}

// RFC 9457, with the fields that are wrong where the API names them.
async function problem(response: Response): Promise<string> {
  try {
    const { title, detail, errors } = (await response.json()) as {
      title?: string;
      detail?: string;
      errors?: Record<string, string[]>;
    };
    const fields = Object.values(errors ?? {}).flat();
    return fields.length > 0 ? fields.join(" ") : (detail ?? title ?? `The service answered ${response.status}.`);
  } catch {
    return `The service answered ${response.status}.`;
  }
}
