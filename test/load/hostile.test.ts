import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../simulator/plan/load/load.ts';
import { broken, KNOWN, problemsOf, sound } from './fixture.ts';

describe('hostile input', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('a table named %s is refused wherever it stands', (name) => {
    const value = broken({}) as { application: { components: object } };
    Object.defineProperty(value.application.components, name, { value: { description: 'x' }, enumerable: true });
    expect(problemsOf(value)).toMatchObject([{ path: `application.components.${name}`, message: 'this name is not allowed' }]);
    expect(({} as Record<string, unknown>).description).toBeUndefined();
  });

  test('numbers that are none', () => {
    const problems = problemsOf(broken({ drain_s: Number.NaN, warmup_s: Number.POSITIVE_INFINITY }));
    expect(problems.map((p) => [p.path, p.message])).toEqual(
      [
        ['warmup_s', 'is Infinity'],
        ['drain_s', 'is NaN'],
      ].sort() as never,
    );
  });

  test('circles, depth and breadth end the search, with a problem and not with an overflow', () => {
    const circle: Record<string, unknown> = { name: 'x' };
    circle.application = { self: circle };
    expect(problemsOf(circle)[0]).toMatchObject({ path: 'application.self', message: 'contains itself' });
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(problemsOf({ name: deep })[0]?.message).toBe('is nested too deeply');
    const wide = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`c${i}`, {}]));
    expect(problemsOf(broken({ 'application/components': wide }))[0]?.message).toBe('has 10001 names');
    expect(problemsOf({ name: new Array(3_000_001).fill(0) })[0]?.message).toBe('is too large');
  });

  test('code and class instances are no data', () => {
    const problems = problemsOf(broken({ drain_s: () => 5, seeds: 5n, warmup_s: new Map([['a', 1]]) }));
    expect(problems.map((p) => p.message)).toEqual(expect.arrayContaining(['is a function', 'is a bigint', 'is a Map']));
  });

  test.each([null, undefined, 5, 'x', [], [sound()]])('%j is not a scenario', (value) => {
    expect(problemsOf(value)).toMatchObject([{ path: 'scenario', message: 'is not a scenario' }]);
  });

  test('an empty table is told everything that it lacks', () => {
    expect(problemsOf({}).map((p) => p.path)).toEqual(['name', 'description', 'application', 'workload', 'strategies']);
  });
});

describe('everything at once', () => {
  test('malformed fields, unknown names and contradictions come in one answer', () => {
    const paths = problemsOf(
      broken({
        'application/components/page/memry_mb': 5,
        'application/components/book/cpu_ms': -1,
        'application/components/judge/cpu_ms': { kind: 'uniform', min: 2, max: 1 },
        'application/components/book/steps': [{ cal: 'page' }, { call: 'pgae' }],
        'overrides/components/judge/platform': 'gpuu',
        strategies: ['hybird'],
        drain_s: Number.NaN,
        objectives: ['nonsense'],
      }),
    ).map((p) => p.path);
    expect(new Set(paths)).toEqual(
      new Set([
        'drain_s',
        'application.components.page.memry_mb',
        'application.components.book.cpu_ms',
        'application.components.judge.cpu_ms',
        'application.components.book.steps.0',
        'application.components.book.steps.1.call',
        'overrides.components.judge.platform',
        'application.entities.note.accepted',
        'strategies.0',
        'objectives.0',
      ]),
    );
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('no value at any place makes loading throw, and every refusal has words and a place', () => {
    const places = placesOf(sound(), '');
    const junk = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        null,
        -1,
        0,
        1e300,
        Number.NaN,
        '',
        'x y',
        true,
        [],
        {},
        [[]],
        { kind: 'x' },
        { __proto__x: 1 },
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (place, value) => {
        const loaded = loadScenario(broken({ [place]: value }), KNOWN);
        if ('problems' in loaded) {
          expect(loaded.problems.length).toBeGreaterThan(0);
          for (const { path, message } of loaded.problems) expect(path !== '' && message !== '').toBe(true);
        }
      }),
      { seed: 3, numRuns: 1500 },
    );
  });
});

/** Every path of a value, with slashes. */
function placesOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, item]) => placesOf(item, path === '' ? key : `${path}/${key}`));
  return path === '' ? below : [path, ...below];
}
