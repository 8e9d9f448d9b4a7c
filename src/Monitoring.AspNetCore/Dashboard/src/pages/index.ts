import type { FunctionComponent } from "preact";
import { AlertsPage } from "./AlertsPage";
import { HistoryPage } from "./HistoryPage";
import { OverviewPage } from "./OverviewPage";
import { QueuePage } from "./QueuePage";
import { RedisPage } from "./RedisPage";
import { RequestsPage } from "./RequestsPage";
import { SystemPage } from "./SystemPage";
import { WebhooksPage } from "./WebhooksPage";

/** A page: where it is (`#/redis`), what it is called, and what draws it. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly component: FunctionComponent;
}

export const pages: readonly Page[] = [
  { path: "", title: "Overview", component: OverviewPage },
  { path: "webhooks", title: "Webhooks", component: WebhooksPage },
  { path: "redis", title: "Redis", component: RedisPage },
  { path: "queue", title: "Queue", component: QueuePage },
  { path: "requests", title: "Requests and services", component: RequestsPage },
  { path: "system", title: "System", component: SystemPage },
  { path: "alerts", title: "Alerts", component: AlertsPage },
  { path: "history", title: "History", component: HistoryPage },
];
