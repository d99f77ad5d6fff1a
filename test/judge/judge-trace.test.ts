import { describe, expect, it } from 'vitest';
import { FORECASTERS } from '../../models/forecast/index.ts';
import type { FluidDefinition } from '../../simulator/domain/fluid.ts';
import type { ForecasterDefinition } from '../../simulator/domain/forecaster.ts';
import type { PolicyScore, TraceScore } from '../../simulator/domain/judgement.ts';
import { ratioInterval } from '../../simulator/judge/bootstrap.ts';
import { judgeForecaster } from '../../simulator/judge/forecasts.ts';
import { judgeTrace } from '../../simulator/judge/judge-trace.ts';
import { meansOf } from '../../simulator/judge/means.ts';
import { POLICIES } from '../../simulator/judge/policies/index.ts';
import { days } from './fields.ts';

const last: FluidDefinition = {
  description: 'what the last load needed',
  create: ({ capacity }) => ({ order: (_, load) => Math.max(1, Math.ceil(load / (0.8 * capacity) - 1e-9)) }),
};

function judged(values: Float64Array, policies: Record<string, FluidDefinition> = {}, now = () => 0): TraceScore {
  const series = { name: 'made', step_s: 300, values };
  const all = { reactive: POLICIES.reactive as FluidDefinition, ...policies };
  return judgeTrace({ series, kappa: 20, policies: all, forecasters: FORECASTERS, now, done: () => undefined });
}

const score = (trace: TraceScore, name: string) => trace.policies.find((p) => p.name === name) as PolicyScore;

describe('on a load that never changes', () => {
  const trace = judged(new Float64Array(1400).fill(7), { last, static: POLICIES.static as FluidDefinition });

  it.each(['clairvoyant', 'last', 'static', 'reactive'])('%s costs what the demand costs', (name) => {
    expect(score(trace, name).cost_ratio).toBe(1);
    expect(score(trace, name).unserved).toBe(0);
    expect(score(trace, name).interval).toEqual([1, 1]);
  });

  it('has 20 instances at 80 %: the training mean is 16 instances fully used', () => {
    // 420 steps of 20 instances, nothing over, nothing under.
    expect(score(trace, 'last').elasticity).toMatchObject({
      accuracy_over: 0,
      accuracy_under: 0,
      theta_over_pct: 0,
      deviation: 0,
    });
    expect(trace).toMatchObject({ counts: true, lag: 1, points: 1400 });
  });
});

describe('on a load that alternates', () => {
  // Mean 16 at c = 1: 8 and 24 need 10 and 30 instances. The last demand is always the wrong one.
  const trace = judged(
    Float64Array.from({ length: 1400 }, (_, i) => (i % 2 === 0 ? 8 : 24)),
    { last },
  );

  it('the last demand has 30 for 10 and 10 for 30', () => {
    expect(score(trace, 'last').cost_ratio).toBeCloseTo((30 + 10 + 20 * 20) / 40, 9);
    expect(score(trace, 'last').unserved).toBeCloseTo((24 - 10) / 32, 9);
    expect(score(trace, 'last').elasticity.timeshare_under).toBe(0.5);
    expect(score(trace, 'last').elasticity.theta_under_pct).toBeCloseTo((100 * (20 / 30)) / 2, 9);
  });

  it('the tuned reactive rule finds a window that holds both: 30 all the time', () => {
    expect(score(trace, 'reactive').cost_ratio).toBeCloseTo(60 / 40, 9);
    expect(score(trace, 'reactive').options).toMatchObject({ headroom: 1 });
    expect(score(trace, 'last').to_rival).toBeCloseTo(440 / 60, 9);
  });

  it('the last demand loses it, and the means say so', () => {
    const means = meansOf([trace]);
    expect(means.policies.map((p) => p.name)).toEqual(['clairvoyant', 'reactive', 'last']);
    expect(means.policies.at(-1)).toMatchObject({ lost: ['made'], worst: { trace: 'made' } });
    expect(means.policies[1]?.lost).toEqual([]);
  });
});

it('times decisions and refits apart, and lets a policy refit before the next order', () => {
  let clock_ms = 0;
  const turns: string[] = [];
  const slow: FluidDefinition = {
    description: 'takes 2 ms for an order, and 700 for a refit after every hundredth',
    create: () => ({
      order(t) {
        clock_ms += 2;
        turns.push(`order ${t}`);
        return 20;
      },
      refit() {
        if (turns.length % 101 !== 100) return false;
        clock_ms += 700;
        turns.push('refit');
        return true;
      },
    }),
  };
  const trace = judged(new Float64Array(1400).fill(7), { slow }, () => clock_ms);
  expect(score(trace, 'slow')).toMatchObject({ decision_ms_p99: 2, refit_ms_max: 700 });
  expect(score(trace, 'reactive')).not.toHaveProperty('refit_ms_max');
  expect(turns.slice(99, 103)).toEqual(['order 99', 'refit', 'order 100', 'order 101']);
});

it('tunes on the first 70 % alone: another rest gives the same choice', () => {
  const values = days(2000, 288);
  const other = Float64Array.from(values, (y, i) => (i < 1400 ? y : 5 * y));
  expect(score(judged(other), 'reactive').options).toEqual(score(judged(values), 'reactive').options);
});

it('counts traces of 1,400 points and shows shorter ones without counting them', () => {
  const short = judged(days(1399, 288));
  expect(short.counts).toBe(false);
  expect(meansOf([short])).toEqual({ policies: [], forecasts: [] });
  expect(meansOf([short, judged(days(1400, 288))]).policies[0]?.cost_ratio).toBe(1);
});

describe('the interval of a ratio', () => {
  it('is a point where the ratio is the same everywhere, and holds the ratio where it is not', () => {
    const a = days(400, 50);
    expect(
      ratioInterval(
        a,
        a.map((y) => 2 * y),
        'x',
      ),
    ).toEqual([0.5, 0.5]);
    const b = days(400, 37);
    const [low, high] = ratioInterval(a, b, 'x');
    const whole = a.reduce((s, y) => s + y, 0) / b.reduce((s, y) => s + y, 0);
    expect(low).toBeLessThan(whole);
    expect(high).toBeGreaterThan(whole);
    expect(ratioInterval(a, b, 'x')).toEqual([low, high]);
  });
});

describe('forecasts', () => {
  const o = { history: Float64Array.of(1, 2, 3), load: Float64Array.from({ length: 40 }, (_, i) => i + 4), step_s: 60 };
  const ahead: ForecasterDefinition = {
    description: 'knows that one is added at each step',
    create: ({ history }) => {
      let now = history.at(-1) as number;
      return {
        observe: (y) => {
          now = y;
        },
        forecast: (h) => ({ mean: now + h / 2, upper95: now + h + 0.5 }),
      };
    },
  };

  it('are compared with the last value: half the slope known is half the error, at every horizon', () => {
    expect(judgeForecaster(ahead, o).map((a) => [a.horizon, a.error])).toEqual([
      [1, 0.5],
      [12, 0.5],
    ]);
    for (const { error } of judgeForecaster(FORECASTERS['last-value'] as ForecasterDefinition, o)) expect(error).toBe(1);
  });

  it('have a coverage, and a pinball loss at .95', () => {
    // Always .5 below the bound: .05 x .5; the last value is 1 too low at one step: .95.
    expect(judgeForecaster(ahead, o)[0]).toMatchObject({ coverage: 1, pinball: expect.closeTo(0.025, 9) });
    const bare: ForecasterDefinition = {
      description: 'the last value, and no bound above it',
      create({ history }) {
        const last = { y: history.at(-1) ?? 0 };
        return { observe: (y) => void Object.assign(last, { y }), forecast: () => ({ mean: last.y, upper95: last.y }) };
      },
    };
    const accuracy = judgeForecaster(bare, o)[0];
    expect(accuracy).toMatchObject({ coverage: 0, pinball: expect.closeTo(0.95, 9) });
  });
});
