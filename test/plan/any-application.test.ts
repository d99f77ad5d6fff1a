import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../simulator/domain/application.ts';
import { type Scenario, ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { compile } from '../../simulator/plan/compile.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';
import { scenario } from './fixture.ts';

const DATASETS = { rows: 'key-value', tables: 'relational', files: 'blob' } as const;

/** Components that call only later ones, so that no circle can come about. */
function application(memoryMax: number) {
  const law = fc.oneof(
    fc.integer({ min: 0, max: 500 }),
    fc.record({ kind: fc.constant('exponential' as const), mean: fc.integer({ min: 1, max: 500 }) }),
    fc.record({
      kind: fc.constant('lognormal' as const),
      p50: fc.integer({ min: 1, max: 50 }),
      p99: fc.integer({ min: 60, max: 900 }),
    }),
  );
  const component = fc.record({
    cpu_ms: law,
    io_ms: law,
    gpu_ms: fc.option(law, { nil: undefined }),
    memory_mb: fc.integer({ min: 1, max: memoryMax }),
    runtime: fc.constantFrom('nodejs22', 'python3.13', 'java21', 'go'),
    stateful: fc.boolean(),
    calls: fc.array(fc.nat(20), { maxLength: 2 }),
    writes: fc.subarray(Object.keys(DATASETS)),
    isConsumer: fc.boolean(),
  });
  const program = (count: number, calls: readonly number[], above: number): Step[] =>
    calls.flatMap((c) => (above + 1 < count ? [{ call: `c${above + 1 + (c % (count - above - 1))}` }] : []));
  return fc.tuple(fc.array(component, { minLength: 1, maxLength: 8 }), fc.boolean()).map(([list, isCached]) => {
    const components: Record<string, object> = { near: { description: 'cache', cache: true } };
    const consumers: Record<string, object> = {};
    list.forEach(({ calls, writes, isConsumer, ...rest }, i) => {
      const steps = [...program(list.length, calls, i), ...writes.map((write) => ({ write }))];
      components[`c${i}`] = { description: 'any', ...JSON.parse(JSON.stringify(rest)), steps };
      if (isConsumer) consumers[`c${i}`] = {};
    });
    const call: Step[] = [{ call: 'c0' }];
    const steps: Step[] = isCached ? [{ cached: 'near', ttl_s: 10, otherwise: call }] : call;
    return {
      name: 'any',
      description: 'any',
      users: { count: 100 },
      objects: { count: 100, zipf: 1 },
      components,
      events: { happened: { description: 'any', consumers } },
      datasets: Object.fromEntries(Object.entries(DATASETS).map(([name, shape]) => [name, { description: 'any', shape }])),
      operations: { act: { description: 'any', steps: [...steps, { publish: 'happened' }] } },
    };
  });
}

function compiled(of: object, strategy: string) {
  const s: Scenario = ScenarioSchema.parse({ ...scenario(), application: of });
  const load = { first: 1, peak: 10, highest: 40 };
  const limits = [{ operation: null, quantile: 0.95, limit_ms: 300 }];
  const shares = new Map([['act', 1]]);
  return compile({ scenario: s, strategy: STRATEGIES[strategy] as never, load, shares, duration_ms: 60_000, limits });
}

const settings = { numRuns: 40, seed: 20261124 };

describe.each(Object.keys(STRATEGIES))('%s', (strategy) => {
  test('places every valid application that fits a function, and sizes every pool soundly', () => {
    fc.assert(
      fc.property(application(10_240), (of) => {
        const result = compiled(of, strategy);
        if ('problems' in result) throw new Error(JSON.stringify(result.problems));
        const { plan } = result;
        for (const c of plan.components) expect(plan.parts[c.part]?.owner).toBe(c.name);
        for (const d of plan.datasets) expect(plan.parts[d.part]).toBeDefined();
        for (const { sizing, kind, values } of plan.parts) {
          if (kind === 'server' || kind === 'gpu') expect(sizing).toBeDefined();
          if (sizing === undefined) continue;
          expect(sizing.minimum).toBeLessThanOrEqual(sizing.initial);
          expect(sizing.initial).toBeLessThanOrEqual(sizing.maximum);
          expect(sizing.reserved).toBeLessThanOrEqual(sizing.minimum);
          expect(sizing.initial).toBeGreaterThanOrEqual(1);
          expect(sizing.slots).toBeGreaterThan(0);
          if (kind === 'server') expect(sizing.slots).toBeLessThanOrEqual(values.slots as number);
        }
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      settings,
    );
  });

  test('places an application of any memory, or names each component that it cannot place and why', () => {
    fc.assert(
      fc.property(application(200_000), (of) => {
        const result = compiled(of, strategy);
        if (!('problems' in result)) return;
        for (const problem of result.problems) expect(problem.message).toMatch(/^c\d needs \d+ MB, (a function|\S+) has/);
      }),
      settings,
    );
  });
});
