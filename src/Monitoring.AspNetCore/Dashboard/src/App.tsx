import { useEffect, useRef, useState } from "preact/hooks";
import { HttpSource } from "./data/httpSource";
import { ApiError } from "./data/source";
import type { ReportSource } from "./data/reportSource";
import { Login } from "./shell/Login";
import { Shell } from "./shell/Shell";
import { session, stored } from "./shell/stored";

const keyName = "monitoring.key";
const again = 3000;

type Stage =
  | { readonly at: "opening"; readonly waiting?: string }
  | { readonly at: "login"; readonly note: string | null; readonly before?: HttpSource }
  | { readonly at: "open"; readonly source: HttpSource };

/** The page of a running service: finds out whether a key is needed, then shows it. */
export function App(props: { api: string }) {
  const [stage, setStage] = useState<Stage>({ at: "opening" });
  const current = useRef<HttpSource | null>(null);

  const leave = (note: string | null) => {
    current.current?.close();
    current.current = null;
    stored.write(session, keyName, null);
    setStage({ at: "login", note });
  };
  const open = async (key: string | null) => {
    const source = await HttpSource.open(props.api, key, () => current.current === source && leave(refused));
    current.current?.close();
    current.current = source;
    if (key !== null) stored.write(session, keyName, key);
    setStage({ at: "open", source });
  };

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const start = (key: string | null) => {
      open(key).catch((error: Error) => {
        if (isGone) return;
        const failure = error instanceof ApiError ? error : null;
        if (failure?.status === 401) {
          leave(key === null ? explainMissingKey(failure) : refused);
          return;
        }
        setStage({ at: "opening", waiting: `${error.message} Trying again…` });
        timer = setTimeout(() => start(key), failure?.retryAfterMs ?? again);
      });
    };
    start(stored.read(session, keyName));
    return () => {
      isGone = true;
      clearTimeout(timer);
      current.current?.close();
    };
  }, []);

  if (stage.at === "login") {
    const { note, before } = stage;
    return <Login note={note} logIn={open} onCancel={before && (() => setStage({ at: "open", source: before }))} />;
  }
  if (stage.at === "opening") return <Shell source={null} waiting={stage.waiting} />;
  const { source } = stage;
  const logIn = () => setStage({ at: "login", note: null, before: source });
  return source.hasKey ? (
    <Shell source={source} onLogOut={() => leave("You are logged out.")} />
  ) : (
    <Shell source={source} onLogIn={source.session.role === "Admin" ? undefined : logIn} />
  );
}

/** A document that holds a report: no service, no login. */
export function Report(props: { source: ReportSource }) {
  return <Shell source={props.source} />;
}

const refused =
  "The service does not accept your key any more: it may have been restarted with other keys. Log in again.";

// Where keys are set the form says it all. Where none is, it says who may look nevertheless.
function explainMissingKey(failure: ApiError): string | null {
  return failure.message.includes("X-Api-Key") ? null : failure.message;
}
