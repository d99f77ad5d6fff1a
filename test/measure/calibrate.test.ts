import { describe, expect, it } from 'vitest';
import { type CalibratedValue, lawOf } from '../../simulator/domain/calibration.ts';
import { mean, quantile } from '../../simulator/domain/distribution.ts';
import type { Leg, Metered } from '../../simulator/domain/leg.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { type Burst, Bursts, stretchesOf, stretchOf, wayStretches } from '../../simulator/measure/calibrate/bursts.ts';
import { Calibrator } from '../../simulator/measure/calibrate/calibrate.ts';
import { type Busy, Crowd } from '../../simulator/measure/calibrate/crowd.ts';
import type { Stretch } from '../../simulator/measure/calibrate/stretch.ts';
import { at, planOf } from './hello-plan.ts';

/** Nobody meets anybody when requests and messages are a second apart. */
const APART_MS = 1_000;

/** What is known of one request of `read` that misses the cache, on servers: its parts add up to the latency. */
const SERVED = { client: 0.4, added: 0.5, hop: 0.3, core: 2, cpu: 8.4, asked: 8, read: 1.1 };

function metered(plan: Plan, n: number, o: { overhead?: number; first?: number; isCold?: boolean } = {}): Metered {
  const [read, page] = [at(plan.operations, 'read'), at(plan.components, 'page')];
  const entries = at(plan.datasets, 'entries');
  const { client, added, hop, core, cpu, asked, read: store } = SERVED;
  const latency_ms = new Map<number, number>();
  const legs = Array.from({ length: n }).flatMap((_, action): Leg[] => {
    const work = core + cpu + store;
    const extra = (o.overhead ?? 0) + (action === 0 ? (o.first ?? 0) : 0);
    const call = work + 2 * hop + extra;
    latency_ms.set(action, 2 * client + added + call);
    const from = APART_MS * action;
    const leg = (kind: Leg['leg'], of: number, o: { ms: number; on: string; end: number }): Leg => {
      return { leg: kind, of, action, on: o.on, at_ms: from + o.end, ms: o.ms };
    };
    const [begun, on] = [hop + extra, 'worker'];
    return [
      leg('core', page, { ms: core, on, end: begun + core }),
      { ...leg('cpu', page, { ms: cpu, on, end: begun + core + cpu }), asked_ms: asked },
      leg('read', entries, { ms: store, on, end: begun + work }),
      leg('work', page, { ms: work, on, end: begun + work }),
      ...(o.isCold && action === 0 ? [leg('init', page, { ms: extra, on, end: begun })] : []),
      leg('call', page, { ms: call, on: 'gateway', end: call }),
      leg('door', read, { ms: call + added, on: 'gateway', end: call + added / 2 }),
    ];
  });
  const server = plan.parts.findIndex((part) => part.kind === 'server');
  return { legs, latency_ms, boots_ms: new Map([[server, [400, 500, 600]]]) };
}

function valuesOf(runs: { plan: Plan; metered: Metered }[]): Map<string, number | undefined> {
  return new Map(new Calibrator(runs, 2).values().map((v) => [v.path, quantile(lawOf(v), 0.5)]));
}

describe('what is calibrated', () => {
  const plan = planOf('all-servers');

  it('is the time of each leg, less what is modelled elsewhere', () => {
    const found = valuesOf([{ plan, metered: metered(plan, 50) }]);
    expect(found.get('gateway.client_ms')).toBeCloseTo(SERVED.client, 4);
    expect(found.get('gateway.cpu_ms')).toBeCloseTo(SERVED.added, 4);
    expect(found.get('gateway.added_ms')).toBeCloseTo(0, 4);
    expect(found.get('gateway.hop_ms')).toBeCloseTo(SERVED.hop, 4);
    expect(found.get('dynamodb.read_ms') ?? found.get('postgres.network_ms')).toBeDefined();
    expect(found.get('server.boot_s')).toBeCloseTo(0.5, 6);
    expect(found.get('server.health_check_s')).toBe(0);
  });

  it('is each demand as much longer as its bursts were, in the law that it has', () => {
    const [page] = new Calibrator([{ plan, metered: metered(plan, 50) }], 2)
      .values()
      .filter((v) => v.path === 'application.components.page.cpu_ms');
    expect(page).toMatchObject({ n: 50, value: { kind: 'lognormal', p50: 8 * 1.05, p99: 25 * 1.05 } });
  });

  it('adds up to the latency that was measured', () => {
    const found = valuesOf([{ plan, metered: metered(plan, 50) }]);
    const of = (path: string) => found.get(path) ?? Number.NaN;
    const store = found.get('dynamodb.read_ms') ?? of('postgres.network_ms') + 0.1;
    const whole = 2 * of('gateway.client_ms') + of('gateway.cpu_ms') + of('gateway.added_ms') + 2 * of('gateway.hop_ms');
    const { client, added, hop, read } = SERVED;
    expect(whole + store).toBeCloseTo(2 * client + added + 2 * hop + read, 3);
  });

  it('of a function is what its platform adds to a call beyond the hop, its first call apart', () => {
    const small = planOf('all-functions');
    // Pauses of a quota say nothing of a vCPU's speed: only whole ones are asked.
    expect(valuesOf([{ plan: small, metered: metered(small, 50) }]).has('function.speed')).toBe(false);
    const whole = (part: Plan['parts'][number]) => ({ ...part, values: { ...part.values, memory_mb: 1769 } });
    const functions = { ...small, parts: small.parts.map(whole) };
    const runsOf = (o: { first: number; isCold: boolean }) =>
      [1, 2, 3].map(() => ({ plan: functions, metered: metered(functions, 50, { overhead: 3, ...o }) }));
    const runs = [{ plan, metered: metered(plan, 50) }, ...runsOf({ first: 250, isCold: true })];
    const found = valuesOf([...runs, ...runsOf({ first: 20, isCold: false })]);
    expect(found.get('function.invoke_ms')).toBeCloseTo(3, 3);
    expect(found.get('function.init_ms')).toBeCloseTo(250, 1);
    expect(found.get('function.first_call_ms')).toBe(0);
    expect(found.get('function.speed')).toBe(1);
    // Where no call of a machine says how long the hop is, it is part of what a function's platform adds, and not added again.
    const alone = valuesOf(runsOf({ first: 250, isCold: true }));
    expect(alone.get('function.invoke_ms')).toBeCloseTo(3 + 2 * SERVED.hop, 3);
    expect(alone.get('gateway.hop_ms')).toBe(0);
  });

  it('of a write without any read is a way there and back, which the fastest tenth took, and the disk', () => {
    const thanks = at(plan.datasets, 'thanks');
    const writes = Array.from({ length: 50 }, (_, action): Leg => {
      return { leg: 'write', of: thanks, action, on: 'worker', at_ms: APART_MS * (100 + action), ms: action < 25 ? 1.6 : 4.6 };
    });
    const measured = metered(plan, 50);
    const found = valuesOf([{ plan, metered: { ...measured, legs: [...measured.legs, ...writes] } }]);
    const cpu = plan.parts.find((part) => part.kind === 'postgres')?.values.cpu_ms_write as number;
    expect(found.get('postgres.network_ms')).toBeCloseTo(1.6 - cpu, 4);
    expect(found.get('postgres.disk_ms')).toBeCloseTo(3, 4);
    expect(found.get('postgres.io_per_write')).toBe(1);
  });

  it('of messages to a function adds up to the way that they took', () => {
    const functions = planOf('all-functions');
    const queue = functions.parts.findIndex((part) => part.kind === 'sqs');
    const thank = at(functions.components, 'thank');
    const legs = Array.from({ length: 100 }, (_, action): Leg => {
      return {
        leg: 'delivery',
        of: queue,
        action: 1000 + action,
        on: 'poller',
        at_ms: APART_MS * (100 + action),
        ms: 2 + (7 * action) / 99,
      };
    });
    const measured = metered(functions, 50, { overhead: 3 });
    const calibrator = new Calibrator([{ plan: functions, metered: { ...measured, legs: [...measured.legs, ...legs] } }], 2);
    const meanOf = (path: string) => mean(lawOf(calibrator.values().find((v) => v.path === path) as CalibratedValue));
    expect(functions.components[thank]?.part).toBeGreaterThan(0);
    expect(meanOf('function.thank.invoke_ms') + meanOf('sqs.delivery_ms')).toBeCloseTo(5.5, 0.8);
    expect(meanOf('function.thank.invoke_ms')).toBeLessThan(3 + 2 * SERVED.hop);
  });

  it('of a function has an overhead of its own where its calls were measured', () => {
    const functions = planOf('all-functions');
    const found = valuesOf([{ plan: functions, metered: metered(functions, 50, { overhead: 3 }) }]);
    expect(found.get('function.page.invoke_ms')).toBeCloseTo(3 + 2 * SERVED.hop, 3);
    expect(found.has('function.book.invoke_ms')).toBe(false);
  });

  it('is left out when it was measured too rarely', () => {
    const found = valuesOf([{ plan, metered: metered(plan, 19) }]);
    expect(found.has('gateway.hop_ms')).toBe(false);
    expect(found.has('gateway.client_ms')).toBe(false);
  });
});

describe('bursts on cores that others want, too', () => {
  const plan = planOf('all-servers');
  const WINDOW_MS = 100_000;
  const [page, thank] = [at(plan.components, 'page'), at(plan.components, 'thank')];
  interface Seen {
    component: number;
    n: number;
    asked_ms: number;
    stretch: number;
    /** When the first begins; the next follow in even steps. */
    from_ms?: number;
  }
  /** Half of them undisturbed, 2 % slower than asked for, the others so that they are `stretch` times that in the mean. */
  const burstsOf = ({ component, n, asked_ms, stretch, from_ms = 0 }: Seen): Burst[] =>
    Array.from({ length: n }, (_, i) => {
      const ms = 1.02 * asked_ms * (i % 2 === 0 ? 1 : 2 * stretch - 1);
      return { component, at_ms: from_ms + (WINDOW_MS / n) * i + ms, ms, asked_ms };
    });
  const crowdOf = (bursts: readonly Burst[], ways: readonly Busy[] = []) =>
    new Crowd(
      bursts.map(({ at_ms, ms }) => [at_ms - ms, at_ms] as const),
      ways,
    );
  const seen = (...all: Seen[]) => {
    const bursts = new Bursts();
    const found = all.flatMap(burstsOf);
    bursts.add(plan, found, crowdOf(found));
    return bursts;
  };
  const meanOf = (ways: readonly Stretch[]) => {
    const all = ways.reduce((sum, { weight }) => sum + weight, 0);
    return ways.reduce((sum, { factor, weight }) => sum + (factor * weight) / all, 0);
  };

  it('take as long as theory says: alone, beside others, and never less than their part', () => {
    expect(stretchOf(2, 0)).toBe(1);
    expect(stretchOf(1, 0.5)).toBeCloseTo(2, 6);
    // With one other at most, of two cores each has one.
    expect(stretchOf(2, 0.01)).toBeCloseTo(1, 4);
    expect(stretchOf(64, 8)).toBeCloseTo(1, 6);
    expect(stretchOf(2, 1.5)).toBeGreaterThan(stretchOf(2, 1));
    // Three that stay have two thirds of a core each, or less.
    expect(stretchOf(2, 0, 3)).toBeCloseTo(1.5, 9);
    expect(stretchOf(2, 0.5, 3)).toBeGreaterThan(1.5);
  });

  it('have the demand of those that nothing disturbed', () => {
    expect(seen({ component: page, n: 100, asked_ms: 8, stretch: 1.4 }).demands.get('page')).toEqual({
      ratio: expect.closeTo(1.02, 9),
      n: 100,
    });
  });

  it('that are held up more than bursts are on the whole have a demand with what that is more', () => {
    const short = { component: page, n: 100, asked_ms: 8, stretch: 1.5 };
    const long = { component: thank, n: 50, asked_ms: 64, stretch: 1.2, from_ms: 500 };
    const { demands } = seen(short, long);
    const whole = (100 * 8 * 1.5 + 50 * 64 * 1.2) / (100 * 8 + 50 * 64);
    expect(demands.get('page')?.ratio).toBeCloseTo((1.02 * 1.5) / whole, 9);
    expect(demands.get('thank')?.ratio).toBeCloseTo(1.02, 9);
  });

  it('say how much else wants the cores', () => {
    const alone = { component: thank, n: 100, asked_ms: 60, stretch: stretchOf(2, 0.5) };
    expect(seen(alone).otherLoad(2)?.value).toBeCloseTo(0.5, 4);
    // Never at once: each says the same of others.
    const apart = { component: page, n: 100, asked_ms: 80, stretch: stretchOf(2, 0.5), from_ms: 500 };
    expect(seen(alone, apart).otherLoad(2)?.value).toBeCloseTo(0.5, 4);
    expect(seen({ ...alone, stretch: 1 }).otherLoad(2)?.value).toBeCloseTo(0, 9);
    expect(new Bursts().otherLoad(2)).toBeUndefined();
  });

  it('know that they stand in the way of each other', () => {
    // Three at once have two thirds of a core each, though nobody else is there; a fifth of them is alone and shows the demand.
    const at = (n: number, from_ms: number, stretch: number) => ({ component: page, n, asked_ms: 60, stretch, from_ms });
    const even = (o: Seen) =>
      burstsOf(o).map((b) => ({ ...b, at_ms: b.at_ms - b.ms + 1.02 * 60 * o.stretch, ms: 1.02 * 60 * o.stretch }));
    const alone = even(at(40, 1_000, 1));
    const one = even(at(40, 0, 1.5));
    const otherLoad = (found: readonly Burst[], ways: readonly Busy[] = []) => {
      const bursts = new Bursts();
      bursts.add(plan, found, crowdOf(found, ways));
      return bursts.otherLoad(2)?.value;
    };
    expect(otherLoad([...one, ...one, ...one, ...alone])).toBeCloseTo(0, 6);
    // Beside two ways it is the same; without them, something else must have been there.
    const ways = one.map(({ at_ms, ms }) => [at_ms - ms, at_ms] as const);
    expect(otherLoad([...one, ...alone], [...ways, ...ways])).toBeCloseTo(0, 6);
    expect(otherLoad([...one, ...alone])).toBeGreaterThan(0.5);
  });

  it('say how often ways through other processes were drawn out, by whom they met', () => {
    const expected = 0.75 * meanOf(wayStretches(2, 0.5)) + 0.25 * meanOf(wayStretches(2, 0.5, 1));
    expect(meanOf(stretchesOf(2, 0.5, [75, 25]))).toBeCloseTo(expected, 9);
    expect(expected).toBeGreaterThan(1.06);
    expect(meanOf(wayStretches(1, 0.5))).toBeCloseTo(2, 6);
    expect(meanOf(wayStretches(64, 8))).toBeCloseTo(1, 6);
    expect(stretchesOf(2, 0.5, [])).toEqual([]);
  });
});
