import { describe, expect, it } from 'vitest';
import { demandAt } from '../../simulator/domain/fluid.ts';
import { costs, play, settling } from '../../simulator/judge/fluid.ts';
import { field, ordering } from './fields.ts';

describe('demand', () => {
  it('is what no instance above 80 % serves, and at least one', () => {
    expect([0, 0.8, 0.81, 8, 8.01].map((load) => demandAt(load, 1))).toEqual([1, 1, 2, 10, 11]);
  });
});

describe('a fluid pool', () => {
  it('begins with the first demand and has every order a step later at a lag of one', () => {
    const f = field([4, 4, 4, 4]);
    expect([...play(ordering([7, 2, 9, 1]), f)]).toEqual([4, 7, 2, 9]);
  });

  it('has an order after the lag upwards and at the next step downwards', () => {
    const f = field(
      Array.from({ length: 8 }, () => 2),
      { lag: 3 },
    );
    expect([...play(ordering([5, 5, 5, 5, 1, 5, 5, 5]), f)]).toEqual([2, 2, 2, 5, 5, 1, 1, 1]);
  });

  it('never has less than one instance, and whole ones', () => {
    expect([...play(ordering([-3, 2.1, 1, 1]), field([1, 1, 1, 1]))]).toEqual([1, 1, 3, 1]);
    expect(() => play(ordering([Number.NaN]), field([1]))).toThrow(/NaN/);
  });

  it('costs an instance each and kappa for each that is missing, from the step on that counts', () => {
    expect([...costs(Int32Array.of(9, 3, 5), field([9, 5, 4], { kappa: 20 }), 1)]).toEqual([3 + 40, 5]);
  });

  it.each([
    [1, 20],
    [10, 20],
    [12, 24],
  ])('leaves out the time it takes to settle: lag %i, %i steps', (lag, steps) => expect(settling(lag)).toBe(steps));
});
