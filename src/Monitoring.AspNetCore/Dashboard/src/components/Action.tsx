import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useIsAdmin } from "../data/context";

/**
 * A button that changes something, for administrators only: it asks first, takes a note where one can be given, says what
 * went wrong where something did, and does nothing twice.
 */
export function Action(props: {
  /** On the button, such as `Resolve`. */
  label: string;
  /** What will happen, in a sentence. */
  question: ComponentChildren;
  /** Whether a note can be given. */
  note?: boolean;
  /** Fields of its own between question and note. */
  children?: ComponentChildren;
  danger?: boolean;
  /** Told when the dialog opens and closes. */
  onToggle?: (isOpen: boolean) => void;
  run: (note: string | null) => Promise<unknown>;
}) {
  const isAdmin = useIsAdmin();
  const dialog = useRef<HTMLDialogElement>(null);
  const [note, setNote] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [isOpen, setOpen] = useState(false);
  // Its fields are there only while it is open, and then before it takes the focus.
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  const id = useId();
  if (!isAdmin) return null;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await props.run(note.trim() || null);
      setNote("");
      dialog.current?.close();
    } catch (failure) {
      setError((failure as Error).message);
    } finally {
      setBusy(false);
    }
  };

  const open = () => {
    props.onToggle?.(true);
    setOpen(true);
  };
  const closed = () => {
    setError(null);
    setOpen(false);
    props.onToggle?.(false);
  };

  return (
    <>
      <button type="button" class={props.danger ? "danger" : ""} onClick={open}>
        {props.label}
      </button>
      <dialog ref={dialog} aria-labelledby={`${id}-title`} onClose={closed}>
        {isOpen && (
          <form method="dialog" onSubmit={submit}>
            <h2 id={`${id}-title`}>{props.label}</h2>
            <p>{props.question}</p>
            {props.children}
            {props.note && (
              <label>
                Note
                <textarea
                  maxLength={1000}
                  rows={3}
                  value={note}
                  onInput={(event) => setNote(event.currentTarget.value)}
                />
              </label>
            )}
            {error && (
              <p class="error" role="alert">
                {error}
              </p>
            )}
            <footer>
              <button type="button" onClick={() => dialog.current?.close()}>
                Cancel
              </button>
              <button type="submit" class={props.danger ? "danger primary" : "primary"} disabled={busy}>
                {props.label}
              </button>
            </footer>
          </form>
        )}
      </dialog>
    </>
  );
}
