import { LiveFeed } from "./liveFeed";
import { openSocket } from "./liveSocket";
import type { Feed, FeedState, HistoryQuery, Source } from "./source";
import { ApiError } from "./source";
import type { HistorySummary, LivePage, LiveSnapshot, Session, TimeWindow } from "./types";

/** Reads from a running service. */
export class HttpSource implements Source {
  readonly isReport = false;
  private readonly feed: LiveFeed;

  private constructor(
    private readonly base: string,
    private readonly key: string | null,
    readonly session: Session,
    private readonly refused: () => void,
  ) {
    this.feed = new LiveFeed({
      openSocket: () => openSocket(base, key),
      poll: (turn) => this.get<LiveSnapshot>(`live?page=${turn.page}&window=${turn.window}`),
    });
  }

  /**
   * Asks who we are; throws an `ApiError` with status 401 when a key is needed. `refused` is called when the service does not
   * know us any more, such as after a restart with other keys.
   */
  static async open(base: string, key: string | null, refused: () => void): Promise<HttpSource> {
    const session = await request<Session>(base, key, "GET", "session");
    return new HttpSource(base, key, session, refused);
  }

  /** Whether somebody logged in with a key, and so can log out. */
  get hasKey(): boolean {
    return this.key !== null;
  }

  subscribe(page: LivePage, window: TimeWindow, changed: (feed: Feed) => void): () => void {
    return this.feed.subscribe({ page, window }, changed);
  }

  watch(changed: (state: FeedState) => void): () => void {
    return this.feed.watch(changed);
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
    return this.ask<T>("GET", path);
  }

  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
    return this.ask<T>(method, path, body);
  }

  close(): void {
    this.feed.close();
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    try {
      return await request<T>(this.base, this.key, method, path, body);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.refused();
      throw error;
    }
  }
}

const readTimeout = 15_000;
const changeTimeout = 60_000;

async function request<T>(base: string, key: string | null, method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (key) headers["X-Api-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(base + path, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    cache: "no-store",
    signal: AbortSignal.timeout(method === "GET" ? readTimeout : changeTimeout),
  }).catch((error: Error) => {
    throw new ApiError(
      0,
      error.name === "TimeoutError" ? "The service did not answer in time." : "The service cannot be reached.",
    );
  });
  if (!response.ok) throw new ApiError(response.status, await problem(response), retryAfter(response));
  // A host that wants its own login answers with the page for it.
  if (!response.headers.get("Content-Type")?.includes("json")) throw new ApiError(response.status, notJson);
  return (await response.json()) as T;
}

const notJson = "The answer is not from the monitoring API. You may have to log in to the application first.";

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
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
