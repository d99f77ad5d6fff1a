import { describe, expect, it } from 'vitest';
import { ewmaMethod } from '../../models/forecast/ewma.ts';
import { holtWintersMethod } from '../../models/forecast/holt-winters.ts';
import { FORECASTERS } from '../../models/forecast/index.ts';
import { lastValueMethod } from '../../models/forecast/last-value.ts';
import { seasonsOf } from '../../models/forecast/learning/seasons.ts';
import { medianMethod } from '../../models/forecast/median.ts';
import { copyOf } from '../../models/forecast/method.ts';
import { periodShapeMethod } from '../../models/forecast/period-shape.ts';
import { ridgeMethod } from '../../models/forecast/ridge-ar.ts';
import { seasonalMeanMethod, seasonalNaiveMethod } from '../../models/forecast/seasonal-naive.ts';
import { thetaMethod } from '../../models/forecast/theta.ts';
import { along, draws, said, seriesOf, times } from './series.ts';

const SEASON = 24;
const sine = (count: number) => times(count, (i) => 100 + 50 * Math.sin((2 * Math.PI * i) / SEASON));
const saw = (count: number) => times(count, (i) => 10 + (i % SEASON));

describe('forecasts known on paper', () => {
  it('the last value stays', () => expect(said(lastValueMethod, [3, 1, 4], 9)).toBe(4));

  it('a mean with weight 1/2 of 8, 0, 0, after the plain mean of its first two', () => {
    expect(said(ewmaMethod(0.5), [8], 1)).toBe(8);
    expect(said(ewmaMethod(0.5), [8, 0], 1)).toBe(4);
    expect(said(ewmaMethod(0.5), [8, 0, 0], 5)).toBe(2);
  });

  it('the median does not hear one spike', () => expect(said(medianMethod(5), [2, 2, 900, 3, 2], 1)).toBe(2));

  it('Holt-Winters without damping goes on along a straight line exactly', () => {
    const line = times(30, (i) => 5 + 2 * i);
    const method = holtWintersMethod({ alpha: 0.3, beta: 0.1, gamma: 0.1, damping: 1 });
    expect(said(method, line, 1)).toBeCloseTo(5 + 2 * 30, 9);
    expect(said(method, line, 10)).toBeCloseTo(5 + 2 * 39, 9);
  });

  it('Holt-Winters damped stays flat where the series is', () => {
    expect(
      said(
        holtWintersMethod({ alpha: 0.3, beta: 0.1, gamma: 0.1, damping: 0.9 }),
        times(50, () => 7),
        12,
      ),
    ).toBeCloseTo(7, 9);
  });

  it('Holt-Winters repeats a season that it was not told of', () => {
    const values = saw(400);
    const method = holtWintersMethod({ alpha: 0.1, beta: 0.01, gamma: 0.3, damping: 0.9 });
    for (const h of [1, 7, 24, 30]) expect(said(method, values, h)).toBeCloseTo(10 + ((400 + h - 1) % SEASON), 0);
  });

  it('Theta of a constant is the constant, and of a line goes up by half of its slope', () => {
    expect(
      said(
        thetaMethod,
        times(40, () => 6),
        5,
      ),
    ).toBeCloseTo(6, 9);
    const line = times(60, (i) => 3 * i);
    expect(said(thetaMethod, line, 11) - said(thetaMethod, line, 1)).toBeCloseTo(0.5 * 3 * 10, 6);
  });

  it('seasonal naive and seasonal mean repeat the season, over more than one too', () => {
    const values = saw(200);
    for (const h of [1, 5, 24, 25, 60]) {
      expect(said(seasonalNaiveMethod(0), values, h)).toBe(10 + ((200 + h - 1) % SEASON));
      expect(said(seasonalMeanMethod(0, ewmaMethod(0.1)), values, h)).toBe(10 + ((200 + h - 1) % SEASON));
    }
  });

  it('ridge regression learns a sine, a step and twelve steps ahead', () => {
    const values = sine(600);
    for (const horizon of [1, 12]) {
      const truth = 100 + 50 * Math.sin((2 * Math.PI * (599 + horizon)) / SEASON);
      expect(said(ridgeMethod({ horizon, forgetting: 0.999 }), values, horizon)).toBeCloseTo(truth, 0);
      expect(said(ridgeMethod({ horizon, forgetting: 0.999, isSeasonal: true }), values, horizon)).toBeCloseTo(truth, 0);
    }
  });

  it('level times shape carries a doubled level to the next step of the season', () => {
    const values = sine(240).map((value, i) => (i >= 238 ? 1.5 * value : value));
    const usual = 100 + 50 * Math.sin((2 * Math.PI * 240) / SEASON);
    expect(said(periodShapeMethod, values, 1) / usual).toBeGreaterThan(1.4);
    expect(said(periodShapeMethod, values, 1) / usual).toBeLessThan(1.6);
  });
});

describe('seasons', () => {
  it('are found from the data, noise and a flash crowd notwithstanding', () => {
    const draw = draws(7);
    const noisy = sine(800).map((value, i) => value + 30 * draw() + (i === 500 ? 1e6 : 0));
    expect(seasonsOf(noisy)[0]).toBe(SEASON);
  });

  it('are as long as the whole pattern where a short one lies within a long one', () => {
    const values = times(3000, (i) => 200 + 60 * Math.sin((2 * Math.PI * i) / 24) + 30 * Math.sin((2 * Math.PI * i) / 168));
    expect(seasonsOf(values)[0]).toBe(168);
  });

  it('are none in noise, in a constant, in nothing', () => {
    const draw = draws(3);
    expect(seasonsOf(times(2000, draw))).toEqual([]);
    expect(seasonsOf(times(200, () => 5))).toEqual([]);
    expect(seasonsOf([])).toEqual([]);
  });
});

describe.each(Object.entries(FORECASTERS))('the forecaster %s', (_, definition) => {
  const draw = draws(11);
  const values = sine(300).map((value) => value * (0.8 + 0.4 * draw()));

  it('says the same of the past whatever the future is', () => {
    const cut = 200;
    const other = [...values.slice(0, cut), ...values.slice(cut).reverse()];
    expect(along(definition, other, 3).slice(0, cut - 3)).toEqual(along(definition, values, 3).slice(0, cut - 3));
    const ends = [values, other].map((all) => {
      const forecaster = definition.create({ step_s: 60, history: Float64Array.from(all.slice(0, cut)) });
      return forecaster.forecast(3);
    });
    expect(ends[0]).toEqual(ends[1]);
  });

  it('says the same whether it is asked early or late, and asking changes nothing', () => {
    const early = definition.create({ step_s: 60, history: new Float64Array() });
    const late = definition.create({ step_s: 60, history: new Float64Array() });
    for (const value of values) {
      early.observe(value);
      late.observe(value);
      early.forecast(12);
      early.forecast(1);
    }
    expect(late.forecast(12)).toEqual(early.forecast(12));
  });

  it('stands nothing, zeros and a flash crowd', () => {
    for (const odd of [[], [0], times(100, () => 0), [...times(80, () => 1), 1e9, ...times(40, () => 1)]]) {
      const forecaster = definition.create({ step_s: 60, history: Float64Array.from(odd) });
      const { mean, upper95 } = forecaster.forecast(2);
      expect(Number.isFinite(mean) && mean >= 0 && upper95 >= mean).toBe(true);
    }
  });
});

describe('a state', () => {
  it('is plain JSON, and its copy does not share', () => {
    const method = ridgeMethod({ horizon: 1, forgetting: 0.999 });
    const state = method.initial();
    const copy = copyOf(state);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    for (let i = 1; i < 30; i++) method.observe(state, seriesOf(saw(i)));
    expect(copy).toEqual(method.initial());
  });
});
