import { describe, expect, it } from 'vitest';
import { clairvoyant } from '../../simulator/judge/clairvoyant.ts';
import { costs, type Field, sumOf } from '../../simulator/judge/fluid.ts';
import { field } from './fields.ts';

const cost = (supply: Int32Array, f: Field) => sumOf(costs(supply, f, 0));

/** Every supply that a list of orders can reach, by trying all of them. */
function cheapestByTrying(f: Field, most: number): number {
  const { demand, lag } = f;
  let best = Number.POSITIVE_INFINITY;
  const follow = (orders: number[], paid: number) => {
    const t = orders.length;
    const recent = [...Array.from({ length: lag }, () => demand[0] as number), ...orders].slice(-lag);
    const ready = Math.min(...recent);
    const now = paid + ready + f.kappa * Math.max(0, (demand[t] as number) - ready);
    if (now >= best) return;
    if (t === demand.length - 1) best = now;
    else for (let order = 1; order <= most; order++) follow([...orders, order], now);
  };
  follow([], 0);
  return best;
}

describe('the clairvoyant', () => {
  it('has the demand itself where an order is there at the next step', () => {
    const f = field([3, 1, 7, 2, 2, 9, 1]);
    expect([...clairvoyant(f)]).toEqual([3, 1, 7, 2, 2, 9, 1]);
  });

  it('keeps an instance through a dip that is shorter than the lag, where missing it is dearer', () => {
    expect([...clairvoyant(field([2, 1, 1, 2, 1, 1, 1, 2], { lag: 3 }))]).toEqual([2, 2, 2, 2, 1, 1, 1, 2]);
  });

  it('lets it go where missing it is cheaper', () => {
    expect([...clairvoyant(field([2, 1, 1, 2, 1], { lag: 3, kappa: 1.5 }))]).toEqual([2, 1, 1, 1, 1]);
  });

  it('cannot have at the start what could not have been ordered', () => {
    expect([...clairvoyant(field([1, 2, 2, 2, 2], { lag: 3 }))]).toEqual([1, 1, 1, 2, 2]);
  });

  it('keeps what it has for the minimum life, or does without', () => {
    const f = field([1, 1, 2, 1, 1, 1], { kappa: 20 });
    expect([...clairvoyant(f, 3)].filter((s) => s === 2)).toHaveLength(3);
    expect([...clairvoyant({ ...f, kappa: 2 }, 3)]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it.each([1, 2, 3])('costs what the best of all orders costs, at a lag of %i', (lag) => {
    const f = field([2, 3, 1, 1, 3, 2, 1, 3], { lag, kappa: 3 });
    expect(cost(clairvoyant(f), f)).toBe(cheapestByTrying(f, 3));
  });
});
