import { render } from "preact";
import { App } from "./App";
import "./styles/base.css";
import "./styles/components.css";

const api = document.querySelector<HTMLMetaElement>('meta[name="monitoring-api"]')!.content;

render(<App api={api} />, document.getElementById("app")!);
