import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveFeed, type Socket } from "../src/data/liveFeed";
import { ApiError, type Feed, type FeedState } from "../src/data/source";
import type { LivePage, LiveSnapshot } from "../src/data/types";
import { snapshotOf } from "./fakes";

/** A socket whose other end is the test. */
class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: string[] = [];
  isClosed = false;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.isClosed = true;
  }
  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event("open"));
  }
  say(snapshot: unknown): void {
    const data = typeof snapshot === "string" ? snapshot : JSON.stringify(snapshot);
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent("message", { data }));
  }
  drop(): void {
    this.onclose?.call(this as unknown as WebSocket, new Event("close") as CloseEvent);
  }
}

let sockets: FakeSocket[];
let polls: { turn: { page: LivePage }; answer: (snapshot: LiveSnapshot) => void; fail: (error: Error) => void }[];
let feed: LiveFeed;
let isHidden = false;
const last = () => sockets.at(-1)!;
const redis = { page: "Redis", window: "5m" } as const;
const queue = { page: "Queue", window: "5m" } as const;

function hide(hidden: boolean): void {
  isHidden = hidden;
  document.dispatchEvent(new Event("visibilitychange"));
}

/** Subscribes, and keeps what comes. */
function listen(turn: { page: LivePage; window: "1m" | "5m" } = redis): { came: Feed[]; stop: () => void } {
  const came: Feed[] = [];
  return { came, stop: feed.subscribe(turn, (changed) => came.push(changed)) };
}

/** Waits for the next try to connect. */
function nextSocket(): void {
  const before = sockets.length;
  while (sockets.length === before) vi.advanceTimersByTime(100);
}

function watched(): () => FeedState {
  let state!: FeedState;
  feed.watch((changed) => (state = changed));
  return () => state;
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-22T12:00:00Z") });
  isHidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => isHidden);
  sockets = [];
  polls = [];
  feed = new LiveFeed(
    {
      openSocket: () => {
        sockets.push(new FakeSocket());
        return last();
      },
      poll: (turn) => new Promise((answer, fail) => polls.push({ turn, answer, fail })),
    },
    () => 0.5,
  );
});
afterEach(() => {
  feed.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("Turns", () => {
  it("asks for the page, and for the next snapshot only when one has come", () => {
    const { came } = listen();
    expect(last().sent).toEqual([]);
    last().open();
    expect(last().sent).toEqual(['{"page":"Redis","window":"5m"}']);
    vi.advanceTimersByTime(2500);
    expect(last().sent).toHaveLength(1);
    last().say(snapshotOf("Redis"));
    expect(last().sent).toHaveLength(2);
    expect(came.at(-1)!.snapshot!.page).toBe("Redis");
  });

  it("asks at once for a page that is opened, and drops the late answer for the one that was left", () => {
    const left = listen(redis);
    last().open();
    left.stop();
    const opened = listen(queue);
    expect(last().sent.at(-1)).toBe('{"page":"Queue","window":"5m"}');
    last().say(snapshotOf("Redis"));
    expect(left.came).toEqual([]);
    expect(opened.came).toEqual([]);
    expect(last().sent, "the answer for the queue is still to come").toHaveLength(2);
    last().say(snapshotOf("Queue"));
    expect(opened.came).toHaveLength(1);
    expect(last().sent).toHaveLength(3);
  });

  it("drops a late answer for another window", () => {
    listen({ page: "Redis", window: "5m" }).stop();
    const minute = listen({ page: "Redis", window: "1m" });
    last().open();
    last().say(snapshotOf("Redis"));
    expect(minute.came).toEqual([]);
    last().say(snapshotOf("Redis", { windowMs: 60_000 }));
    expect(minute.came).toHaveLength(1);
  });

  it("lets two pages that are shown together take turns", () => {
    listen(redis);
    listen(queue);
    last().open();
    const first = JSON.parse(last().sent.at(-1)!) as { page: LivePage };
    last().say(snapshotOf(first.page));
    expect(last().sent, "not faster than a single page").toHaveLength(1);
    vi.advanceTimersByTime(500);
    const second = JSON.parse(last().sent.at(-1)!) as { page: LivePage };
    expect([first.page, second.page].sort()).toEqual(["Queue", "Redis"]);
  });

  it("shows the last snapshot of a page at once when it is opened again", () => {
    const before = listen();
    last().open();
    last().say(snapshotOf("Redis"));
    before.stop();
    expect(listen().came[0]!.snapshot!.page).toBe("Redis");
  });
});

describe("A hidden page", () => {
  it("does not ask, takes nothing, and asks at once when it is seen again", () => {
    const { came } = listen();
    last().open();
    hide(true);
    last().say(snapshotOf("Redis"));
    vi.advanceTimersByTime(600_000);
    expect(came).toEqual([]);
    expect(last().sent).toHaveLength(1);
    hide(false);
    expect(last().sent).toHaveLength(2);
    last().say(snapshotOf("Redis"));
    expect(came).toHaveLength(1);
  });

  it("is not stale because it was hidden", () => {
    listen();
    const state = watched();
    last().open();
    last().say(snapshotOf("Redis"));
    hide(true);
    vi.advanceTimersByTime(600_000);
    hide(false);
    vi.advanceTimersByTime(2900);
    expect(state().staleSince).toBeNull();
    vi.advanceTimersByTime(200);
    expect(state().staleSince).toEqual(new Date("2026-11-22T12:00:00Z"));
  });

  it("connects again only when it is seen", () => {
    listen();
    last().open();
    last().say(snapshotOf("Redis"));
    hide(true);
    last().drop();
    vi.advanceTimersByTime(600_000);
    expect(sockets).toHaveLength(1);
    hide(false);
    expect(sockets).toHaveLength(2);
  });
});

describe("Stale", () => {
  it("since the last snapshot, when none came for 3 s; what was there stays, until the next", () => {
    const { came } = listen();
    const state = watched();
    last().open();
    vi.advanceTimersByTime(1000);
    last().say(snapshotOf("Redis"));
    vi.advanceTimersByTime(2999);
    expect(state().staleSince).toBeNull();
    vi.advanceTimersByTime(1);
    expect(state().staleSince).toEqual(new Date("2026-11-22T12:00:01Z"));
    expect(came.at(-1)!.snapshot!.page).toBe("Redis");
    expect(came.at(-1)!.staleSince).not.toBeNull();
    last().say(snapshotOf("Redis"));
    expect(state().staleSince).toBeNull();
    expect(came.at(-1)!.staleSince).toBeNull();
  });

  it("gives up a connection that does not answer for 10 s", () => {
    listen();
    last().open();
    vi.advanceTimersByTime(10_000);
    expect(sockets[0]!.isClosed).toBe(true);
    vi.advanceTimersByTime(1500);
    expect(sockets).toHaveLength(2);
  });
});

describe("Back-off", () => {
  it("grows from half a second, ends at 15 s, and begins anew after a good snapshot", () => {
    const waits: number[] = [];
    const state = watched();
    listen();
    for (let round = 0; round < 2; round++) {
      last().drop();
      waits.push(state().retryAt! - Date.now());
      vi.advanceTimersByTime(waits.at(-1)!);
    }
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(waits[1]).toBeGreaterThan(waits[0]!);
    last().open();
    last().say(snapshotOf("Redis"));
    expect(state().failures).toBe(0);
    last().drop();
    expect(state().retryAt! - Date.now()).toBe(waits[0]);
  });

  it("counts a connection that breaks before its first snapshot, and one that says nonsense", () => {
    const state = watched();
    listen();
    last().open();
    last().drop();
    expect(state().failures).toBe(1);
    nextSocket();
    last().open();
    last().say("<html>");
    expect(state().failures).toBe(2);
    expect(last().isClosed).toBe(true);
  });
});

describe("Polling", () => {
  const fallBack = () => {
    last().drop();
    nextSocket();
    last().drop();
    nextSocket();
    last().drop();
  };

  it("begins when the socket could not be opened three times in a row, every 2 s", async () => {
    const { came } = listen();
    const state = watched();
    last().drop();
    nextSocket();
    last().drop();
    nextSocket();
    expect(polls).toHaveLength(0);
    last().drop();
    expect(polls).toHaveLength(1);
    expect(state().via).toBe("polling");
    polls[0]!.answer(snapshotOf("Redis"));
    await vi.advanceTimersByTimeAsync(1900);
    expect(came.at(-1)!.snapshot!.page).toBe("Redis");
    expect(polls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(polls).toHaveLength(2);
  });

  it("tries the socket again after 30 s, and ends when that gives a snapshot", async () => {
    listen();
    const state = watched();
    fallBack();
    const tried = sockets.length;
    await vi.advanceTimersByTimeAsync(29_900);
    expect(sockets).toHaveLength(tried);
    await vi.advanceTimersByTimeAsync(200);
    expect(sockets).toHaveLength(tried + 1);
    last().open();
    last().say(snapshotOf("Redis"));
    expect(state().via).toBe("socket");
    const asked = polls.length;
    await vi.advanceTimersByTimeAsync(2500);
    expect(polls).toHaveLength(asked);
  });

  it("tries the socket at once when a service that was away answers again", async () => {
    listen();
    fallBack();
    polls[0]!.fail(new Error("away"));
    await vi.advanceTimersByTimeAsync(2000);
    const tried = sockets.length;
    polls[1]!.answer(snapshotOf("Redis"));
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(tried + 1);
  });

  it("waits as long as a service that was asked too often says, also when another page is opened", async () => {
    listen();
    fallBack();
    polls[0]!.fail(new ApiError(429, "Too many requests.", 20_000));
    await vi.advanceTimersByTimeAsync(10_000);
    listen(queue);
    await vi.advanceTimersByTimeAsync(9900);
    expect(polls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(polls).toHaveLength(2);
  });

  it("asks at once for a page that is opened, and drops the answer for the one that was left", async () => {
    const left = listen(redis);
    fallBack();
    left.stop();
    left.came.length = 0;
    const opened = listen(queue);
    expect(polls.map((poll) => poll.turn.page)).toEqual(["Redis", "Queue"]);
    polls[0]!.answer(snapshotOf("Redis"));
    polls[1]!.answer(snapshotOf("Queue"));
    await vi.advanceTimersByTimeAsync(0);
    expect(left.came).toEqual([]);
    expect(opened.came.at(-1)!.snapshot!.page).toBe("Queue");
  });

  it("rests while the page is hidden", async () => {
    listen();
    fallBack();
    polls[0]!.answer(snapshotOf("Redis"));
    await vi.advanceTimersByTimeAsync(0);
    hide(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(polls).toHaveLength(1);
    hide(false);
    expect(polls).toHaveLength(2);
  });
});

it("does nothing any more once it is closed", async () => {
  const state = watched();
  listen();
  last().open();
  feed.close();
  const { failures } = state();
  hide(true);
  hide(false);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sockets).toHaveLength(1);
  expect(polls).toHaveLength(0);
  expect(last().isClosed).toBe(true);
  expect(state().failures).toBe(failures);
});
