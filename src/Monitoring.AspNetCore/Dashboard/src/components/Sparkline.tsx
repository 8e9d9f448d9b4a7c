/** A series as a line as high as the text around it. What it shows stands beside it in figures. */
export function Sparkline(props: { values: readonly (number | null)[]; label: string }) {
  const width = 100;
  const height = 20;
  const known = props.values.filter((value): value is number => value !== null);
  if (known.length < 2) return <span class="sparkline none">–</span>;
  const top = Math.max(...known) || 1;
  const step = width / Math.max(1, props.values.length - 1);
  let path = "";
  let drawing = false;
  props.values.forEach((value, place) => {
    if (value === null) {
      drawing = false;
      return;
    }
    path += `${drawing ? "L" : "M"}${(place * step).toFixed(1)} ${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`;
    drawing = true;
  });
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <path d={path} />
    </svg>
  );
}
