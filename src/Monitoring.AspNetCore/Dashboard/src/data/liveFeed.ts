import { Backoff } from "./backoff";
import type { Feed, FeedState } from "./source";
import { ApiError } from "./source";
import { answers, Turns, type Received, type Turn } from "./turns";
import type { LiveSnapshot } from "./types";

/** What of a WebSocket is used. */
export type Socket = Pick<WebSocket, "onopen" | "onmessage" | "onclose" | "send" | "close">;

/** How to reach the service. */
export interface Lines {
  openSocket(): Socket;
  poll(turn: Turn): Promise<LiveSnapshot>;
}

const staleAfter = 3000;
const unansweredAfter = 10_000;
const pollEvery = 2000;
const socketAgainEvery = 30_000;
const failuresBeforePolling = 3;
const shareOfTurns = 1000;

/**
 * The newest figures, as long as somebody looks. Each snapshot is asked for, so that a page which does not keep up, or is
 * hidden, is sent none. By a WebSocket; where that cannot be opened, by polling, with another try every 30 s.
 */
export class LiveFeed {
  private readonly turns = new Turns();
  private readonly watchers = new Set<(state: FeedState) => void>();
  private readonly backoff: Backoff;
  private readonly startedAt = Date.now();
  private newest: Received | null = null;
  private isStale = false;
  private isStarted = false;
  private isClosed = false;

  private socket: Socket | null = null;
  private isOpen = false;
  private isGood = false;
  private asked: Turn | null = null;
  private failures = 0;
  private retryAt: number | null = null;

  private isPolling = false;
  private pollFailed = false;
  private pollRound = 0;
  private pollNotBefore = 0;

  private staleTimer: Timer;
  private askTimer: Timer;
  private answerTimer: Timer;
  private retryTimer: Timer;
  private pollTimer: Timer;

  constructor(
    private readonly lines: Lines,
    random: () => number = Math.random,
  ) {
    this.backoff = new Backoff(random);
  }

  subscribe(turn: Turn, changed: (feed: Feed) => void): () => void {
    const stop = this.turns.add(turn, changed, staleAfter);
    this.start();
    this.ask();
    if (this.isPolling) this.poll();
    return stop;
  }

  /** Says how the feed stands, with the newest snapshot of whichever page. */
  watch(changed: (state: FeedState) => void): () => void {
    this.watchers.add(changed);
    changed(this.state());
    this.start();
    return () => void this.watchers.delete(changed);
  }

  close(): void {
    this.isClosed = true;
    document.removeEventListener("visibilitychange", this.seen);
    [this.staleTimer, this.answerTimer, this.retryTimer, this.pollTimer].forEach(clearTimeout);
    this.isPolling = false;
    this.pollRound++;
    this.hangUp();
  }

  private start(): void {
    if (this.isStarted || this.isClosed) return;
    this.isStarted = true;
    document.addEventListener("visibilitychange", this.seen);
    this.expectSnapshot();
    this.connect();
  }

  private readonly seen = (): void => {
    this.expectSnapshot();
    if (document.hidden) {
      this.asked = null;
      clearTimeout(this.askTimer);
      clearTimeout(this.answerTimer);
      clearTimeout(this.retryTimer);
      clearTimeout(this.pollTimer);
      return;
    }
    if (this.isOpen) this.ask();
    else this.connect();
    if (this.isPolling) this.poll();
  };

  private connect(): void {
    if (this.socket || this.isClosed || document.hidden) return;
    clearTimeout(this.retryTimer);
    this.retryAt = null;
    this.isGood = false;
    let socket: Socket;
    try {
      socket = this.lines.openSocket();
    } catch {
      this.lost();
      return;
    }
    this.socket = socket;
    socket.onopen = () => {
      this.isOpen = true;
      this.ask();
    };
    socket.onmessage = (event) => this.received(event.data);
    socket.onclose = () => this.lost();
    this.expectAnswer();
    this.publish();
  }

  private ask(): void {
    clearTimeout(this.askTimer);
    if (!this.isOpen || document.hidden) return;
    this.asked = this.turns.next();
    this.socket!.send(JSON.stringify({ page: this.asked.page, window: this.asked.window }));
    this.expectAnswer();
  }

  private received(data: unknown): void {
    if (document.hidden) return;
    let snapshot: LiveSnapshot;
    try {
      snapshot = JSON.parse(String(data)) as LiveSnapshot;
      if (!snapshot.page || !snapshot.startedAt) throw new Error("This is no snapshot.");
    } catch {
      this.lost();
      return;
    }
    this.isGood = true;
    this.failures = 0;
    this.backoff.reset();
    this.stopPolling();
    this.deliver(snapshot);
    // The answer to an earlier turn: the one that was asked for since is still to come.
    if (this.asked && !answers(snapshot, this.asked)) return;
    this.asked = null;
    // The service makes us wait for the next of the same page; between different ones we wait ourselves.
    const { count } = this.turns;
    if (count <= 1) this.ask();
    else this.askTimer = setTimeout(() => this.ask(), shareOfTurns / count);
  }

  private lost(): void {
    this.hangUp();
    this.failures = this.isGood ? 0 : this.failures + 1;
    this.isGood = false;
    if (this.isClosed || document.hidden) return;
    if (this.failures >= failuresBeforePolling && !this.isPolling) {
      this.isPolling = true;
      this.poll();
    }
    const wait = this.isPolling ? socketAgainEvery : this.backoff.next();
    this.retryAt = Date.now() + wait;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), wait);
    this.publish();
  }

  // A connection that hangs would tell that it is closed only long after: we do not wait for it.
  private hangUp(): void {
    const socket = this.socket;
    this.socket = null;
    this.isOpen = false;
    this.asked = null;
    clearTimeout(this.askTimer);
    clearTimeout(this.answerTimer);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private poll(): void {
    clearTimeout(this.pollTimer);
    const round = ++this.pollRound;
    const wait = this.pollNotBefore - Date.now();
    if (!this.isPolling || document.hidden) return;
    if (wait > 0) {
      this.pollTimer = setTimeout(() => this.poll(), wait);
      return;
    }
    const asked = Date.now();
    const again = (at: number) => {
      this.pollTimer = setTimeout(() => this.poll(), Math.max(0, at - Date.now()));
    };
    this.lines.poll(this.turns.next()).then(
      (snapshot) => {
        // Another page was asked for in the meantime, or the socket is back.
        if (round !== this.pollRound || document.hidden) return;
        again(asked + pollEvery);
        this.deliver(snapshot);
        // A service that was away and is back takes sockets again.
        if (this.pollFailed) this.connect();
        this.pollFailed = false;
      },
      (error: unknown) => {
        if (round !== this.pollRound) return;
        this.pollFailed = true;
        const pause = error instanceof ApiError ? error.retryAfterMs : null;
        if (pause !== null) this.pollNotBefore = Date.now() + pause;
        again(pause === null ? asked + pollEvery : this.pollNotBefore);
      },
    );
  }

  private stopPolling(): void {
    this.isPolling = false;
    this.pollFailed = false;
    this.pollRound++;
    clearTimeout(this.pollTimer);
  }

  private deliver(snapshot: LiveSnapshot): void {
    this.newest = { snapshot, at: Date.now() };
    this.expectSnapshot();
    this.turns.deliver(this.newest);
    this.publish();
  }

  private expectSnapshot(): void {
    clearTimeout(this.staleTimer);
    if (document.hidden) return;
    const wasStale = this.isStale;
    this.isStale = wasStale && (this.newest === null || Date.now() - this.newest.at > staleAfter);
    this.staleTimer = setTimeout(() => {
      this.isStale = true;
      this.turns.stale(this.state().staleSince!);
      this.publish();
    }, staleAfter);
  }

  private expectAnswer(): void {
    clearTimeout(this.answerTimer);
    this.answerTimer = setTimeout(() => this.lost(), unansweredAfter);
  }

  private publish(): void {
    const state = this.state();
    for (const changed of [...this.watchers]) changed(state);
  }

  private state(): FeedState {
    return {
      snapshot: this.newest?.snapshot ?? null,
      staleSince: this.isStale ? new Date(this.newest?.at ?? this.startedAt) : null,
      via: this.isPolling ? "polling" : this.isGood ? "socket" : "connecting",
      failures: this.failures,
      retryAt: this.retryAt,
    };
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;
