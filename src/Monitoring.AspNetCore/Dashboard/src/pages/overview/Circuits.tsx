import { Badge } from "../../components/Badge";
import { count, duration } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import type { Schemas } from "../../data/types";

const order: Record<Schemas["CircuitState"], number> = { Isolated: 0, Open: 1, HalfOpen: 2, Closed: 3 };
const most = 8;

/** The circuits, those that reject calls first. */
export function Circuits(props: { circuits: readonly Schemas["CircuitBreakerSummary"][] }) {
  const circuits = [...props.circuits].sort((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name));
  return (
    <Panel title="Circuits">
      {circuits.length === 0 ? (
        <Empty title="There is no circuit.">
          <code>AddRedis(…)</code> puts one before each Redis server: see docs/redis.md.
        </Empty>
      ) : (
        <ul class="brief">
          {circuits.slice(0, most).map((circuit) => (
            <li key={circuit.name}>
              <Badge state={circuit.state} />
              <p>
                <bdi>{circuit.name}</bdi>
                <small class="number">
                  {" "}
                  for {duration(circuit.timeInStateMs)}
                  {circuit.rejections > 0 && `, ${count(circuit.rejections)} calls rejected since the start`}
                  {circuit.state === "Open" &&
                    circuit.retryAfterMs > 0 &&
                    `, probes in ${duration(circuit.retryAfterMs)}`}
                </small>
              </p>
            </li>
          ))}
        </ul>
      )}
      {circuits.length > most && (
        <p>
          <a href="#/redis">{circuits.length - most} more</a>
        </p>
      )}
    </Panel>
  );
}
