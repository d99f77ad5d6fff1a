import type { Cell } from '../../domain/cell.ts';
import type { Saturation } from '../../domain/live-report.ts';
import { Histogram, quantileMs } from '../../measure/histogram.ts';
import { OUTCOME } from '../../measure/recorder.ts';
import { halfOf } from './autocannon-users.ts';
import type { ActionRow, Driven } from './users.ts';

/** Share of the first stage in which processes are new and connections are made. */
const COLD_SHARE = 0.2;

/**
 * What a closed loop came to: half of the connections until the end of the warm-up, all of them from then on.
 *
 * `asked`: actions of the scenario's own load in the same time.
 */
export function saturationOf(
  cell: Cell,
  driven: Driven,
  o: { connections: number; asked: number; drained_ms: number },
): Saturation {
  const { duration_ms, operations, strategy, warmup_ms } = cell.plan;
  const sent = (from_ms: number, until_ms: number) => driven.rows.filter(({ at_ms }) => at_ms >= from_ms && at_ms < until_ms);
  const servedIn = (rows: readonly ActionRow[]) => rows.filter(({ outcome }) => outcome === OUTCOME.served);
  const [half, all] = [sent(warmup_ms * COLD_SHARE, warmup_ms), sent(warmup_ms, duration_ms)];
  const served = servedIn(all);
  return {
    strategy,
    rate: cell.rate,
    seed: cell.seed,
    connections: o.connections,
    served_per_s: (1000 * served.length) / (duration_ms - warmup_ms),
    error_rate: all.length === 0 ? null : 1 - served.length / all.length,
    half: {
      connections: halfOf(o.connections),
      served_per_s: (1000 * servedIn(half).length) / (warmup_ms * (1 - COLD_SHARE)),
    },
    asked_per_s: (1000 * o.asked) / duration_ms,
    driver_busy: driven.driver_busy ?? 0,
    drained_s: Math.max(0, o.drained_ms - duration_ms) / 1000,
    operations: operations.map(({ name }, i) => {
      const histogram = new Histogram();
      const rows = served.filter(({ operation }) => operation === i);
      for (const { at_ms, done_ms } of rows) histogram.record(Math.round((done_ms - at_ms) * 1000));
      const data = histogram.data();
      return {
        name,
        served: rows.length,
        closed_loop_ms: { p50: quantileMs(data, 0.5), p95: quantileMs(data, 0.95), p99: quantileMs(data, 0.99) },
      };
    }),
  };
}
