import { useEffect, useState } from "preact/hooks";

/** Where we are: `#/alerts/cpu-usage?filter=x` is page `alerts` and rest `cpu-usage`; what follows `?` is the page's own. */
export interface Route {
  readonly page: string;
  readonly rest: string | null;
}

export function readRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, "").split("?")[0]!;
  const slash = path.indexOf("/");
  return slash < 0
    ? { page: path, rest: null }
    : { page: path.slice(0, slash), rest: decode(path.slice(slash + 1)) || null };
}

/** The address of one alert on the page of alerts. Its key is data: it cannot become more than a part of the fragment. */
export function alertLink(key: string): string {
  return `#/alerts/${encodeURIComponent(key)}`;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return readRoute(hash);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
