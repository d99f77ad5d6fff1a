import { describe, expect, test } from 'vitest';
import { changesOf } from '../../simulator/measure/changes.ts';

describe('what changed between two pieces of data', () => {
  test('is told leaf by leaf, with what is new and what is gone', () => {
    const a = { x: { cpu_ms: 5, wait_ms: 1 }, gone: true };
    const b = { x: { cpu_ms: 50, wait_ms: 1 }, come: { y: 2 } };
    expect(changesOf(a, b)).toEqual([
      { path: 'x.cpu_ms', a: 5, b: 50 },
      { path: 'gone', a: true },
      { path: 'come', b: { y: 2 } },
    ]);
  });

  test('is nothing where nothing changed', () => {
    expect(changesOf({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
  });

  test('in a list of words is the words themselves, not all that stands behind them', () => {
    expect(changesOf(['p95 <= 1 s', 'lost == 0'], ['error_rate <= 1 %', 'p95 <= 1 s', 'lost == 0'], 'objectives')).toEqual([
      { path: 'objectives', b: 'error_rate <= 1 %' },
    ]);
    expect(changesOf(['a', 'b'], ['b', 'a'], 'order')).toEqual([{ path: 'order', a: ['a', 'b'], b: ['b', 'a'] }]);
  });

  test('in lists of equal length is inside the entry, else the list as a whole; a point of a curve is one thing', () => {
    expect(changesOf([{ call: 'a' }, { call: 'b' }], [{ call: 'a' }, { call: 'c' }], 'steps')).toEqual([
      { path: 'steps.1.call', a: 'b', b: 'c' },
    ]);
    expect(changesOf([{ call: 'a' }], [], 'steps')).toEqual([{ path: 'steps', a: [{ call: 'a' }], b: [] }]);
    expect(changesOf([[0, 1]], [[0, 2]], 'points')).toEqual([{ path: 'points', a: [[0, 1]], b: [[0, 2]] }]);
  });

  test('does not reach into what every object inherits', () => {
    expect(changesOf({}, JSON.parse('{"constructor": 1}'))).toEqual([{ path: 'constructor', b: 1 }]);
  });
});
