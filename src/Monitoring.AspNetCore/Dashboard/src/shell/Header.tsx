import { Badge } from "../components/Badge";
import { clock } from "../components/format";
import type { FeedState, Source } from "../data/source";
import type { TimeWindow } from "../data/types";
import { FeedBadge } from "./FeedBadge";
import { themes, useTheme, type Theme } from "./theme";

export const windows: readonly { value: TimeWindow; title: string }[] = [
  { value: "1m", title: "1 minute" },
  { value: "5m", title: "5 minutes" },
  { value: "15m", title: "15 minutes" },
  { value: "1h", title: "1 hour" },
];

/** What stands above every page: how it goes, whether that is of now, and who looks. */
export function Header(props: {
  source: Source | null;
  state: FeedState | null;
  window: TimeWindow;
  onWindow: (window: TimeWindow) => void;
  /** Goes past header and navigation, to the heading of the page. */
  onSkip: () => void;
  /** How to leave; missing where somebody did not come by a key. */
  onLogOut?: (() => void) | undefined;
  onLogIn?: (() => void) | undefined;
}) {
  const { source, state } = props;
  const snapshot = state?.snapshot;
  return (
    <header class="top">
      <a
        class="skip"
        href={location.hash || "#/"}
        onClick={(event) => {
          event.preventDefault();
          props.onSkip();
        }}
      >
        Skip to content
      </a>
      <strong class="brand">Monitoring</strong>
      <div class="state">
        <span data-testid="status">
          {snapshot ? <Badge state={snapshot.status} /> : <Badge state="Unknown" tone="neutral" text="…" />}
        </span>
        <p class="reason">
          <bdi>{snapshot?.reason}</bdi>
        </p>
      </div>
      <div class="tools">
        {source?.isReport ? <ReportLabel source={source} /> : <FeedBadge state={state} />}
        {!source?.isReport && (
          <label>
            <span class="hidden">Time window</span>
            <select value={props.window} onChange={(event) => props.onWindow(event.currentTarget.value as TimeWindow)}>
              {windows.map(({ value, title }) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        )}
        <ThemeChoice />
        {source && !source.isReport && (
          <span class="session">
            <bdi>{source.session.name}</bdi> <small>{source.session.role === "Admin" ? "admin" : "reader"}</small>
          </span>
        )}
        {props.onLogOut && (
          <button type="button" onClick={props.onLogOut}>
            Log out
          </button>
        )}
        {props.onLogIn && (
          <button type="button" onClick={props.onLogIn}>
            Log in with a key
          </button>
        )}
      </div>
    </header>
  );
}

function ReportLabel(props: { source: Source }) {
  const at = props.source.generatedAt;
  return (
    <span class="feed">
      <span data-testid="feed">
        Report{at && ` of ${new Date(at).toLocaleDateString("en-GB", { dateStyle: "long" })}, ${clock(at)}`}
      </span>
    </span>
  );
}

export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <label>
      <span class="hidden">Theme</span>
      <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
        {themes.map((choice) => (
          <option key={choice} value={choice}>
            {choice === "system" ? "System theme" : choice === "light" ? "Light" : "Dark"}
          </option>
        ))}
      </select>
    </label>
  );
}
