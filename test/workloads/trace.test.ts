import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../workloads/trace.ts';

describe('a trace', () => {
  it('begins at 0 whatever its first stamp, with a header or without, in seconds or in ISO 8601', () => {
    const points = [
      [0, 5],
      [60, 7],
    ];
    expect(parseTrace('timestamp,value\n1000,5\n1060,7\n')).toEqual({ points });
    expect(parseTrace('1000,5\r\n1060,7')).toEqual({ points });
    expect(parseTrace('timestamp,value\n2014-02-14 14:27:00,5\n2014-02-14 14:28:00,7')).toEqual({ points });
    expect(parseTrace('2014-02-14T14:27:00Z,5\n2014-02-14T14:28:00Z,7')).toEqual({ points });
  });

  it.each([
    ['', 'at least 2'],
    ['timestamp,value\n', 'at least 2'],
    ['0,1\n0,2', 'after that of the line before'],
    ['0,1\n-5,2', 'ISO 8601 or seconds'],
    ['0,1\n60,-2', 'at least 0'],
    ['0,1\n60,NaN', 'at least 0'],
    ['0,1\n60', 'at least 0'],
    ['0,1,2\n60,1,3', 'two: timestamp,value'],
  ])('that is no trace says what it should be: %j', (text, expected) => {
    expect(JSON.stringify(parseTrace(text))).toContain(expected);
  });

  it('tells every bad line with its number, twenty at most', () => {
    const parsed = parseTrace(Array.from({ length: 50 }, (_, i) => `${i},x`).join('\n'));
    expect('problems' in parsed && parsed.problems.map((p) => p.path)).toEqual(
      Array.from({ length: 20 }, (_, i) => `line ${i + 1}`),
    );
  });
});
