import { useEffect, useState } from "preact/hooks";
import { local, stored } from "./stored";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const name = "monitoring.theme";
const prefersDark = () => matchMedia("(prefers-color-scheme: dark)");

export function storedTheme(): Theme {
  const value = stored.read(local, name);
  return themes.find((theme) => theme === value) ?? "system";
}

/** Sets the colours. What draws by itself (charts) listens to `themechange`. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme === "system" ? (prefersDark().matches ? "dark" : "light") : theme;
  dispatchEvent(new Event("themechange"));
}

/** The chosen theme, and how to choose another. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(storedTheme);
  useEffect(() => {
    applyTheme(theme);
    if (theme !== "system") return;
    const query = prefersDark();
    const changed = () => applyTheme("system");
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, [theme]);
  const choose = (chosen: Theme) => {
    stored.write(local, name, chosen === "system" ? null : chosen);
    setTheme(chosen);
  };
  return [theme, choose];
}
