import { cleanup, configure } from "@testing-library/preact";
import { afterEach } from "vitest";

// A busy machine stutters for seconds.
configure({ asyncUtilTimeout: 10_000 });

// What ticks on a page that stays would tick on after the document is gone.
afterEach(cleanup);
