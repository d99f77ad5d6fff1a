import { describe, expect, it } from 'vitest';
import { maxMs, meanMs, metered, outcomes, play, servers } from './small.ts';

const four = { call: 'station' };
const PARALLEL = { work: { description: 'four at once', attempts: 1, steps: [{ parallel: [four, four, four, four] }] } };

describe('a pool of servers, on paper', () => {
  it('lets wait what it cannot serve, first in first out: 15 ms of work every 10 ms', () => {
    const station = { description: 'fifteen milliseconds', cpu_ms: 15 };
    const result = play({ components: { station }, overrides: { components: servers(1) }, rate: 100, duration_s: 1 });
    // The k-th of 99 waits (k - 1) x 5 ms.
    expect(meanMs(result)).toBeCloseTo(15 + 5 * 49, 6);
    expect(maxMs(result)).toBeCloseTo(15 + 5 * 98, 6);
  });

  it('refuses what finds its queue full, and what it let in it serves', () => {
    const station = { description: 'holds a slot for 1,050 ms', io_ms: 1_050 };
    const o = { components: { station }, overrides: { components: servers(1) }, parameters: { 'server.queue_limit': 3 } };
    const result = play({ ...o, rate: 10, duration_s: 10 });
    // One at work, three waiting, and one more for each of the nine that end before the last comes.
    expect(outcomes(result)).toEqual({ sent: 99, served: 13, refused: 86, timed_out: 0, failed: 0, pending: 0 });
    expect(maxMs(result)).toBeLessThanOrEqual(4 * 1_050);
  });

  it('works on no more than instances times slots', () => {
    const station = { description: 'waits', io_ms: 5_000 };
    const result = play({ components: { station }, overrides: { components: servers(2, 3) }, rate: 10 });
    const busy = result.pools[0]?.timeline.map((s) => s.busy) ?? [];
    expect(Math.max(...busy)).toBe(6);
  });

  it.each([
    [1, 40],
    [2, 20],
    [4, 10],
  ])('with %i cores does four bursts of 10 ms in %i ms', (cores, ms) => {
    const o = { operations: PARALLEL, overrides: { components: servers(1, 4) } };
    expect(meanMs(play({ ...o, parameters: { 'server.cores': cores } }))).toBeCloseTo(ms, 6);
  });

  it('hands what finds every slot taken to the function that is named for it', () => {
    const station = { description: 'waits for 950 ms', io_ms: 950 };
    const components = { station: { ...servers(1)?.station, overflow: { memory_mb: 1769 } } } as ReturnType<typeof servers>;
    const result = play({ components: { station }, overrides: { components }, rate: 10, duration_s: 10 });
    const calls = result.pools.map((p) => [p.name, p.calls]);
    expect(calls).toEqual([
      ['server/station', 10],
      ['function/station+burst', 89],
    ]);
    expect(outcomes(result).served).toBe(99);
  });

  it('is billed from launch to the end of arrivals, reserved or not, with its disk', () => {
    const result = play({ overrides: { components: servers(3) }, duration_s: 3600 });
    expect(metered(result, 'server-hours:m7g.large')).toBeCloseTo(3, 9);
    expect(metered(result, 'disk-gb-months')).toBeCloseTo((3 * 20) / 730, 9);
  });

  it('cuts what still runs on a machine whose patience is over, and nothing when it is patient enough', () => {
    const station = { description: 'waits for 200 s', io_ms: 200_000 };
    const options = { target: 0.9, stabilisation_down_s: 0 };
    const controller = { name: 'target-utilization', options };
    const components = { station: { ...servers(1)?.station, slots: 4, minimum: 1, maximum: 20, controller } };
    const run = (drain_s: number) =>
      play({
        components: { station },
        operations: { work: { description: 'long', attempts: 1, timeout_ms: 900_000, steps: [{ call: 'station' }] } },
        overrides: { components } as Parameters<typeof play>[0]['overrides'],
        parameters: { 'server.drain_s': drain_s, 'gateway.timeout_ms': 900_000, 'server.boot_s': 5 },
        arrivals: {
          kind: 'step',
          steps: [
            [0, 0.2],
            [120, 0.001],
          ],
        },
        duration_s: 600,
      });
    const [hasty, patient] = [run(10), run(300)];
    expect(outcomes(hasty).failed).toBeGreaterThan(0);
    expect(outcomes(patient)).toMatchObject({ failed: 0, served: outcomes(patient).sent });
  });
});
