import { Findings } from "../components/Findings";
import { Empty } from "../components/Panel";
import { count } from "../components/format";
import { useLive, useSeries } from "../data/context";
import { useThresholds } from "../data/thresholds";
import "../styles/requests.css";
import { Caches } from "./requests/Caches";
import { Endpoints } from "./requests/Endpoints";
import { findings } from "./requests/findings";
import { Queries } from "./requests/Queries";
import { Services } from "./requests/Services";
import { SlowRequests } from "./requests/SlowRequests";
import { Summary } from "./requests/Summary";
import { Top } from "./requests/Top";

/** What others ask of this service, and how the services fare that it asks itself. */
export function RequestsPage() {
  const feed = useLive("Requests");
  const history = useSeries(["request-latency", "request-rate", "request-error-rate"], feed);
  const thresholds = useThresholds();
  const snapshot = feed.snapshot;
  const requests = snapshot?.requests;
  if (!snapshot || !requests) return <p class="hint">Waiting for the first figures…</p>;
  const { summary, slow, queries, caches, services } = requests;
  return (
    <>
      <Findings findings={findings(summary, services, thresholds)} />
      {summary.count === 0 && summary.inFlight === 0 && slow.requests.length === 0 ? (
        <Empty title="No request was seen in this time.">
          Put <code>app.UseRequestMonitoring();</code> first in the pipeline: see docs/requests.md.
        </Empty>
      ) : (
        <>
          <Summary requests={summary} history={history} thresholds={thresholds} />
          <Endpoints requests={summary} history={history} />
          <SlowRequests slow={slow} />
          <div class="panels">
            <Top
              title="Top users"
              who="User"
              rows={summary.topUsers}
              hint="Users are those of authenticated requests: see docs/requests.md."
            />
            <Top
              title="Top tenants"
              who="Tenant"
              rows={summary.topTenants}
              hint="Say which claim it is: app.UseRequestMonitoring(o => o.TenantClaim = …)."
            />
          </div>
        </>
      )}
      <Services services={services} now={Date.parse(snapshot.at)} />
      <Queries queries={queries} />
      <Caches caches={caches} />
      {summary.unattributed > 0 && (
        <p class="hint">
          {count(summary.unattributed)} operations were too many at once for what they called to be attributed to them.
        </p>
      )}
    </>
  );
}
