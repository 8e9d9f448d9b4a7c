import type { components } from "../api";

/** The types of the API, made from its own description: a field that is renamed there does not compile here. */
export type Schemas = components["schemas"];

export type LiveSnapshot = Schemas["LiveSnapshot"];
export type LivePage = Schemas["LivePage"];
export type Session = Schemas["SessionResponse"];
export type HistorySummary = Schemas["HistorySummary"];
export type HistorySeries = Schemas["HistorySeries"];
export type Alert = Schemas["Alert"];
export type Status = Schemas["MonitoringStatus"];

/** How far back the pages look. */
export type TimeWindow = "1m" | "5m" | "15m" | "1h";
