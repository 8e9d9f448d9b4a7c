import { useState } from "preact/hooks";
import { ApiError } from "../data/source";
import { ThemeChoice } from "./Header";

/** Asks for the key of a reader or an administrator. */
export function Login(props: {
  /** Why it is asked for, where that needs a word. */
  note: string | null;
  logIn: (key: string) => Promise<void>;
  onCancel?: (() => void) | undefined;
}) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget as HTMLFormElement).get("key") as string;
    if (busy || !key) return;
    setBusy(true);
    setError(null);
    try {
      await props.logIn(key);
    } catch (failure) {
      setError(explain(failure as Error));
      setBusy(false);
    }
  };
  return (
    <>
      <header class="top">
        <strong class="brand">Monitoring</strong>
        <div class="tools">
          <ThemeChoice />
        </div>
      </header>
      <main class="login">
        <form class="panel" onSubmit={submit}>
          <h1>Log in</h1>
          {props.note && <p role="status">{props.note}</p>}
          <label>
            Key
            <input name="key" type="password" autocomplete="current-password" required autofocus />
          </label>
          <p class="hint">
            The reader or the admin key of the service. It is kept until you close the tab, and sent to this service
            only.
          </p>
          {error && (
            <p class="error" role="alert">
              {error}
            </p>
          )}
          <div class="actions">
            <button class="primary" disabled={busy}>
              Log in
            </button>
            {props.onCancel && (
              <button type="button" onClick={props.onCancel}>
                Cancel
              </button>
            )}
          </div>
        </form>
      </main>
    </>
  );
}

/** What to say about a login that was refused. */
export function explain(failure: Error): string {
  if (!(failure instanceof ApiError)) return "This key cannot be sent: it holds letters that a header may not hold.";
  if (failure.status === 401) return "This key is not valid.";
  if (failure.status !== 429) return failure.message;
  const seconds = Math.ceil((failure.retryAfterMs ?? 60_000) / 1000);
  return `${failure.message.replace(/[;,.].*$/s, "")}. Try again in ${seconds} s.`;
}
