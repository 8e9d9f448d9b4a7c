import type { Feed } from "./source";
import type { LivePage, LiveSnapshot, TimeWindow } from "./types";

/** What is asked for: one snapshot of a page. */
export interface Turn {
  readonly page: LivePage;
  readonly window: TimeWindow;
}

/** A snapshot, and when it came by the clock of this machine. */
export interface Received {
  readonly snapshot: LiveSnapshot;
  readonly at: number;
}

export const windowMs: Record<TimeWindow, number> = { "1m": 60_000, "5m": 300_000, "15m": 900_000, "1h": 3_600_000 };

/** Whether a snapshot answers a turn: the answer for a page that was left may come late. */
export function answers(snapshot: LiveSnapshot, turn: Turn): boolean {
  return snapshot.page === turn.page && snapshot.windowMs === windowMs[turn.window];
}

// The header wants to know how it goes also where a page shows nothing that moves.
const fallback: Turn = { page: "Overview", window: "5m" };

/** Who waits for which page; pages that are shown together take turns. */
export class Turns {
  private readonly waiting = new Set<{ turn: Turn; changed: (feed: Feed) => void }>();
  private readonly last = new Map<LivePage, Received>();
  private place = 0;

  /** Returns how to stop waiting. */
  add(turn: Turn, changed: (feed: Feed) => void, staleAfter: number): () => void {
    const waiter = { turn, changed };
    this.waiting.add(waiter);
    const known = this.last.get(turn.page);
    if (known && answers(known.snapshot, turn)) {
      const isOld = Date.now() - known.at > staleAfter;
      changed({ snapshot: known.snapshot, staleSince: isOld ? new Date(known.at) : null });
    }
    return () => void this.waiting.delete(waiter);
  }

  /** How many different ones are waited for. */
  get count(): number {
    return this.different().length;
  }

  next(): Turn {
    const turns = this.different();
    this.place = (this.place + 1) % Math.max(1, turns.length);
    return turns[this.place] ?? fallback;
  }

  private different(): readonly Turn[] {
    const turns = [...this.waiting].map((waiter) => waiter.turn);
    return turns.filter((turn, place) => turns.findIndex((other) => same(other, turn)) === place);
  }

  /** Gives a snapshot to those who wait for it; nobody sees one of a page that was left. */
  deliver(received: Received): void {
    this.last.set(received.snapshot.page, received);
    for (const { turn, changed } of [...this.waiting]) {
      if (answers(received.snapshot, turn)) changed({ snapshot: received.snapshot, staleSince: null });
    }
  }

  /** Says that nothing new comes: what was there last goes on being shown. */
  stale(since: Date): void {
    for (const { turn, changed } of [...this.waiting]) {
      const known = this.last.get(turn.page);
      changed({ snapshot: known && answers(known.snapshot, turn) ? known.snapshot : null, staleSince: since });
    }
  }
}

function same(a: Turn, b: Turn): boolean {
  return a.page === b.page && a.window === b.window;
}
