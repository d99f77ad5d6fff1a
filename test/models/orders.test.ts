import { describe, expect, it } from 'vitest';
import { copyOf } from '../../models/forecast/method.ts';
import type { FitJob } from '../../models/forecast/orders/fit.ts';
import { adopted, ordersOf } from '../../models/forecast/orders/orders.ts';
import { draws, times } from './series.ts';

/** Orders along a demand, and what they cost: the size of a step is the smallest of the last `lag` orders. */
function play(demand: readonly number[], { lag, kappa, hasTrees = false }: { lag: number; kappa: number; hasTrees?: boolean }) {
  const orders = ordersOf({ lag, kappa, hasTrees });
  let state = orders.initial();
  const jobs: FitJob[] = [];
  const given = demand.map((value) => {
    const { job, ...order } = orders.order(state, value);
    if (job !== undefined) {
      jobs.push(job);
      state = adopted(state, orders.fit(job));
    }
    return order;
  });
  const cost = (wanted: readonly number[], from: number) => {
    let sum = 0;
    for (let t = Math.max(from, lag); t < demand.length; t++) {
      const ready = Math.min(...wanted.slice(t - lag, t));
      sum += ready + kappa * Math.max(0, Math.ceil(demand[t] as number) - ready);
    }
    return sum;
  };
  return { given, wanted: given.map(({ wanted }) => wanted), state, jobs, cost };
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

describe('fits of orders', () => {
  const draw = draws(29);
  const daily = times(700, (i) => 20 + 12 * Math.sin((2 * Math.PI * i) / 48) + 2 * draw());
  const o = { lag: 3, kappa: 20, hasTrees: true };
  const known = play(daily, o);

  it('are due at the same numbers of values in every run, whatever the values', () => {
    const due = ({ jobs }: typeof known) => jobs.map(({ seen, seasons, trees }) => [seen, !seasons, !!trees]);
    const other = play(
      daily.slice(0, 360).map((value) => 100 - value),
      o,
    );
    expect(due(known).slice(0, other.jobs.length)).toEqual(due(other));
    expect(due(known).flatMap(([seen, , hasTrees]) => (hasTrees ? [seen] : []))).toEqual([200, 350, 500, 650]);
    expect(due(known).flatMap(([seen, isSearch]) => (isSearch ? [seen] : []))[0]).toBe(64);
    const without = play(daily.slice(0, 210), { ...o, hasTrees: false });
    expect(without.jobs.every(({ trees }) => trees === null)).toBe(true);
  });

  it('are the same wherever they are done, and change neither job nor state', () => {
    const { jobs, state } = known;
    const orders = ordersOf(o);
    const job = jobs.find(({ trees, seasons }) => trees !== null && seasons !== null) as FitJob;
    const sent = JSON.parse(JSON.stringify(job));
    const fitted = orders.fit(job);
    expect(JSON.parse(JSON.stringify(orders.fit(sent)))).toEqual(JSON.parse(JSON.stringify(fitted)));
    expect(job).toEqual(sent);
    const before = copyOf(state);
    const after = adopted(state, fitted);
    expect(state).toEqual(before);
    expect(after.fits.trees).toEqual(fitted.trees);
  });

  it('count from the next demand on: an order is what it was, the one after is not', () => {
    const orders = ordersOf(o);
    const taught = (demands: readonly number[]) => {
      const state = orders.initial();
      for (const demand of demands.slice(0, 199)) {
        const { job } = orders.order(state, demand);
        if (job) Object.assign(state, adopted(state, orders.fit(job)));
      }
      return state;
    };
    const [early, late] = [taught(daily), taught(daily)];
    const at = orders.order(early, daily[199] as number);
    expect(orders.order(late, daily[199] as number)).toEqual(at);
    const knowing = adopted(early, orders.fit(at.job as FitJob));
    const [after, without] = [orders.order(knowing, daily[200] as number), orders.order(late, daily[200] as number)];
    expect(after.upper).not.toBe(without.upper);
    // Fitted later, as a live run has it: one demand knew nothing of it, the next does.
    const later = adopted(late, orders.fit(at.job as FitJob));
    expect(orders.order(later, daily[201] as number).upper).not.toBe(orders.order(copyOf(late), daily[201] as number).upper);
  });

  it('leave experts that cannot answer yet out of the mean: without trees the others are as they would be alone', () => {
    const alone = play(daily.slice(0, 199), { ...o, hasTrees: false });
    const silent = play(daily.slice(0, 199), o);
    const upper = ({ given }: typeof alone) => given.map((order) => order.upper);
    upper(silent).forEach((value, i) => {
      expect(Math.abs(value / (upper(alone)[i] as number) - 1)).toBeLessThan(0.01);
    });
  });

  it('are few where a history is taught, and end with the last that was due', () => {
    const orders = ordersOf(o);
    const fitted: number[] = [];
    const state = orders.initial();
    const done = orders.fit;
    orders.fit = (job) => {
      if (job.trees) fitted.push(job.seen);
      return done(job);
    };
    orders.teach(state, daily);
    expect(fitted).toEqual([200, 500, 650]);
    expect(state.fits.trees).toEqual(done({ ...(known.jobs.at(-1) as FitJob), seasons: state.series.seasons }).trees);
    expect(state.fits.fitAt).toBe(800);
  });
});
