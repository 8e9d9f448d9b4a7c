import type { HistorySummary, LivePage, LiveSnapshot, Session, TimeWindow } from "./types";

/** Which series of the history are wanted, and from when to when. */
export interface HistoryQuery {
  /** Names of metrics; all when empty. */
  readonly metrics: readonly string[];
  /** Such as `15m`; or from and to. */
  readonly window?: string;
  readonly from?: Date;
  readonly to?: Date;
  /** How many points at most; 300 by default. */
  readonly points?: number;
}

/** How the feed stands. */
export interface Feed {
  readonly snapshot: LiveSnapshot | null;
  /** Since when nothing new has come, when that is longer than it should be. */
  readonly staleSince: Date | null;
}

/** How the feed stands as a whole, with the newest snapshot of whichever page. */
export interface FeedState extends Feed {
  /** How snapshots come at the moment. */
  readonly via: "connecting" | "socket" | "polling" | "report";
  /** How often the connection could not be made since it last worked. */
  readonly failures: number;
  /** Unix milliseconds of the next try to connect; null while there is a connection, or one is being made. */
  readonly retryAt: number | null;
}

/** Where the page has its data from: a running service, or a report. */
export interface Source {
  /** Nothing moves and nothing can be changed. */
  readonly isReport: boolean;
  /** Of when a report is. */
  readonly generatedAt?: string;
  readonly session: Session;
  /** Calls back with every snapshot of a page, the last one at once, until it is told to stop. */
  subscribe(page: LivePage, window: TimeWindow, changed: (feed: Feed) => void): () => void;
  /** Calls back with how the feed stands, at once and whenever that changes, until it is told to stop. */
  watch(changed: (state: FeedState) => void): () => void;
  history(query: HistoryQuery): Promise<HistorySummary>;
  /** Reads a route of the API, such as `tasks/dead-letters?count=20`. */
  get<T>(path: string): Promise<T>;
  /** Changes something. Throws an `ApiError` whose message says in words what was refused. */
  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T>;
  /** Ends the connection. */
  close(): void;
}

/** What the API refused, and why. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** How long to wait before asking again, where the service says so. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}
