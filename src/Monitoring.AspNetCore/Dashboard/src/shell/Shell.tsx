import { useEffect, useRef, useState } from "preact/hooks";
import { ViewContext } from "../data/context";
import type { FeedState, Source } from "../data/source";
import type { TimeWindow } from "../data/types";
import { pages } from "../pages";
import { Boundary } from "./Boundary";
import { StaleBanner } from "./FeedBadge";
import { Header, windows } from "./Header";
import { Navigation } from "./Navigation";
import { useRoute } from "./route";
import { session, stored } from "./stored";
import { titleOf } from "./title";

const windowName = "monitoring.window";

/** Header, navigation and the page. Without a source yet, the same frame, empty: what comes does not move it. */
export function Shell(props: {
  source: Source | null;
  /** What to say instead of a page while there is no source. */
  waiting?: string | undefined;
  onLogOut?: (() => void) | undefined;
  onLogIn?: (() => void) | undefined;
}) {
  const { source } = props;
  const [window, setWindow] = useState(storedWindow);
  const [state, setState] = useState<FeedState | null>(null);
  const route = useRoute();
  const page = pages.find((known) => known.path === route.page) ?? pages[0]!;
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);

  useEffect(() => source?.watch(setState), [source]);
  useEffect(() => {
    document.title = titleOf(state, page.title);
  }, [state, page]);
  useEffect(() => {
    // Not when the document is opened: then reading begins at its top.
    if (!isFirst.current) {
      heading.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [page]);

  const choose = (chosen: TimeWindow) => {
    stored.write(session, windowName, chosen);
    setWindow(chosen);
  };
  const frame = (
    <>
      <Header
        source={source}
        state={state}
        window={window}
        onWindow={choose}
        onSkip={() => heading.current?.focus()}
        onLogOut={props.onLogOut}
        onLogIn={props.onLogIn}
      />
      <Navigation current={page} alerts={state?.snapshot?.activeAlerts.total ?? 0} />
      <p class="hidden" role="status">
        {state?.snapshot && said(state)}
      </p>
      <main class={state?.staleSince ? "old" : ""}>
        {source && state && <StaleBanner state={state} />}
        <h1 ref={heading} tabIndex={-1}>
          {page.title}
        </h1>
        {source ? (
          <Boundary key={page.path}>
            <page.component />
          </Boundary>
        ) : (
          <p class="hint" role="status">
            {props.waiting ?? "Connecting…"}
          </p>
        )}
      </main>
    </>
  );
  return source ? <ViewContext.Provider value={{ source, window }}>{frame}</ViewContext.Provider> : frame;
}

// For who does not see it: said when it changes, not with every snapshot.
function said(state: FeedState): string {
  const { status, activeAlerts } = state.snapshot!;
  return `Status ${status}, ${activeAlerts.total} active ${activeAlerts.total === 1 ? "alert" : "alerts"}.`;
}

function storedWindow(): TimeWindow {
  const value = stored.read(session, windowName);
  return windows.find((known) => known.value === value)?.value ?? "5m";
}
