import type { ComponentChildren } from "preact";

/** Figures of one thing, name and value in rows. What is not known says why instead of a figure that would be wrong. */
export function Facts(props: { children: ComponentChildren }) {
  return <dl class="known">{props.children}</dl>;
}

export function Fact(props: {
  label: string;
  /** The figure; null where it is not known here. */
  value: string | null;
  /** Why it is not known. */
  why?: string;
  detail?: ComponentChildren;
}) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        {props.value === null ? (
          <span class="unknown">not known here{props.why && <small>: {props.why}</small>}</span>
        ) : (
          <>
            <b class="number">{props.value}</b>
            {props.detail && <small> {props.detail}</small>}
          </>
        )}
      </dd>
    </div>
  );
}
