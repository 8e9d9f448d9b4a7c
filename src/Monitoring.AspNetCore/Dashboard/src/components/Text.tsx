const shown = 400;

/**
 * A text from outside, such as the name of a key or the message of an exception: isolated, so that one written from right to
 * left leaves its surroundings alone, and cut where it would fill the page.
 */
export function Text(props: { value: string }) {
  const { value } = props;
  if (value.length <= shown) return <bdi>{value}</bdi>;
  return (
    <>
      <bdi>{value.slice(0, shown)}</bdi>… <small>({value.length.toLocaleString("en")} characters)</small>
    </>
  );
}

/** The beginning of such a text, where only a text can stand, as in a label that is read aloud. */
export function brief(value: string): string {
  return value.length <= 100 ? value : `${value.slice(0, 100)}…`;
}
