import { describe, expect, it } from 'vitest';
import { addArrivals, forecastHour, hoursOf, NO_HOURS } from '../../simulator/controllers/hourly-load.ts';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { Controller } from '../../simulator/domain/controller.ts';
import { seen } from './pool.ts';

/** Ten a second, but fifty in the fourth hour of each day. */
const rateOf = (hour: number) => (hour % 24 === 3 ? 50 : 10);
const history = (days: number) => ({
  step_s: 3600,
  arrivals: Array.from({ length: 24 * days }, (_, hour) => 3600 * rateOf(hour)),
});

function made(days: number): Controller {
  const definition = CONTROLLERS['aws-predictive-scaling'];
  if (definition === undefined) throw new Error('is not there');
  return definition.create({ target: 0.5 }, { history: history(days) });
}

/** Sizes minute by minute of a pool whose instances serve one a second and that is always right for tracking. */
function sizes(c: Controller, minutes: number): number[] {
  let state = c.initial;
  return Array.from({ length: minutes }, (_, i) => {
    const now = { at_s: (i + 1) * 60, interval_s: 60, ready: 20, cpu: 0.5, arrivals: 600 };
    const outcome = c.decide(state, seen(now));
    state = outcome.state;
    return outcome.wanted;
  });
}

describe('aws-predictive-scaling', () => {
  it('has the instances of an hour five minutes before it begins, and gives them back to tracking after it', () => {
    const wanted = sizes(made(2), 5 * 60);
    expect(wanted[3 * 60 - 7]).toBe(20);
    expect(wanted[3 * 60 - 6]).toBe(100);
    expect(wanted[4 * 60 - 2]).toBe(100);
    expect(wanted[4 * 60]).toBe(20);
  });

  it('is target tracking alone until there is a day of load, which it gathers itself', () => {
    expect(new Set(sizes(made(0), 5 * 60))).toEqual(new Set([20]));
    expect(sizes(made(0), 25 * 60).at(-1)).toBe(20);
    const hours = (made(1).initial as { load: { hours: number[] } }).load.hours;
    expect(hours).toHaveLength(24);
  });

  it('never asks for less than target tracking', () => {
    const c = made(2);
    let state = c.initial;
    const outcomes = [1, 2, 3].map((minute) => {
      const outcome = c.decide(state, seen({ at_s: minute * 60, interval_s: 60, ready: 40, cpu: 1, arrivals: 2400 }));
      state = outcome.state;
      return outcome.wanted;
    });
    expect(outcomes).toEqual([40, 40, 80]);
  });
});

describe('load by the hour', () => {
  it('closes hours whatever the steps, and shares a long one out', () => {
    expect(addArrivals({ hours: [], arrivals: 1800, seconds: 1800 }, 1800, 1800)).toEqual({
      hours: [1],
      arrivals: 0,
      seconds: 0,
    });
    expect(addArrivals(NO_HOURS, 14_400, 2 * 3600).hours).toEqual([2, 2]);
  });

  it('counts the hours of a history back from its end', () => {
    const arrivals = Array.from({ length: 90 }, (_, minute) => (minute < 30 ? 6000 : 60));
    expect(hoursOf({ step_s: 60, arrivals })).toEqual({ hours: [expect.closeTo(1, 9)], arrivals: 0, seconds: 0 });
  });

  it('expects the same hour of earlier weeks once there are eight days, and moves with the last day', () => {
    const weeks = Array.from({ length: 14 * 24 }, (_, hour) => (Math.floor(hour / 24) % 7 === 0 ? 100 : 10));
    expect(forecastHour(weeks, 5)).toBeCloseTo(100, 9);
    expect(forecastHour(weeks, 29)).toBeCloseTo(10, 9);
    const grown = weeks.map((y, hour) => (hour >= 13 * 24 ? y + 4 : y));
    expect(forecastHour(grown, 5)).toBeCloseTo(104, 9);
  });
});
