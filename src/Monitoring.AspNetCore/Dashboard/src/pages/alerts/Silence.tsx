import { useState } from "preact/hooks";
import { Action } from "../../components/Action";
import { useView } from "../../data/context";
import type { Alert, Schemas } from "../../data/types";

const minute = 60_000;
const durations = [
  [15 * minute, "15 minutes"],
  [60 * minute, "1 hour"],
  [4 * 60 * minute, "4 hours"],
  [24 * 60 * minute, "1 day"],
  [7 * 24 * 60 * minute, "1 week"],
] as const;

/** What a silence made from an alert asks for at first: its rule, and which of many it is about. */
export function matchersOf(alert: Pick<Alert, "rule" | "instance">): readonly Schemas["LabelMatcher"][] {
  const equal = { isRegex: false, isEqual: true };
  const rule = { label: "alertname", value: alert.rule, ...equal };
  return alert.instance === null ? [rule] : [rule, { label: "instance", value: alert.instance, ...equal }];
}

/** Keeps an alert, and those like it, quiet for a while. */
export function SilenceAction(props: { alert: Alert; onToggle: (isOpen: boolean) => void }) {
  const { source } = useView();
  const [matchers, setMatchers] = useState(() => matchersOf(props.alert).map((matcher) => ({ matcher, isUsed: true })));
  const [durationMs, setDuration] = useState<number>(60 * minute);
  const [reason, setReason] = useState("");
  const change = (place: number, part: Partial<(typeof matchers)[number]>) =>
    setMatchers(matchers.map((one, at) => (at === place ? { ...one, ...part } : one)));
  const run = async () => {
    const used = matchers.filter((one) => one.isUsed).map((one) => one.matcher);
    await source.send("POST", "silences", { matchers: used, durationMs, reason: reason.trim() });
    setReason("");
  };
  return (
    <Action
      label="Silence"
      question="Alerts that match all of these labels are kept quiet: they go on being shown here, and nobody is told."
      onToggle={props.onToggle}
      run={run}
    >
      <fieldset class="matchers">
        <legend>Labels</legend>
        {matchers.map(({ matcher, isUsed }, place) => (
          <div key={matcher.label} class="matcher">
            <label>
              <input
                type="checkbox"
                checked={isUsed}
                onChange={(event) => change(place, { isUsed: event.currentTarget.checked })}
              />
              {matcher.label}
            </label>
            <input
              aria-label={`Value of ${matcher.label}`}
              value={matcher.value}
              disabled={!isUsed}
              maxLength={500}
              onInput={(event) => change(place, { matcher: { ...matcher, value: event.currentTarget.value } })}
            />
          </div>
        ))}
      </fieldset>
      <label>
        For
        <select value={durationMs} onChange={(event) => setDuration(Number(event.currentTarget.value))}>
          {durations.map(([ms, text]) => (
            <option key={ms} value={ms}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        Reason
        <textarea
          required
          rows={2}
          maxLength={1000}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
    </Action>
  );
}
