import { describe, expect, it } from 'vitest';
import { copyOf } from '../../models/forecast/method.ts';
import { ordersOf } from '../../models/forecast/orders/orders.ts';
import { draws, times } from './series.ts';

/** Orders along a demand, and what they cost: the size of a step is the smallest of the last `lag` orders. */
function play(demand: readonly number[], { lag, kappa, hasTrees = false }: { lag: number; kappa: number; hasTrees?: boolean }) {
  const orders = ordersOf({ lag, kappa, hasTrees });
  const state = orders.initial();
  const given = demand.map((value) => orders.order(state, value));
  const cost = (wanted: readonly number[], from: number) => {
    let sum = 0;
    for (let t = Math.max(from, lag); t < demand.length; t++) {
      const ready = Math.min(...wanted.slice(t - lag, t));
      sum += ready + kappa * Math.max(0, Math.ceil(demand[t] as number) - ready);
    }
    return sum;
  };
  return { given, wanted: given.map(({ wanted }) => wanted), state, cost };
}

describe('orders', () => {
  const draw = draws(17);
  const daily = times(900, (i) => 20 + 12 * Math.sin((2 * Math.PI * i) / 48) + 2 * draw());

  it('of a constant demand are that demand', () => {
    expect(
      play(
        times(300, () => 7),
        { lag: 2, kappa: 20 },
      ).wanted.slice(-50),
    ).toEqual(times(50, () => 7));
  });

  it('are whole, at least one, and follow a demand that dies', () => {
    const { wanted } = play(
      times(400, (i) => (i < 200 ? 30 * draw() : 0)),
      { lag: 3, kappa: 20 },
    );
    expect(wanted.every((order) => Number.isInteger(order) && order >= 1)).toBe(true);
    expect(wanted.at(-1)).toBeLessThan(4);
  });

  it('cost less than any window maximum with headroom on a load with a season', () => {
    const { wanted, cost } = play(daily, { lag: 3, kappa: 20 });
    const rules = [1, 3, 6, 12].flatMap((width) =>
      [1, 1.1, 1.3, 1.5].map((headroom) =>
        daily.map((_, t) => Math.ceil(headroom * Math.ceil(Math.max(...daily.slice(Math.max(0, t - width + 1), t + 1))))),
      ),
    );
    expect(cost(wanted, 400)).toBeLessThan(0.95 * Math.min(...rules.map((rule) => cost(rule, 400))));
  });

  it('leave more room when a missing instance costs more', () => {
    const mean = (kappa: number) =>
      play(daily, { lag: 2, kappa })
        .wanted.slice(400)
        .reduce((a, b) => a + b, 0);
    expect(mean(100)).toBeGreaterThan(mean(5));
  });

  it('are the same whatever the future is, trees included', () => {
    const other = [...daily.slice(0, 500), ...daily.slice(500).reverse()];
    const o = { lag: 3, kappa: 20, hasTrees: true };
    expect(play(other, o).wanted.slice(0, 500)).toEqual(play(daily, o).wanted.slice(0, 500));
  });

  it('go on from a stored state as if nothing had been stored', () => {
    const orders = ordersOf({ lag: 2, kappa: 20, hasTrees: false });
    const state = orders.initial();
    for (const value of daily.slice(0, 300)) orders.order(state, value);
    const stored = JSON.parse(JSON.stringify(state));
    const copy = copyOf(state);
    for (const value of daily.slice(300, 350)) expect(orders.order(stored, value)).toEqual(orders.order(state, value));
    expect(copy.series.seen).toBe(300);
  });
});
