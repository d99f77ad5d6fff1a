import { describe, expect, it } from 'vitest';
import { isChanged, noChange } from '../../models/forecast/learning/change.ts';
import { ordersOf } from '../../models/forecast/orders/orders.ts';
import { Stream } from '../../simulator/domain/draws.ts';

function noise(seed: number) {
  const stream = new Stream(seed, 'change');
  return () => Math.sqrt(-2 * Math.log(1 - stream.next())) * Math.cos(2 * Math.PI * stream.next());
}

/** At which errors a change is told. */
function told(errors: readonly number[]): number[] {
  const state = noChange();
  return errors.flatMap((error, i) => (isChanged(state, error) ? [i] : []));
}

describe('a change of the load', () => {
  it('is not told of noise around any level, nor of a single burst', () => {
    const normal = noise(1);
    const errors = Array.from({ length: 5000 }, () => -3 + 2 * normal());
    expect(told(errors).length).toBeLessThanOrEqual(2);
    const burst = errors.slice(0, 300);
    burst[200] = 1e6;
    expect(told(burst)).toEqual(told(errors.slice(0, 300)));
  });

  it.each([4, -4])('is told within some steps when errors lie %d usual errors off, once, and again when it is over', (by) => {
    const normal = noise(2);
    const errors = Array.from({ length: 600 }, (_, i) => normal() + (i >= 200 && i < 400 ? by : 0));
    const [first, ...more] = told(errors);
    expect(first).toBeGreaterThanOrEqual(200);
    expect(first).toBeLessThanOrEqual(210);
    expect(more.some((at) => at >= 400 && at <= 420)).toBe(true);
  });

  it('has trees fitted soon after it, and not before their time without it', () => {
    const fitsOf = (load: (i: number) => number) => {
      const orders = ordersOf({ lag: 2, kappa: 20 });
      const state = orders.initial();
      return Array.from({ length: 330 }, (_, i) => i + 1).filter((seen) => orders.order(state, load(seen)).job?.trees);
    };
    const normal = noise(3);
    const calm = Array.from({ length: 331 }, () => 10 + 0.5 * normal());
    expect(fitsOf((i) => calm[i] as number)).toEqual([200]);
    const [first, second, ...more] = fitsOf((i) => (calm[i] as number) + (i > 250 ? 8 : 0));
    expect([first, more]).toEqual([200, []]);
    expect(second).toBeGreaterThan(280);
    expect(second).toBeLessThanOrEqual(320);
  });
});
