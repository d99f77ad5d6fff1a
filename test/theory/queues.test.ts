import { describe, expect, it } from 'vitest';
import { machine, meanLatency, runStation, simfaas } from './models.ts';
import { erlangB, meanAndError, meanWait, pollaczekKhinchine } from './queues.ts';

const SEEDS = [11, 12, 13, 14, 15, 16];
const REQUESTS = 80_000;

/** Standardised distance of the mean over seeds from what theory says. */
function distance(values: readonly number[], theory: number): number {
  const { mean, error } = meanAndError(values);
  return (mean - theory) / error;
}

// `npm run prove` repeats these with 20 replications of a million requests.
describe('queues with answers on paper', () => {
  it.each([
    { servers: 1, rho: 0.7 },
    { servers: 8, rho: 0.85 },
    { servers: 24, rho: 0.83 },
  ])('M/M/$servers at $rho waits as Erlang C says', ({ servers, rho }) => {
    const rate = (servers * rho) / 0.02;
    const component = { description: 'exponential', cpu_ms: { kind: 'exponential' as const, mean: 20 } };
    const waits = SEEDS.map((seed) =>
      meanLatency(runStation({ rate, duration_s: REQUESTS / rate, component, ...machine(servers) }, seed)),
    );
    expect(Math.abs(distance(waits, 20 * (1 + meanWait(servers, servers * rho))))).toBeLessThan(4.5);
  });

  it.each([
    { name: 'constant', law: 10, cv2: 0 },
    { name: 'uniform', law: { kind: 'uniform' as const, min: 0, max: 20 }, cv2: 1 / 3 },
    { name: 'exponential', law: { kind: 'exponential' as const, mean: 10 }, cv2: 1 },
  ])('M/G/1 with $name service waits as Pollaczek and Khinchine say', ({ law, cv2 }) => {
    const rate = 60;
    const component = { description: 'general', cpu_ms: law };
    const waits = SEEDS.map((seed) =>
      meanLatency(runStation({ rate, duration_s: REQUESTS / rate, component, ...machine(1) }, seed)),
    );
    expect(Math.abs(distance(waits, 10 * (1 + pollaczekKhinchine(0.6, cv2))))).toBeLessThan(4.5);
  });

  it('a function at its concurrency limit turns away the share that Erlang B says, and waits for nothing', () => {
    const station = simfaas({ rate: 20, duration_s: 10_000, warm_s: 1, cold_s: 1, expiry_s: 600, most: 20 });
    const shares = SEEDS.map((seed) => {
      const work = runStation(station, seed).operations[0]!;
      return work.refused / work.sent;
    });
    expect(Math.abs(distance(shares, erlangB(20, 20)))).toBeLessThan(4.5);
  });

  it("Little's law: requests in the system are arrivals a second times time in the system", () => {
    const rate = 400;
    const duration_s = 200;
    const component = { description: 'exponential', cpu_ms: { kind: 'exponential' as const, mean: 20 } };
    const result = runStation({ rate, duration_s, component, ...machine(10) }, 5);
    const pool = result.pools[0]!;
    const served = result.operations[0]!.served;
    expect(pool.littles.busy_s).toBeCloseTo(pool.littles.sojourn_s, 6);
    expect(pool.littles.busy_s / duration_s).toBeCloseTo((served / duration_s) * (pool.littles.busy_s / served), 9);
    expect(pool.littles.busy_s / duration_s).toBeGreaterThan(7.8);
    expect(pool.littles.busy_s / duration_s).toBeLessThan(8.2);
  });
});
