import { describe, expect, it } from 'vitest';
import { holtWinters, linear } from '../../simulator/controllers/replica-forecast.ts';
import { InputError } from '../../simulator/domain/problem.ts';
import { controller, trace } from './pool.ts';

describe('predictive-hpa', () => {
  it('is the HPA where nothing changes', () => {
    expect(trace(controller('predictive-hpa', { target: 0.5 }), [{ cpu: 0.5 }, { cpu: 0.5 }], { from: 10 })).toEqual([10, 10]);
  });

  it('goes beyond the HPA by the slope of its recommendations, one interval ahead here', () => {
    // HPA: 10, 12; the line goes on to 14.
    const c = controller('predictive-hpa', { target: 0.5, look_ahead_s: 15 });
    expect(trace(c, [{ cpu: 0.5 }, { cpu: 0.6 }], { from: 10 })).toEqual([10, 14]);
  });

  it('never goes below the HPA: of forecast and now the larger counts', () => {
    const c = controller('predictive-hpa', { target: 0.5, look_ahead_s: 60, stabilisation_down_s: 0 });
    expect(trace(c, [{ cpu: 0.5 }, { cpu: 0.25 }], { from: 10 })).toEqual([10, 5]);
  });

  it('knows a season once it has seen it twice', () => {
    const c = controller('predictive-hpa', { model: 'holt-winters', target: 0.5, season_s: 60, stabilisation_down_s: 0 });
    const season = [10, 10, 10, 20];
    const sizes = [...season, ...season, ...season];
    // The pool follows at once, so use is load over size.
    let state = c.initial;
    let size = 10;
    const wanted = sizes.map((load, i) => {
      const seen = { at_s: (i + 1) * 15, interval_s: 15, ready: size, starting: 0, draining: 0, busy: 0, queued: 0, arrivals: 0 };
      const rest = {
        completions: 0,
        utilisation: 0,
        cpu: (load * 0.5) / size,
        minimum: 1,
        maximum: 1000,
        slots: 1,
        holding_s: 1,
      };
      const outcome = c.decide(state, { ...seen, ...rest });
      state = outcome.state;
      size = outcome.wanted;
      return size;
    });
    expect(wanted.slice(4, 7)).toEqual([10, 10, 10]);
    expect(wanted[10]).toBeGreaterThan(10);
  });

  it('refuses a model that it has not', () => {
    expect(() => controller('predictive-hpa', { model: 'lstm' })).toThrow(InputError);
  });
});

describe('forecasts of sizes', () => {
  it('the line through points on a line is that line', () => {
    expect(linear([1, 3, 5, 7], 2)).toBeCloseTo(11, 9);
    expect(linear([4], 10)).toBe(4);
  });

  it('Holt-Winters repeats a season that repeats, with its trend, and says nothing before two seasons', () => {
    const o = { alpha: 0.9, beta: 0.9, gamma: 0.9, period: 3 };
    expect(holtWinters([1, 5, 3, 1, 5], o)).toBeUndefined();
    expect(holtWinters([1, 5, 3, 1, 5, 3], o)).toBeCloseTo(1, 9);
    expect(holtWinters([1, 5, 3, 1, 5, 3, 1], o)).toBeCloseTo(5, 9);
  });
});
