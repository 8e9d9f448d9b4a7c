import { configure, render } from "@testing-library/preact";
import type { FunctionComponent } from "preact";
import { expect } from "vitest";
import { ViewContext } from "../src/data/context";
import type { TimeWindow } from "../src/data/types";
import type { FakeSource } from "./fakes";

// A busy machine stutters for seconds.
configure({ asyncUtilTimeout: 10_000 });

/** A page as the shell would show it. */
export function show(Page: FunctionComponent, source: FakeSource, window: TimeWindow = "5m") {
  return render(
    <ViewContext.Provider value={{ source, window }}>
      <main>
        <h1>Page</h1>
        <Page />
      </main>
    </ViewContext.Provider>,
  );
}

/** What must never stand on a page: a figure that was not there. */
export function expectNoLeaks(text: string | null) {
  expect(text?.match(/.{0,40}(NaN|undefined|\[object Object\]|Infinity|\bnull\b)/)?.[0]).toBeUndefined();
}

/** Texts that would do harm or damage if they were anything but text. */
export const hostile = {
  tag: "<img src=x onerror=alert(1)>",
  rtl: "\u202Eevil \u05D0\u05D1\u05D2",
  long: "x".repeat(10_240),
};
