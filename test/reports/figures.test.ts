import { describe, expect, test } from 'vitest';
import { amount, between, clock, duration, large, law, ms, percent, usd, usdExact } from '../../reports/figures.ts';
import { limitOf, measuredValue } from '../../reports/objective-text.ts';
import { sparkline } from '../../reports/sparkline.ts';
import { plain } from '../../reports/text.ts';

describe('numbers for people', () => {
  test.each([
    [0.1234, '0.12 ms'],
    [36, '36 ms'],
    [36.04, '36.0 ms'],
    [998.6, '999 ms'],
    [999.6, '1.00 s'],
    [59_940, '59.9 s'],
    [59_970, '1 min'],
    [125_000, '2 min 5 s'],
    [5_400_000, '1 h 30 min'],
    [null, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%s ms is %s', (value, text) => expect(ms(value)).toBe(text));

  test.each([
    [0, '$0'],
    [0.0042, '$0.0042'],
    [4.205, '$4.21'],
    [99.99, '$99.99'],
    [99.996, '$100'],
    [1234.5, '$1,235'],
    [-3, '−$3.00'],
    [null, '–'],
  ])('%s dollars are %s', (value, text) => expect(usd(value)).toBe(text));

  test.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.00002, '<0.01 %'],
    [0.99995, '>99.99 %'],
    [0.9996, '99.96 %'],
    [0.0312, '3.12 %'],
    [0.00312, '0.31 %'],
    [0.5, '50 %'],
  ])('a share of %s is %s: 0 and 100 only when it is exactly that', (value, text) => expect(percent(value)).toBe(text));

  test('the rest is written as it is read', () => {
    expect(amount(1234.5)).toBe('1,235');
    expect(amount(0.1234)).toBe('0.123');
    expect(large(3_456_789)).toBe('3.46 M');
    expect(clock(1140)).toBe('19:00');
    expect(clock(3661)).toBe('1:01:01');
    expect(duration(9.4)).toBe('9.40 s');
    expect(usdExact(0.0000166667)).toBe('$0.0000166667');
    expect(between([130.4, 139.2], ms)).toBe('130 to 139 ms');
    expect(between([990, 1010], ms)).toBe('990 ms to 1.01 s');
    expect(law({ kind: 'lognormal', p50: 210, p99: 640 })).toBe('lognormal, p50 210, p99 640');
    expect(law(0.0000002)).toBe('0.0000002');
  });
});

describe('objectives in reports', () => {
  test('a value is written in the unit of its line', () => {
    expect(measuredValue({ text: 'view-feed p99 <= 320 ms', met: true, value: 223.2 })).toBe('223 ms');
    expect(measuredValue({ text: 'lag_p99 <= 15 s', met: true, value: 8.74 })).toBe('8.74 s');
    expect(measuredValue({ text: 'error_rate <= 1 %', met: false, value: 3.1 })).toBe('3.1 %');
    expect(measuredValue({ text: 'error_rate <= 0.01', met: false, value: 0.031 })).toBe('3.1 %');
    expect(measuredValue({ text: 'cost_per_month <= 500 $', met: true, value: 412.2 })).toBe('$412');
    expect(measuredValue({ text: 'throughput >= 100 /s', met: true, value: 101.25 })).toBe('101 /s');
    expect(measuredValue({ text: 'violation_minutes <= 2 min', met: true, value: 0.2 })).toBe('0.2 min');
    expect(measuredValue({ text: 'lost == 0', met: false, value: 2.4 })).toBe('2.4');
    expect(measuredValue({ text: 'p99 <= 1 s', met: false, value: null })).toBe('not served');
    expect(measuredValue({ text: 'p99 <= 1 s', met: null, value: null })).toBe('too few samples');
  });

  test('only upper limits on latency quantiles are corners of the curves', () => {
    expect(limitOf('view-feed p99 <= 1.5 s')).toEqual({ operation: 'view-feed', share: 0.99, limit_ms: 1500 });
    expect(limitOf('p95 < 250')).toEqual({ operation: null, share: 0.95, limit_ms: 250 });
    expect(limitOf('view-feed p99 >= 1 s')).toBeNull();
    expect(limitOf('view-feed mean <= 1 s')).toBeNull();
    expect(limitOf('nonsense')).toBeNull();
  });
});

describe('text for people', () => {
  test('a sparkline has the width asked for, its peak where the peak is', () => {
    const line = sparkline(
      [
        [0, 0],
        [90, 0],
        [100, 8],
        [110, 0],
        [200, 0],
      ],
      20,
    );
    expect([...line]).toHaveLength(20);
    expect(line.indexOf('█')).toBeGreaterThanOrEqual(9);
    expect(line.indexOf('█')).toBeLessThanOrEqual(10);
    expect(sparkline([], 20)).toBe('');
    expect(
      sparkline(
        [
          [0, 0],
          [10, 0],
        ],
        3,
      ),
    ).toBe('▁▁▁');
  });

  test('what a terminal or a reader of bidirectional text would obey becomes visible', () => {
    expect(plain('a\u001b[2Jb\u202ec\nd\u0007')).toBe('a\\u001b[2Jb\\u202ec d\\u0007');
    expect(plain('שלום 😀')).toBe('שלום 😀');
  });
});
