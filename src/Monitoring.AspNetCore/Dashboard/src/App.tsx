import { useEffect, useState } from "preact/hooks";
import { ViewContext } from "./data/context";
import { HttpSource } from "./data/httpSource";
import type { Source } from "./data/source";
import type { TimeWindow } from "./data/types";
import { pages } from "./pages";

const keyName = "monitoring.key";

/** The page around the pages. */
export function App(props: { api: string }) {
  const [source, setSource] = useState<Source | null>(null);
  const [window, setWindow] = useState<TimeWindow>("5m");
  const [path, setPath] = useState(location.hash.replace(/^#\/?/, ""));
  useEffect(() => {
    const changed = () => setPath(location.hash.replace(/^#\/?/, ""));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const open = (key: string | null) => HttpSource.open(props.api, key).then(setSource, () => undefined);
  useEffect(() => void open(sessionStorage.getItem(keyName)), []);
  if (!source)
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const key = new FormData(event.currentTarget).get("key") as string;
          sessionStorage.setItem(keyName, key);
          void open(key);
        }}
      >
        <label>
          Key <input name="key" type="password" />
        </label>
        <button>Log in</button>
      </form>
    );
  const page = pages.find((known) => known.path === path) ?? pages[0]!;
  return (
    <ViewContext.Provider value={{ source, window }}>
      <header class="top">
        <strong>Monitoring</strong>
        <select value={window} onChange={(event) => setWindow(event.currentTarget.value as TimeWindow)}>
          {(["1m", "5m", "15m", "1h"] as const).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      </header>
      <nav aria-label="Pages">
        {pages.map((known) => (
          <a key={known.path} href={`#/${known.path}`} aria-current={known === page ? "page" : undefined}>
            {known.title}
          </a>
        ))}
      </nav>
      <main>
        <h1>{page.title}</h1>
        <page.component key={page.path} />
      </main>
    </ViewContext.Provider>
  );
}
