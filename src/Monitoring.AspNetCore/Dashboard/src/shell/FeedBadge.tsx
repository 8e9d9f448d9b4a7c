import { useNow } from "../components/Time";
import { clock } from "../components/format";
import type { FeedState } from "../data/source";

/** Whether what is shown is of now. */
export function FeedBadge(props: { state: FeedState | null }) {
  const { state } = props;
  const stale = state?.staleSince ?? null;
  const text = stale ? `Stale since ${clock(stale)}` : state?.snapshot ? "Live" : "Connecting…";
  const tone = stale ? "stale" : state?.snapshot ? "live" : "connecting";
  return (
    <span class={`feed ${tone}`}>
      <span data-testid="feed" role="status" class="number">
        {text}
      </span>
      {!stale && state?.via === "polling" && <small> by polling</small>}
    </span>
  );
}

/** Says that what is shown is old, and what is done about it. */
export function StaleBanner(props: { state: FeedState }) {
  const { staleSince, snapshot } = props.state;
  if (!staleSince) return null;
  return (
    <div class="banner stale">
      <p>
        <strong>
          {snapshot ? `Nothing new since ${clock(staleSince)}.` : `No answer since ${clock(staleSince)}.`}
        </strong>{" "}
        {snapshot && "What is shown is from then. "}
        <Retry state={props.state} />
      </p>
    </div>
  );
}

function Retry(props: { state: FeedState }) {
  const now = useNow();
  const { failures, retryAt, via } = props.state;
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000);
  const tried = failures > 0 ? ` ${failures} ${failures === 1 ? "try has" : "tries have"} failed.` : "";
  if (via === "polling") return <>It is asked every 2 s, and by WebSocket every 30 s.{tried}</>;
  return (
    <>
      {seconds > 0 ? (
        <span class="number">Connecting again in {seconds} s.</span>
      ) : via === "socket" ? (
        "Waiting for an answer…"
      ) : (
        "Connecting…"
      )}
      {tried}
    </>
  );
}
