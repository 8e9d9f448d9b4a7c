import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** A part of a page, with a heading that a screen reader can jump to. */
export function Panel(props: {
  title: string;
  /** A sentence under the title: what this shows, or what it says. */
  note?: ComponentChildren;
  /** Buttons and filters, at the right of the title. */
  actions?: ComponentChildren;
  wide?: boolean;
  /** Long tables in it scroll in themselves. */
  tall?: boolean;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`panel${props.wide ? " wide" : ""}${props.tall ? " tall" : ""}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{props.title}</h2>
        {props.actions && <div class="actions">{props.actions}</div>}
      </header>
      {props.note && <p class="note">{props.note}</p>}
      {props.children}
    </section>
  );
}

/** Nothing to show yet: says why, and what to do next. */
export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{props.title}</p>
      {props.children && <p class="hint">{props.children}</p>}
    </div>
  );
}

/** One number with its name; `tone` says how it fares, in a word that is also read aloud. */
export function Figure(props: {
  label: string;
  value: string;
  detail?: ComponentChildren;
  tone?: "good" | "warning" | "critical";
}) {
  return (
    <div class={`figure ${props.tone ?? ""}`}>
      <dt>{props.label}</dt>
      <dd>
        <span class="number">{props.value}</span>
        {props.tone && props.tone !== "good" && <span class="hidden"> ({props.tone})</span>}
        {props.detail && <small>{props.detail}</small>}
      </dd>
    </div>
  );
}

/** Figures beside each other. */
export function Figures(props: { children: ComponentChildren }) {
  return <dl class="figures">{props.children}</dl>;
}
