import { percent } from "./format";

export interface Share {
  readonly label: string;
  readonly percent: number;
  /** 0 to 6, a colour of the palette; its place by default. */
  readonly color?: number;
}

/** Shares of a whole as one bar, each with its figure below. */
export function Shares(props: { label: string; shares: readonly Share[] }) {
  const shown = props.shares.filter((share) => share.percent > 0);
  const said = shown.map((share) => `${share.label} ${percent(share.percent)}`).join(", ");
  return (
    <div class="shares" role="img" aria-label={`${props.label}: ${said || "nothing"}`}>
      <div class="bar">
        {props.shares.map(
          (share, place) =>
            share.percent > 0 && (
              <span
                key={share.label}
                class={`fill-${(share.color ?? place) % 7}`}
                style={{ width: `${share.percent}%` }}
              />
            ),
        )}
      </div>
      <ul aria-hidden="true">
        {props.shares.map((share, place) => (
          <li key={share.label}>
            <i class={`fill-${(share.color ?? place) % 7}`} /> {share.label}{" "}
            <b class="number">{percent(share.percent)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
