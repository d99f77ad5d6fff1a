import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latencyLimits, type Objective, OPERATORS, parseObjective, pointed } from '../../simulator/measure/objectives.ts';

const read = (text: string): Objective => {
  const parsed = parseObjective(text);
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  return parsed.objective;
};
const known = {
  operations: ['view-feed', 'create-post'],
  lags: ['post-created', 'moderation'],
  checks: ['lost', 'twice', 'shown_before_moderated'],
};

test('a caret points at what is wrong with a line', () => {
  expect(pointed('p59 <= 2 s', { message: 'no', at: 0 }).split('\n')).toEqual(['no', '      p59 <= 2 s', '      ^']);
  expect(pointed('p95 <=', { message: 'no', at: 6 }).split('\n').at(-1)).toBe('            ^');
});

test('a line relative to a baseline limits nobody but the gate', () => {
  expect(latencyLimits(['p99 <= baseline * 1.05', 'p95 <= 2 s']).map((limit) => limit.text)).toEqual(['p95 <= 2 s']);
});

describe('reading an objective', () => {
  test.each([
    ['view-feed p95 <= 250 ms', { operation: 'view-feed', measure: 'p95', op: '<=', value: 250, unit: 'ms' }],
    ['p999<2s', { operation: null, measure: 'p999', op: '<', value: 2, unit: 's' }],
    ['error_rate <= 0.1 %', { operation: null, measure: 'error_rate', op: '<=', value: 0.1, unit: '%' }],
    ['create-post error_rate < .01', { operation: 'create-post', measure: 'error_rate', op: '<', value: 0.01, unit: '' }],
    ['lost == 0', { operation: null, measure: 'lost', op: '==', value: 0, unit: '' }],
    ['shown_before_moderated <= 1e3', { operation: null, measure: 'shown_before_moderated', op: '<=', value: 1000, unit: '' }],
    ['  throughput   >=  100 /s ', { operation: null, measure: 'throughput', op: '>=', value: 100, unit: '/s' }],
    ['cost_per_month <= 500 $', { operation: null, measure: 'cost_per_month', op: '<=', value: 500, unit: '$' }],
    ['cost_per_million < 12.5', { operation: null, measure: 'cost_per_million', op: '<', value: 12.5, unit: '$' }],
    ['moderation lag_p99 <= 5 min', { operation: 'moderation', measure: 'lag_p99', op: '<=', value: 5, unit: 'min' }],
    ['p99 <= baseline', { operation: null, measure: 'p99', op: '<=', value: 0, unit: 'ms', baseline: { times: 1 } }],
    [
      'view-feed p99<=baseline*1.05',
      { operation: 'view-feed', measure: 'p99', op: '<=', value: 0, unit: 'ms', baseline: { times: 1.05 } },
    ],
    [
      'error_rate <= baseline + 0.1 %',
      { operation: null, measure: 'error_rate', op: '<=', value: 0.1, unit: '%', baseline: { times: 1 } },
    ],
    ['lost == baseline+2', { operation: null, measure: 'lost', op: '==', value: 2, unit: '', baseline: { times: 1 } }],
    ['view-feed max > 1', { operation: 'view-feed', measure: 'max', op: '>', value: 1, unit: 'ms' }],
  ])('%s', (text, expected) => {
    expect(parseObjective(text, known)).toEqual({ objective: { text, ...expected } });
  });

  test.each([
    ['view-fed p95 <= 250 ms', 0, /no operation 'view-fed'.*did you mean view-feed/, 'view-feed'],
    ['view-feed p59 <= 250 ms', 10, /'p59' stands where a measure/, 'p95'],
    ['view-feed p95 =< 250 ms', 14, /'=<' stands where one of/, '<='],
    ['lost = 0', 5, /did you mean ==/, '=='],
    ['view-feed p95 <= fast', 17, /'fast' stands where a number/, undefined],
    ['view-feed p95 <= -3 ms', 17, /a number from 0/, undefined],
    ['view-feed p95 <= 250 %', 21, /'%' is no unit of p95 \(ms, s, min\)/, undefined],
    ['view-feed p95 <= 250 mss', 21, /did you mean ms/, 'ms'],
    ['view-feed p95 <= 250 ms please', 24, /nothing may follow here, but 'please'/, undefined],
    ['view-feed p95 <=', 16, /the line ends where a number/, undefined],
    ['view-feed p95', 13, /the line ends where one of <= < >= > ==/, undefined],
    ['', 0, /the line ends where a measure/, undefined],
    ['view-feed cost_per_month <= 5 $', 0, /leave out 'view-feed'/, undefined],
    ['cost_per_month <= $5', 18, /500 \$/, undefined],
    ['lost == 0 ms', 10, /a count and has no unit/, undefined],
    ['error_rate <= 5', 14, /for per cent write 5 %/, undefined],
    ['shown_before_cooked == 0', 0, /a measure was expected/, 'shown_before_moderated'],
    ['moderatoin lag_p99 <= 5 s', 0, /no event or component/, 'moderation'],
    ['constructor <= 5', 0, /a measure was expected/, undefined],
    ['p95 <= basline * 2', 7, /'basline' stands where a number/, undefined],
    ['p95 <= baseline / 2', 16, /'\/' stands where \* or \+ was expected/, '*'],
    ['p95 <= baseline * 2 ms', 20, /nothing may follow here, but 'ms'/, undefined],
    ['p95 <= baseline * -1', 18, /a number from 0/, undefined],
    ['p95 <= baseline + 3 $', 20, /'\$' is no unit of p95/, undefined],
    ['p95 <= 1e999 ms', 7, /a number from 0/, undefined],
  ])('%s is wrong at column %d', (text, at, message, suggestion) => {
    const parsed = parseObjective(text, known);
    if (!('problem' in parsed)) throw new Error('was accepted');
    expect(parsed.problem).toMatchObject({ at, message: expect.stringMatching(message) });
    expect(parsed.problem.suggestion).toBe(suggestion);
  });

  test('whatever is written, there is an objective or a problem inside the line', () => {
    const words = fc.constantFrom(
      'view-feed',
      'p95',
      '<=',
      '=',
      '250',
      'ms',
      '%',
      '$',
      ' ',
      '-',
      '/s',
      'lost',
      '1e9',
      '__proto__',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 60 }),
          fc.array(words).map((w) => w.join(' ')),
        ),
        (text) => {
          const parsed = parseObjective(text, known);
          if ('problem' in parsed) expect(parsed.problem.at).toBeLessThanOrEqual(text.length);
          else expect(OPERATORS).toContain(parsed.objective.op);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('latency limits', () => {
  test('are the upper bounds on quantiles, in milliseconds', () => {
    const lines = [
      'view-feed p95 <= 250 ms',
      'p99 < 2 s',
      'mean <= 5 ms',
      'p50 >= 1 ms',
      'lost == 0',
      'nonsense',
      'lag_p99 <= 1 s',
    ];
    expect(latencyLimits(lines)).toEqual([
      { operation: 'view-feed', quantile: 0.95, limit_ms: 250, text: 'view-feed p95 <= 250 ms' },
      { operation: null, quantile: 0.99, limit_ms: 2000, text: 'p99 < 2 s' },
    ]);
  });

  test('what is read as a limit is what the line says', () => {
    expect(read('p95 <= 0.5 min').value).toBe(0.5);
    expect(latencyLimits(['p95 <= 0.5 min'])[0]?.limit_ms).toBe(30_000);
  });
});
