import { describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { lawOf } from '../../simulator/domain/calibration.ts';
import { quantile } from '../../simulator/domain/distribution.ts';
import type { Leg, Metered } from '../../simulator/domain/leg.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { Calibrator } from '../../simulator/measure/calibrate/calibrate.ts';
import { rowsOf } from '../../simulator/run/rows.ts';

const planOf = (strategy: string): Plan => {
  const axes = { strategies: [strategy], controllers: [], rates: [1], seeds: [1], wantsLedger: false };
  return rowsOf(ScenarioSchema.parse(hello), axes).rows[0]?.plan as Plan;
};

const at = <T extends { name: string }>(list: readonly T[], name: string) => list.findIndex((one) => one.name === name);

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
    const leg = (kind: Leg['leg'], of: number, ms: number, on: string): Leg => ({ leg: kind, of, action, on, at_ms: action, ms });
    return [
      leg('core', page, core, 'worker'),
      { ...leg('cpu', page, cpu, 'worker'), asked_ms: asked },
      leg('read', entries, store, 'worker'),
      leg('work', page, work, 'worker'),
      ...(o.isCold && action === 0 ? [leg('init', page, extra, 'worker')] : []),
      leg('call', page, call, 'gateway'),
      leg('door', read, call + added, 'gateway'),
    ];
  });
  const server = plan.parts.findIndex((part) => part.kind === 'server');
  return { legs, latency_ms, boots_ms: new Map([[server, [400, 500, 600]]]) };
}

function valuesOf(runs: { plan: Plan; metered: Metered }[]): Map<string, number | undefined> {
  return new Map(new Calibrator(runs).values().map((v) => [v.path, quantile(lawOf(v), 0.5)]));
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
    const [page] = new Calibrator([{ plan, metered: metered(plan, 50) }])
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
    const functions = planOf('all-functions');
    const runsOf = (o: { first: number; isCold: boolean }) =>
      [1, 2, 3].map(() => ({ plan: functions, metered: metered(functions, 50, { overhead: 3, ...o }) }));
    const runs = [{ plan, metered: metered(plan, 50) }, ...runsOf({ first: 250, isCold: true })];
    const found = valuesOf([...runs, ...runsOf({ first: 20, isCold: false })]);
    expect(found.get('function.invoke_ms')).toBeCloseTo(3, 3);
    expect(found.get('function.init_ms')).toBeCloseTo(250, 1);
    expect(found.get('function.first_call_ms')).toBe(0);
    expect(found.has('function.speed')).toBe(true);
    // Where no call of a machine says how long the hop is, it is part of what a function's platform adds, and not added again.
    const alone = valuesOf(runsOf({ first: 250, isCold: true }));
    expect(alone.get('function.invoke_ms')).toBeCloseTo(3 + 2 * SERVED.hop, 3);
    expect(alone.get('gateway.hop_ms')).toBe(0);
  });

  it('is left out when it was measured too rarely', () => {
    const found = valuesOf([{ plan, metered: metered(plan, 19) }]);
    expect(found.has('gateway.hop_ms')).toBe(false);
    expect(found.has('gateway.client_ms')).toBe(false);
  });
});
