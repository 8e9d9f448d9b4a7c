import { render } from "preact";
import { App, Report } from "./App";
import { ReportSource } from "./data/reportSource";
import { settleBeforeMoves } from "./shell/moves";
import { applyTheme, storedTheme } from "./shell/theme";
import "./styles/base.css";
import "./styles/components.css";
import "./styles/shell.css";

settleBeforeMoves();
applyTheme(storedTheme());

const root = document.getElementById("app")!;
const report = ReportSource.find(document);
if (report) {
  render(<Report source={report} />, root);
} else {
  const api = document.querySelector<HTMLMetaElement>('meta[name="monitoring-api"]')!.content;
  render(<App api={api} />, root);
}
