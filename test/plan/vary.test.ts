import { describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { type Scenario, ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { AT_LEAST, AT_MOST } from '../../simulator/plan/parameters/limits.ts';
import { type Variable, variablesOf } from '../../simulator/plan/variables.ts';
import { changed, variationsOf, varied } from '../../simulator/plan/vary.ts';
import { type Rows, recompiled, rowsOf } from '../../simulator/run/rows.ts';

/** `hello`, with a worker that has something to do for every kind of platform. */
const scenario: Scenario = ScenarioSchema.parse({
  ...hello,
  application: {
    ...hello.application,
    components: { ...hello.application.components, thank: { ...hello.application.components.thank, cpu_ms: 20, gpu_ms: 5 } },
  },
});

function rowsUnder(strategies: readonly string[], of = scenario): Rows {
  return rowsOf(of, { strategies, controllers: [], rates: [1], seeds: [1], wantsLedger: false });
}

function variables(strategies: readonly string[], of = scenario): Variable[] {
  return variablesOf(
    of,
    rowsUnder(strategies, of).rows.map(({ plan }) => plan),
  );
}

function named(all: readonly Variable[], name: string): Variable {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not among ${all.map((one) => one.name).join(', ')}`);
  return found;
}

/** The plan of one strategy after one variable went one way. */
function planAfter(strategy: string, name: string, way: 'halved' | 'doubled', of = scenario): Plan {
  const rows = rowsUnder([strategy], of);
  const [row] = rows.rows;
  if (row === undefined) throw new Error('no row');
  const variation = variationsOf([named(variables([strategy], of), name)]).find((one) => one.way === way);
  if (variation === undefined) throw new Error(`${name} cannot be ${way}`);
  const compiled = recompiled(varied(of, variation, row.plan), row, rows);
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.plan;
}

const valueIn = (plan: Plan, path: string, name: string) => plan.parts.find((part) => part.path === path)?.values[name];

describe('half and double', () => {
  const law = { kind: 'lognormal' as const, p50: 10, p99: 40 };
  it.each([
    ['of a number', 4, 'ms', [0, 100], 2, 8],
    ['end where its range ends', 4, 'ms', [3, 5], 3, 5],
    ['of a number at both ends of its range are no change', 4, 'ms', [4, 4], null, null],
    ['of what lies outside its range go back, never further', 4, 'ms', [6, 10], null, 8],
    ['of a law change all of it', law, 'ms', [1, 100], { ...law, p50: 5, p99: 20 }, { ...law, p50: 20, p99: 80 }],
    [
      'of a law end where its median meets the range',
      law,
      'ms',
      [1, 15],
      { ...law, p50: 5, p99: 20 },
      { ...law, p50: 15, p99: 60 },
    ],
    ['of what comes in wholes are whole', 3, 'retry', [0, 10], 2, 6],
    ['of nothing: only the top of the range', 0, 'gateway', [0, 3], null, 3],
    ['of a switch that is off: on', 0, '0 or 1', [0, 1], null, 1],
    ['of a switch that is on: off', 1, '0 or 1', [0, 1], 0, null],
  ] as const)('%s', (_, value, unit, range, half, double) => {
    const to = (way: 'halved' | 'doubled') => changed(value, { unit, range, way })?.to ?? null;
    expect([to('halved'), to('doubled')]).toEqual([half, double]);
  });

  it('say when a range has cut them', () => {
    const cut = (range: readonly [number, number]) => changed(4, { unit: 'ms', range, way: 'doubled' })?.cut;
    expect([cut([1, 8]), cut([1, 7])]).toEqual([false, true]);
  });
});

describe('what is varied', () => {
  it('has every demand that is not nothing', () => {
    const demands = variables(['all-functions']).filter(({ what }) => what === 'demand');
    expect(demands.map(({ name }) => name)).toEqual(['page cpu_ms', 'book cpu_ms', 'thank cpu_ms', 'thank gpu_ms']);
  });

  it('has no parameter of a part that no compared plan has', () => {
    const kinds = (strategies: string[]) =>
      new Set(variables(strategies).flatMap(({ members }) => members.map(({ path }) => path.split('.')[0])));
    expect([...kinds(['all-functions'])].filter((kind) => kind === 'server' || kind === 'gpu')).toEqual([]);
    expect([...kinds(['all-functions', 'hybrid-gpu'])]).toEqual(expect.arrayContaining(['server', 'gpu']));
  });

  it('has a number that stands under several paths once', () => {
    const shared = named(variables(['all-functions', 'hybrid-gpu']), '{function,gpu,server}.log_kb');
    expect(shared.members.map(({ path }) => path)).toEqual(['function.log_kb', 'gpu.log_kb', 'server.log_kb']);
    const slots = named(variables(['all-servers']), 'server.*.slots');
    expect(slots.members.map(({ path }) => path).sort()).toEqual([
      'server.book.slots',
      'server.page.slots',
      'server.thank.slots',
    ]);
  });

  it('takes numbers of one name and reason that differ for two', () => {
    const all = variables(['all-servers', 'hybrid-gpu']);
    expect(named(all, 'server.queue_limit').members).toEqual([{ path: 'server.queue_limit', value: 100 }]);
    expect(named(all, 'gpu.queue_limit').members).toEqual([{ path: 'gpu.queue_limit', value: 200 }]);
  });

  it('tells two assumptions of the same name apart by who makes them', () => {
    const names = variables(['all-functions', 'all-servers']).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['gateway.added_ms (all-functions)', 'gateway.added_ms (all-servers)']));
    expect(new Set(names).size).toBe(names.length);
  });

  it('has neither decisions of placement and sizing nor what is documented', () => {
    const paths = variables(['all-functions', 'hybrid-gpu']).flatMap(({ members }) => members.map(({ path }) => path));
    for (const path of paths)
      expect(path).not.toMatch(/memory_mb|batch_max|batch_wait|sizing\.|timeout_s|visibility|fills_while/);
  });

  it('keeps what the scenario sets in place of an assumption, and leaves its settings', () => {
    const own = { ...scenario, parameters: { 'sqs.thank.receives_max': 8, 'sqs.thank.visibility_timeout_s': 90 } };
    const all = variables(['all-functions'], own);
    expect(named(all, 'sqs.thank.receives_max').members).toEqual([{ path: 'sqs.thank.receives_max', value: 8 }]);
    expect(all.map(({ name }) => name).filter((name) => name.includes('visibility'))).toEqual([]);
  });

  it('stays where models can work', () => {
    for (const { variable, to } of variationsOf(variables(['all-functions', 'hybrid-gpu']))) {
      if (variable.what === 'demand' || typeof to !== 'number') continue;
      const [kind, ...rest] = (variable.members[0]?.path ?? '').split('.');
      const limit = `${kind}.${rest.at(-1)}`;
      expect(to, limit).toBeGreaterThanOrEqual(AT_LEAST[limit] ?? 0);
      expect(to, limit).toBeLessThanOrEqual(AT_MOST[limit] ?? Number.MAX_VALUE);
    }
  });
});

describe('a variation', () => {
  it('reaches every part that takes the number, and no other number', () => {
    const [plain] = rowsUnder(['all-servers']).rows;
    const plan = planAfter('all-servers', 'server.disk_gb', 'doubled');
    for (const part of plan.parts) {
      const before = plain?.plan.parts.find(({ path }) => path === part.path);
      const expected = part.kind === 'server' ? { ...before?.values, disk_gb: 40 } : before?.values;
      expect(part.values, part.path).toEqual(expected);
    }
  });

  it('of a number for all leaves a part that has its own', () => {
    const own = { ...scenario, parameters: { 'server.page.queue_limit': 7 } };
    const plan = planAfter('all-servers', 'server.queue_limit', 'doubled', own);
    expect(valueIn(plan, 'server/page', 'queue_limit')).toBe(7);
    expect(valueIn(plan, 'server/book', 'queue_limit')).toBe(200);
  });

  it('of a demand sizes pools again', () => {
    const busy = { ...scenario, application: structuredClone(scenario.application) };
    (busy.application.components.page as { cpu_ms: number }).cpu_ms = 200;
    const initial = (plan: Plan | undefined) => plan?.parts.find(({ path }) => path === 'server/page')?.sizing?.initial ?? 0;
    const before = initial(rowsUnder(['all-servers'], busy).rows[0]?.plan);
    expect(initial(planAfter('all-servers', 'page cpu_ms', 'doubled', busy))).toBeGreaterThan(before);
  });
});
