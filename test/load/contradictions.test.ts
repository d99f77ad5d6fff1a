import { describe, expect, test } from 'vitest';
import { sizeProblems } from '../../simulator/plan/load/size.ts';
import { broken, problemsOf } from './fixture.ts';

const messages = (changes: Readonly<Record<string, unknown>>) =>
  problemsOf(broken(changes)).map((p) => `${p.path}: ${p.message}`);
const cpu = 'application/components/page/cpu_ms';
const base = 'workload/arrivals/base';

describe('values that contradict each other', () => {
  test.each([
    [{ [cpu]: { kind: 'uniform', min: 5, max: 2 } }, 'application.components.page.cpu_ms: goes from 5 to 2'],
    [{ [cpu]: { kind: 'lognormal', p50: 5, p99: 2 } }, 'application.components.page.cpu_ms: has p99 2 below p50 5'],
    [{ [cpu]: { kind: 'pareto', min: 5, exponent: 1, cap: 2 } }, 'application.components.page.cpu_ms: has cap 2 below min 5'],
    [
      {
        [cpu]: {
          kind: 'quantiles',
          points: [
            [0.5, 3],
            [0.4, 4],
          ],
        },
      },
      'application.components.page.cpu_ms: has points that do not rise',
    ],
    [
      {
        [cpu]: {
          kind: 'quantiles',
          points: [
            [0.1, 3],
            [0.4, 2],
          ],
        },
      },
      'application.components.page.cpu_ms: has points that do not rise',
    ],
    [
      {
        [base]: {
          kind: 'ramp',
          points: [
            [0, 1],
            [5, 2],
            [5, 3],
          ],
        },
      },
      'workload.arrivals.base.points.2: is at 5 s, after 5 s',
    ],
    [
      {
        [base]: {
          kind: 'step',
          steps: [
            [9, 1],
            [5, 2],
          ],
        },
      },
      'workload.arrivals.base.steps.1: is at 5 s, after 9 s',
    ],
    [{ [base]: { kind: 'daily', low: 5, high: 2, period_s: 9, peak_at_s: 1 } }, 'workload.arrivals.base: has low 5 above high 2'],
    [{ [base]: { kind: 'trace', scale: 1, points: [] } }, 'workload.arrivals.base: has no points'],
    [{ 'workload/arrivals/operations': { read: 0 } }, 'workload.arrivals.operations: has no weight'],
    [{ 'workload/arrivals/object': 10 }, 'workload.arrivals.object: is 10'],
    [{ warmup_s: 60 }, 'warmup_s: is 60'],
    [{ strategies: ['hybrid', 'all-servers', 'hybrid'] }, 'strategies.2: hybrid is there twice'],
    [{ 'application/components/cache/cache': false }, 'application.operations.read.steps.0.cached: cache is no cache'],
    [
      { 'application/components/page/steps': [{ call: 'cache' }] },
      'application.components.page.steps.0.call: cache is a cache, which is looked up, not called',
    ],
    [
      { 'application/components/page/steps': [{ call: 'page' }] },
      'application.components.page.steps: calls itself in the end: page -> page',
    ],
    [
      { 'application/components/judge/memory_mb': 12_000, 'overrides/components/judge': { platform: 'function' } },
      'overrides.components.judge: judge needs 12000 MB, a function has at most 10240',
    ],
  ])('%j', (changes, message) => {
    expect(messages(changes)).toEqual([message]);
  });

  test('steps may nest a little, not without end', () => {
    const nest = (depth: number): unknown =>
      depth === 0 ? { read: 'notes' } : { parallel: [nest(depth - 1), { read: 'notes' }] };
    expect(messages({ 'application/components/page/steps': [nest(5)] })).toEqual([]);
    expect(messages({ 'application/components/page/steps': [nest(6)] })[0]).toMatch(/nests steps too deeply/);
  });

  test('more operations or events than a cell can number', () => {
    const many = Object.fromEntries(
      Array.from({ length: 33 }, (_, i) => [`o${i}`, { description: 'o', steps: [{ read: 'notes' }] }]),
    );
    expect(
      messages({
        'application/operations/x': undefined,
        ...Object.fromEntries(Object.entries(many).map(([k, v]) => [`application/operations/${k}`, v])),
      }),
    ).toEqual(['application.operations: has 35']);
    expect(messages({ 'application/operations': {} })).toContain('application.operations: is empty');
  });
});

describe('a chain of sessions', () => {
  const start = 'workload/sessions/start';
  const next = 'workload/sessions/next';

  test('needs a start with weight', () => {
    expect(messages({ [start]: {} })).toEqual(['workload.sessions.start: has no weight']);
    expect(messages({ [start]: { read: 0 } })).toEqual(['workload.sessions.start: has no weight']);
  });

  test('has no row that nothing leads to, unless a crowd comes for it', () => {
    const lonely = { [start]: { write: 1 }, [next]: { read: { leave: 1 }, write: { leave: 1 } } };
    expect(messages({ ...lonely, 'workload/arrivals': { kind: 'constant', rate: 1 } })).toEqual([
      'workload.sessions.next.read: is never reached',
    ]);
    expect(messages(lonely)).toEqual([]);
  });

  test('lets every session end, also one that has gone into a circle', () => {
    expect(messages({ [next]: { read: { write: 1 }, write: { read: 1 } } })).toEqual([
      'workload.sessions.next: never lets a session end after read, write',
    ]);
    expect(messages({ [next]: { read: { write: 1, leave: 1 }, write: { write: 1 } } })).toEqual([
      'workload.sessions.next: never lets a session end after write',
    ]);
    expect(messages({ [next]: { read: { write: 1 } } })).toEqual([]);
  });

  test('has weights in every row that is there', () => {
    expect(messages({ [next]: { read: { write: 0, leave: 0 }, write: { leave: 1 } } })).toContain(
      'workload.sessions.next.read: has no weight',
    );
  });
});

describe('a load beyond memory', () => {
  const workload = { duration_s: 3600, arrivals: { kind: 'constant', rate: 1000 } } as never;

  test('is refused before anything runs, with what it would need', () => {
    expect(messages({ 'workload/arrivals': { kind: 'constant', rate: 1e7 } })[0]).toMatch(
      /asks for about 600,000,000 operations, which need 71.5 GiB; 16.0 GiB are there/,
    );
    expect(messages({ 'workload/arrivals/factor': 1000, 'workload/arrivals/base': { kind: 'constant', rate: 1e6 } })[0]).toMatch(
      /operations/,
    );
  });

  test('the rate factor, the cells at once and the memory of the machine count', () => {
    const memory_bytes = 2 ** 30;
    expect(sizeProblems(workload, { factor: 1, memory_bytes })).toEqual([]);
    expect(sizeProblems(workload, { factor: 2, cells: 2, memory_bytes })).toHaveLength(1);
    expect(sizeProblems(workload, { factor: 1e5, memory_bytes })[0]?.expected).toMatch(/at most 8,388,608 operations/);
  });
});
