import { describe, expect, it } from 'vitest';

import { machine, meanLatency, runStation, simfaas } from '../theory/models.ts';
import { erlangB, meanAndError, meanWait, pollaczekKhinchine } from '../theory/queues.ts';

const REPLICATIONS = Array.from({ length: 20 }, (_, i) => 1001 + i);
const REQUESTS = 1_000_000;

/** Prints and judges: within 3.5 standard errors of theory over 20 replications of a million requests. */
function judge(name: string, values: readonly number[], theory: number, unit = 'ms'): void {
  const { mean, error } = meanAndError(values);
  const z = (mean - theory) / error;
  console.log(
    `${name}: ${mean.toFixed(5)} ${unit} against ${theory.toFixed(5)} ${unit} on paper, ${z.toFixed(2)} standard errors`,
  );
  expect(Math.abs(z), name).toBeLessThan(3.5);
}

describe('queues with answers on paper, at full size', () => {
  it.each([
    { servers: 1, rho: 0.7 },
    { servers: 8, rho: 0.9 },
    { servers: 24, rho: 0.83 },
  ])('M/M/$servers at $rho: Erlang C', ({ servers, rho }) => {
    const rate = (servers * rho) / 0.02;
    const component = { description: 'exponential', cpu_ms: { kind: 'exponential' as const, mean: 20 } };
    const o = { rate, duration_s: REQUESTS / rate, component, ...machine(servers) };
    const theory = 20 * (1 + meanWait(servers, servers * rho));
    judge(
      `M/M/${servers}`,
      REPLICATIONS.map((seed) => meanLatency(runStation(o, seed))),
      theory,
    );
  });

  it('M/M/20/20 at 20 erlangs: Erlang B', () => {
    const o = simfaas({ rate: 20, duration_s: REQUESTS / 20, warm_s: 1, cold_s: 1, expiry_s: 600, most: 20 });
    const shares = REPLICATIONS.map((seed) => {
      const { refused, sent } = runStation(o, seed).operations[0] as { refused: number; sent: number };
      return (100 * refused) / sent;
    });
    judge('M/M/20/20', shares, 100 * erlangB(20, 20), '% refused');
  });

  it.each([
    { name: 'constant', law: 10, cv2: 0 },
    { name: 'uniform', law: { kind: 'uniform' as const, min: 0, max: 20 }, cv2: 1 / 3 },
    { name: 'exponential', law: { kind: 'exponential' as const, mean: 10 }, cv2: 1 },
  ])('M/G/1 with $name service: Pollaczek-Khinchine', ({ name, law, cv2 }) => {
    const o = { rate: 70, duration_s: REQUESTS / 70, component: { description: name, cpu_ms: law }, ...machine(1) };
    judge(
      `M/G/1 ${name}`,
      REPLICATIONS.map((seed) => meanLatency(runStation(o, seed))),
      10 * (1 + pollaczekKhinchine(0.7, cv2)),
    );
  });
});
