import { fireEvent, render } from "@testing-library/preact";
import type { FunctionComponent } from "preact";
import { expect } from "vitest";
import { ViewContext } from "../src/data/context";
import type { Source } from "../src/data/source";
import type { LiveSnapshot } from "../src/data/types";

/** What JSON that was recorded from a running service is. */
export function recorded(json: unknown): LiveSnapshot {
  return structuredClone(json) as LiveSnapshot;
}

/** Draws a page as the shell does, and waits for what it asks the source at once. */
export async function draw(Page: FunctionComponent, source: Source): Promise<HTMLElement> {
  const container = document.body.appendChild(document.createElement("div"));
  render(
    <ViewContext.Provider value={{ source, window: "5m" }}>
      <Page />
    </ViewContext.Provider>,
    { container },
  );
  await settle();
  return container;
}

/** Lets what was promised, and what is drawn because of it, happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((done) => setTimeout(done, 0));
}

/** Opens one row of each table after the other and hands over what is drawn then. */
export async function openRows(container: HTMLElement, seen: () => void): Promise<number> {
  const buttons = [...container.querySelectorAll<HTMLButtonElement>("button.open")];
  for (const button of buttons) {
    fireEvent.click(button);
    await settle();
    seen();
  }
  return buttons.length;
}

/** Nothing in text or attributes that a person should not see. */
export function expectClean(container: HTMLElement): void {
  for (const slip of ["NaN", "undefined", "[object Object]", "Infinity", "Invalid Date"])
    expect(container.innerHTML).not.toContain(slip);
}

/** No more than the text is there, whatever it is. */
export function expectText(container: HTMLElement): void {
  expect(container.querySelector("img, script, iframe, [onerror]")).toBeNull();
  for (const link of container.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^#\//);
}

/** The same with every number 0 and every list empty: what a service answers that has just begun. */
export function emptied<T>(value: T): T {
  if (Array.isArray(value)) return [] as T;
  if (typeof value === "number") return 0 as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, emptied(inner)])) as T;
}

const outside = new Set(
  [
    "endpoint",
    "name",
    "id",
    "traceId",
    "description",
    "lastError",
    "text",
    "reason",
    "kind",
    "userId",
    "tenantId",
  ].concat(["message", "key", "rule", "instance", "format", "method", "fingerprint", "database", "system", "error"]),
);

/** The same with a text of a bad-willed sender wherever a text comes from outside. */
export function hostile<T>(value: T, text: string): T {
  let place = 0;
  const walk = (inner: unknown, key: string): unknown => {
    if (Array.isArray(inner)) return inner.map((one) => walk(one, key));
    if (typeof inner === "string") return outside.has(key) ? `${text}${place++}` : inner;
    if (inner === null) return outside.has(key) ? `${text}${place++}` : null;
    if (typeof inner !== "object") return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, walk(one, name)]));
  };
  return walk(value, "") as T;
}

export const bad = "<img src=x onerror=alert(1)>";
export const rightToLeft = "\u202Eشركة‮";
