import type { Finding } from "../../components/Findings";
import { brief } from "../../components/Text";
import { clock, count, duration, percent } from "../../components/format";
import { isKnown, toneOf, type Thresholds } from "../../data/thresholds";
import type { Schemas } from "../../data/types";

/** How it goes with requests and with the services, in sentences. */
export function findings(
  requests: Schemas["RequestSummary"],
  services: Schemas["ServiceSummary"],
  thresholds: Thresholds,
): readonly Finding[] {
  return [failures(requests, thresholds), slowness(requests, thresholds), health(services)].filter(
    (finding) => finding !== null,
  );
}

function failures(requests: Schemas["RequestSummary"], thresholds: Thresholds): Finding {
  if (requests.count === 0) return { tone: "neutral", text: "No request came in this time." };
  if (requests.failures === 0) return { tone: "good", text: `None of ${count(requests.count)} requests failed.` };
  const share = (requests.failures / requests.count) * 100;
  return {
    tone: toneOf(share, thresholds, "RequestErrorRate", "Percent") ?? (isKnown(thresholds) ? "good" : "neutral"),
    text: `${count(requests.failures)} of ${count(requests.count)} requests failed (${percent(share)}).`,
  };
}

function slowness(requests: Schemas["RequestSummary"], thresholds: Thresholds): Finding | null {
  const tone = requests.count === 0 ? null : toneOf(requests.p95Ms, thresholds, "RequestLatency");
  return tone && { tone, text: `One in twenty requests takes longer than ${duration(requests.p95Ms)}.` };
}

function health(services: Schemas["ServiceSummary"]): Finding | null {
  if (services.count === 0) return null;
  const { count: all, critical, warning, healthy, unknown } = services;
  // An optional one that is down warns.
  const tone = services.status === "Critical" ? "critical" : "warning";
  if (critical > 0)
    return { tone, text: `${critical} of ${all} services down: ${named(services, "Critical", critical)}.` };
  if (warning > 0)
    return {
      tone: "warning",
      text: `${warning} of ${all} services with trouble: ${named(services, "Warning", warning)}.`,
    };
  if (healthy === 0) return { tone: "neutral", text: "No service has been asked yet." };
  if (unknown > 0)
    return { tone: "good", text: `${healthy} of ${all} services answer; the others have not been asked yet.` };
  return {
    tone: "good",
    text: all === 1 ? `Service ${brief(services.services[0]!.name)} answers.` : `All ${all} services answer.`,
  };
}

function named(services: Schemas["ServiceSummary"], status: string, many: number): string {
  const names = services.services
    .filter((service) => service.status === status)
    .slice(0, 3)
    .map((service) => `${brief(service.name)} since ${clock(service.since)}`)
    .join(", ");
  return many > 3 ? `${names} and ${many - 3} more` : names;
}
