/** What stands where nothing is known. */
export const none = "–";

const decimals = (value: number, digits: number) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Three significant figures, always with the same number of them: what changes must not jump. */
function significant(value: number): string {
  const size = Math.abs(value);
  return decimals(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** A duration of so many milliseconds: `0.42 ms`, `12.0 ms`, `1.52 s`, `3.0 min`. */
export function duration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) return none;
  const size = Math.abs(ms);
  if (size < 1000) return `${significant(ms)} ms`;
  if (size < 60_000) return `${significant(ms / 1000)} s`;
  if (size < 3_600_000) return `${decimals(ms / 60_000, 1)} min`;
  return size < 86_400_000 ? `${decimals(ms / 3_600_000, 1)} h` : `${decimals(ms / 86_400_000, 1)} d`;
}

/** A length of time that is set, not measured: `30 s`, `5 min`, `1 h`, `2.5 d`. */
export function span(ms: number): string {
  return duration(ms).replace(/\.0+ /, " ");
}

/** A whole number, in thousands where it gets long: `12`, `9,310`, `48.1 k`, `3.20 M`. */
export function count(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return none;
  const size = Math.abs(value);
  if (size < 10_000) return decimals(value, Number.isInteger(value) ? 0 : 1);
  if (size < 1e6) return `${significant(value / 1e3)} k`;
  return size < 1e9 ? `${significant(value / 1e6)} M` : `${significant(value / 1e9)} G`;
}

/** A share from 0 to 100. */
export function percent(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return none;
  // Little is not nothing.
  return value > 0 && value < 0.05
    ? "< 0.1 %"
    : `${decimals(value, Math.abs(value) >= 99.95 && value !== 100 ? 2 : 1)} %`;
}

/** So many a second. */
export function rate(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return none;
  return value >= 10_000 ? `${count(value)}/s` : `${decimals(value, value >= 100 ? 0 : 1)}/s`;
}

/** A number of bytes, in steps of 1,024. */
export function bytes(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return none;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? decimals(size, 0) : significant(size)} ${units[unit]}`;
}

/** A value in the unit that the history names. */
export function inUnit(value: number | null | undefined, unit: string): string {
  if (unit === "ms") return duration(value);
  if (unit === "%") return percent(value);
  return unit === "/s" ? rate(value) : count(value);
}

/** How long ago something was: `12 s ago`, `4 min ago`, `2.5 h ago`. */
export function ago(at: string | Date, now: number): string {
  const ms = Math.max(0, now - new Date(at).getTime());
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s ago`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  return ms < 86_400_000 ? `${decimals(ms / 3_600_000, 1)} h ago` : `${decimals(ms / 86_400_000, 1)} d ago`;
}

/** The time of day, to the second. */
export function clock(at: string | Date): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** `RedisTimeout` is `Redis timeout`. */
export function words(name: string): string {
  const spaced = name.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, next: string) => `${before} ${next.toLowerCase()}`,
  );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
