import { useEffect, useState } from "preact/hooks";
import { useView } from "../data/context";
import { ago, clock } from "./format";

/** The present, a second at a time; it stands still in a report and while the page is hidden. */
export function useNow(): number {
  const { source } = useView();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (source.isReport) return;
    const timer = setInterval(() => document.hidden || setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [source]);
  return now;
}

/** A moment as the time of day, and how long ago that is. */
export function Time(props: { at: string; relative?: boolean }) {
  const now = useNow();
  const { source } = useView();
  const text = source.isReport || !props.relative ? clock(props.at) : ago(props.at, now);
  return (
    <time dateTime={props.at} title={new Date(props.at).toLocaleString("en-GB")} class="number">
      {text}
    </time>
  );
}

/** Since when something is so: `Since 12:03:01, 4 min ago`. A report says the time only. */
export function Since(props: { at: string }) {
  const { source } = useView();
  return (
    <>
      Since <Time at={props.at} />
      {!source.isReport && (
        <>
          , <Time at={props.at} relative />
        </>
      )}
    </>
  );
}
