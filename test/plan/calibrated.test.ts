import { describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import type { CalibratedValue, Calibration } from '../../simulator/domain/calibration.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { timedAs, unseen } from '../../simulator/plan/parity-plans.ts';
import { rowsOf } from '../../simulator/run/rows.ts';

const calibration = (values: CalibratedValue[]): Calibration => ({
  schema: 'calibration@1',
  machine: { cpu: 'Abacus 9', cores: 2, node: 'v20', platform: 'test' },
  taken_at: '2026-11-30T03:00:00Z',
  scenario: 'hello',
  strategies: ['all-servers'],
  rate: 0.5,
  seconds: 60,
  values,
});

const value = (path: string, x: number, unit = 'ms'): CalibratedValue => ({ path, value: x, unit, n: 44 });

function planOf(o: { values?: CalibratedValue[]; parameters?: Record<string, number>; strategy?: string }): Plan {
  const measured = o.values ? { calibration: calibration(o.values) } : {};
  const scenario = ScenarioSchema.parse({ ...hello, parameters: o.parameters ?? {}, ...measured });
  const axes = { strategies: [o.strategy ?? 'all-servers'], controllers: [], rates: [1], seeds: [1], wantsLedger: false };
  return rowsOf(scenario, axes).rows[0]?.plan as Plan;
}

const partOf = (plan: Plan, kind: string) => plan.parts.find((part) => part.kind === kind);

describe('a calibration', () => {
  it('stands in for defaults and for what placement decides, and says where it comes from', () => {
    const values = [value('gateway.hop_ms', 0.25), value('function.first_call_ms', 0), value('function.init_ms', 77)];
    const plan = planOf({ values, strategy: 'all-functions' });
    expect(partOf(plan, 'gateway')?.values.hop_ms).toBe(0.25);
    expect(partOf(plan, 'function')?.values).toMatchObject({ init_ms: 77, first_call_ms: 0 });
    const listed = plan.parameters.find((p) => p.path === 'gateway.hop_ms');
    expect(listed).toMatchObject({ kind: 'measured', date: '2026-11-30', source: expect.stringContaining('n = 44') });
    expect(listed?.source).toContain('Abacus 9, 2 cores');
  });

  it('counts under the strategy that it was measured under before what all runs say', () => {
    const values = [value('gateway.hop_ms', 0.25), { ...value('gateway.hop_ms', 0.75), strategy: 'all-functions' }];
    const alone = [...values, { ...value('gateway.client_ms', 0.5), strategy: 'all-servers' }];
    expect(partOf(planOf({ values: alone, strategy: 'all-functions' }), 'gateway')?.values.hop_ms).toBe(0.75);
    const servers = planOf({ values: alone });
    expect(partOf(servers, 'gateway')?.values).toMatchObject({ hop_ms: 0.25, client_ms: 0.5 });
    expect(servers.parameters.find((p) => p.path === 'gateway.client_ms')?.source).toContain('under all-servers, n = 44');
  });

  it('gives way to what the scenario sets', () => {
    const plan = planOf({ values: [value('gateway.hop_ms', 0.25)], parameters: { 'gateway.hop_ms': 3 } });
    expect(partOf(plan, 'gateway')?.values.hop_ms).toBe(3);
  });

  it('replaces demands of components that there are, lists them, and leaves others alone', () => {
    const path = 'application.components.book.cpu_ms';
    const plan = planOf({ values: [value(path, 6.6), value('application.components.nobody.cpu_ms', 1)] });
    expect(plan.components.find((c) => c.name === 'book')?.cpu_ms).toBe(6.6);
    expect(plan.components.find((c) => c.name === 'thank')?.cpu_ms).toBe(60);
    expect(plan.parameters.find((p) => p.path === path)).toMatchObject({ value: 6.6, kind: 'measured' });
    expect(plan.parameters.some((p) => p.path.includes('nobody'))).toBe(false);
  });

  it('changes nothing else: without one the plan is what it was', () => {
    const other = planOf({ values: [value('s3.get_ms', 1)] });
    expect({ ...other, parameters: [] }).toEqual({ ...planOf({}), parameters: [] });
  });

  it.each([
    ['gateway.hop_sm', 1, 'hop_sm'],
    ['doorway.hop_ms', 1, 'doorway'],
    ['server.speed', 0, 'out of range'],
    ['application.components.book.memory_mb', 1, 'memory_mb'],
  ])('with %s = %s is refused before anything runs', (path, x, says) => {
    expect(() => planOf({ values: [value(path, x)] })).toThrow(says);
  });
});

describe('settings that nobody has measured', () => {
  it('are more instances, which nobody resizes, and functions of another size', () => {
    const servers = planOf({});
    const more = unseen(servers, { workers: 2 });
    for (const [i, part] of servers.parts.entries()) {
      const initial = part.sizing && part.sizing.initial + 2;
      if (initial) expect(more.parts[i]?.sizing).toMatchObject({ initial, minimum: initial, maximum: initial });
    }
    const functions = planOf({ strategy: 'all-functions' });
    for (const part of unseen(functions, { workers: 0 }).parts.filter((p) => p.kind === 'function')) {
      expect(part.values.memory_mb).not.toBe(functions.parts.find((p) => p.path === part.path)?.values.memory_mb);
      // A whole vCPU is what calibrations give.
      expect(part.values.memory_mb).toBeLessThan(1_769);
    }
    expect(partOf(unseen(functions, { workers: 0, memory_mb: 640 }), 'function')?.values.memory_mb).toBe(640);
  });

  it('are the same in the plan that has the measured times', () => {
    const live = unseen(planOf({ strategy: 'all-functions' }), { workers: 0, memory_mb: 640 });
    const values = [value('function.init_ms', 77), value('application.components.book.cpu_ms', 6.6)];
    const virtual = timedAs(live, planOf({ values, strategy: 'all-functions' }));
    expect(partOf(virtual, 'function')?.values).toMatchObject({ memory_mb: 640, init_ms: 77 });
    expect(virtual.components.find((c) => c.name === 'book')?.cpu_ms).toBe(6.6);
    expect(virtual.parts.map((p) => p.sizing)).toEqual(live.parts.map((p) => p.sizing));
  });

  it('have the host of the measured plan, on whose cores all instances are, as those of the live one are on the real one', () => {
    const live = planOf({});
    expect(partOf(live, 'host')).toBeUndefined();
    const measured = planOf({ values: [value('host.other_load', 0.4)], parameters: { 'host.cores': 2 } });
    const virtual = timedAs(live, measured);
    expect(partOf(virtual, 'host')?.values).toMatchObject({ cores: 2, other_load: 0.4 });
    expect(virtual.parts.slice(0, -1).map((p) => p.path)).toEqual(live.parts.map((p) => p.path));
  });
});
