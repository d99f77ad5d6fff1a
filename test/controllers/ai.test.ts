import { describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import { erlangC, staffed } from '../../simulator/controllers/staffing.ts';
import type { Controller, ControllerAssets, Observation } from '../../simulator/domain/controller.ts';
import { controller, seen, trace } from './pool.ts';

const INTERVAL_S = 15;
const load = (busy: number) => ({ busy, arrivals: busy * INTERVAL_S, interval_s: INTERVAL_S });
const daily = (i: number) => 20 + 12 * Math.sin((2 * Math.PI * i) / 40);
const made = (assets: ControllerAssets) => CONTROLLERS.ai?.create({}, assets) as Controller;
const taught = () =>
  made({ start_s: 120, history: { step_s: 60, arrivals: Array.from({ length: 800 }, (_, i) => 60 * daily(i)) } });

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** What it wants after a step of four decisions that all see the same. */
function sizeAfter(c: Controller, o: Partial<Observation>): number {
  let state = c.initial;
  let wanted = 0;
  for (let k = 1; k <= 4; k++) ({ state, wanted } = c.decide(state, seen({ at_s: k * INTERVAL_S, ready: 1, ...o })));
  return wanted;
}

describe('staffing by Erlang C', () => {
  it('knows the textbook: two servers at load 1 let a third wait, and one is M/M/1', () => {
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(erlangC(1, 0.6)).toBeCloseTo(0.6, 12);
    expect([erlangC(3, 0), erlangC(2, 2)]).toEqual([0, 1]);
  });

  const pool = { slots: 1, wait: 0, late: 0.22, service_cv2: 1 };

  it('lies at the square root of the load above it: beta 1 for 22 % that wait', () => {
    for (const offered of [25, 100, 400, 2500]) {
      expect(Math.abs(staffed(offered, pool) - offered - Math.sqrt(offered))).toBeLessThan(0.06 * Math.sqrt(offered) + 1.2);
    }
  });

  it('takes more for varying service and for fewer that may wait long, and rounds up to instances', () => {
    const strict = { ...pool, wait: 0.5, late: 0.01 };
    expect(staffed(50, { ...strict, service_cv2: 9 })).toBeGreaterThan(staffed(50, strict));
    expect(staffed(50, { ...strict, slots: 8 })).toBe(Math.ceil(staffed(50, strict) / 8));
    expect(staffed(0, pool)).toBe(1);
  });

  it('refuses what no pool could be staffed for, instead of looking for it for ever', () => {
    for (const load of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => staffed(load, pool)).toThrow(RangeError);
    for (const bad of [{ slots: 0 }, { wait: Number.NaN }, { wait: -1 }, { late: 0 }, { late: Number.NaN }])
      expect(() => staffed(10, { ...pool, ...bad })).toThrow(/finite numbers/);
    expect(() => staffed(10, { ...pool, service_cv2: Number.NaN })).toThrow(RangeError);
  });
});

describe('ai', () => {
  it('decides as the reactive rule at its defaults while it has no experience', () => {
    const loads = Array.from({ length: 200 }, (_, i) => load(5 + ((i * 7) % 11)));
    const [own, rule] = [controller('ai', { hold_s: 0 }), controller('reactive')].map((c) => trace(c, loads, { from: 8 }));
    expect(own).toEqual(rule);
  });

  it('orders for the rise that history taught before the rise is there, and says why', () => {
    const c = taught();
    let state = c.initial;
    let ahead = 0;
    const words: string[] = [];
    // Four decisions a step; the season goes on where history ended.
    for (let k = 0; k < 160; k++) {
      const step = 800 + Math.floor(k / 4);
      const outcome = c.decide(state, seen({ at_s: (k + 1) * INTERVAL_S, ready: 60, ...load(daily(step)) }));
      state = outcome.state;
      words.push(outcome.because);
      const isRising = daily(step + 3) > daily(step) + 3;
      if (k % 4 === 3 && isRising && outcome.wanted > daily(step + 2)) ahead++;
    }
    expect(ahead).toBeGreaterThan(8);
    expect(words.at(-1)).toMatch(/^forecast \d[\d.]*\/s at \d+:\d\d, upper \d+ instances: 60 -> \d+ because .+/);
  });

  it('hands over to the reactive rule when load leaves the forecast behind, and takes back', () => {
    const c = taught();
    let state = c.initial;
    const decide = (at_s: number, busy: number, more = {}) => {
      const outcome = c.decide(state, seen({ at_s, ready: 30, ...load(busy), ...more }));
      state = outcome.state;
      return outcome;
    };
    for (let k = 1; k <= 8; k++) decide(k * INTERVAL_S, daily(800));
    const flash = decide(9 * INTERVAL_S, 120, { queued: 90, busy: 30 });
    expect(flash.because).toMatch(/load is above the forecast: reactive/);
    expect(flash.wanted).toBeGreaterThanOrEqual(120);
    for (let k = 10; k <= 60; k++) decide(k * INTERVAL_S, 20);
    expect(decide(61 * INTERVAL_S, 20).because).not.toMatch(/above the forecast/);
  });

  it('keeps what works off the calls that wait, and gives back only what was not asked for within the hold', () => {
    const c = controller('ai', { hold_s: 60 });
    const sizes = trace(c, [...Array.from({ length: 60 }, () => load(2)), { ...load(1), queued: 1 }], { from: 10 });
    expect(sizes[0]).toBe(3);
    const waiting = (queued: number) => sizeAfter(taught(), { ...load(daily(800)), queued });
    expect(waiting(60)).toBeGreaterThanOrEqual(waiting(0) + 30);
  });

  it('starts from what was learnt once as it does from the history itself', () => {
    const history = { step_s: 60, arrivals: Array.from({ length: 800 }, (_, i) => 60 * daily(i)) };
    const learnt = CONTROLLERS.ai?.learn?.({}, { start_s: 120, history }, { slots: 1, holding_s: 1 });
    const o = { ...load(daily(800)) };
    expect(sizeAfter(made({ start_s: 120, learnt: JSON.parse(JSON.stringify(learnt)) }), o)).toBe(sizeAfter(taught(), o));
    expect(sizeAfter(made({ start_s: 120, history }), o)).toBe(sizeAfter(taught(), o));
    // A history in longer steps than the option asks for: what was learnt of it is in these.
    const short = { options: { step_s: 5, start_s: 15 }, assets: { history: { ...history, step_s: 15 } } };
    const ofShort = CONTROLLERS.ai?.learn?.(short.options, short.assets, { slots: 1, holding_s: 1 });
    const fromShort = CONTROLLERS.ai?.create(short.options, { learnt: ofShort }) as Controller;
    expect(fromShort.decide(fromShort.initial, seen({ at_s: INTERVAL_S, ready: 1, ...o })).because).not.toMatch(/too little/);
    // What was learnt for another lag says nothing here.
    expect(made({ start_s: 600, learnt }).decide(made({}).initial, seen(o)).because).not.toMatch(/cheapest/);
  });

  it('takes from the assets how long calls may wait, and feels load as slowly as these', () => {
    const history = { step_s: 60, arrivals: new Array<number>(200).fill(60) };
    const atBurst = (wait: number) => {
      const c = made({ start_s: 60, patience: { wait, late: 0.05 }, history });
      let state = c.initial;
      let wanted = 0;
      for (let k = 1; k <= 5; k++)
        ({ state, wanted } = c.decide(state, seen({ at_s: k * INTERVAL_S, ready: 4, ...load(k === 5 ? 40 : 1) })));
      return wanted;
    };
    expect(atBurst(0.5)).toBeGreaterThan(40);
    expect(atBurst(300)).toBeLessThan(6);
  });

  describe('what is fitted anew', () => {
    const history = { step_s: 60, arrivals: Array.from({ length: 195 }, (_, i) => 60 * daily(i)) };
    const fitted = (job: unknown) => CONTROLLERS.ai?.fit?.(job);
    const c = made({ start_s: 120, history });
    /** Decisions of whole steps, four each, from a state on; jobs are left undone. */
    const played = (from: unknown, steps: readonly number[]) => {
      let state = from;
      const outcomes = steps.flatMap((step) =>
        [1, 2, 3, 4].map((k) => {
          const o = seen({ at_s: (step - 195) * 60 + k * INTERVAL_S, ready: 30, ...load(daily(step)) });
          const outcome = c.decide(state, o);
          state = outcome.state;
          return outcome;
        }),
      );
      return { outcomes, state };
    };
    const due = played(c.initial, [195, 196, 197, 198, 199]);
    const job = due.outcomes[19]?.refit;
    const upperIn = (state: unknown) => (state as { last: { upper: number } }).last.upper;

    it('is said by the decision that ends the step it is due at: a job, plain JSON, which needs nothing else', () => {
      expect(job).toMatchObject({ staffing: { slots: 1 }, orders: { seen: 200, trees: { horizon: 2, quantile: 0.95 } } });
      // Seasons are looked for at 197 values; nothing else is due.
      expect(due.outcomes.flatMap(({ refit }, i) => (refit ? [i] : []))).toEqual([7, 19]);
      const sent = JSON.parse(JSON.stringify(job));
      expect(sent).toEqual(job);
      expect(fitted(frozen(sent))).toEqual(fitted(job));
      expect(JSON.stringify(due.state)).not.toContain('"staffing"');
    });

    it('counts from the next step on, wherever within it it is adopted, and changes no state', () => {
      const adopt = (state: unknown) => c.adopt?.(frozen(state), fitted(job));
      const [first, second] = [played(adopt(due.state), [200]), played(due.state, [200])];
      expect(first.outcomes.slice(0, 3).map(({ because }) => because)).toEqual(
        second.outcomes.slice(0, 3).map(({ because }) => because),
      );
      expect(upperIn(first.state)).not.toBe(upperIn(second.state));
      const within = c.decide(due.state, seen({ at_s: 5 * 60 + INTERVAL_S, ready: 30, ...load(daily(200)) })).state;
      expect(c.adopt?.(within, fitted(job))).toEqual(
        c.decide(adopt(due.state), seen({ at_s: 5 * 60 + INTERVAL_S, ready: 30, ...load(daily(200)) })).state,
      );
    });

    it('is known from a history at once', () => {
      const longer = { ...history, arrivals: Array.from({ length: 400 }, (_, i) => 60 * daily(i)) };
      const learnt = CONTROLLERS.ai?.learn?.({}, { start_s: 120, history: longer }, { slots: 1, holding_s: 1 });
      expect(learnt).toHaveProperty('orders.fits.trees.trees');
      expect(learnt).toHaveProperty('orders.fits.fitAt', 500);
    });

    it('is refused where it was learnt by other experts', () => {
      const learnt = CONTROLLERS.ai?.learn?.({}, { start_s: 120, history }, { slots: 1, holding_s: 1 }) as object;
      const stepsIn = (known: unknown) => {
        const { state } = made({ start_s: 120, learnt: known }).decide(c.initial, seen({ ready: 30 }));
        return (state as { orders: { series: { seen: number } } }).orders.series.seen;
      };
      expect(stepsIn(learnt)).toBe(195);
      expect(() => stepsIn({ ...learnt, experts: 'fewer' })).toThrow('for other experts than there are: fewer');
    });
  });

  it('changes no state it is given, and its state is plain JSON', () => {
    const c = taught();
    let state = frozen(c.initial);
    for (let k = 1; k <= 12; k++) {
      const o = seen({ at_s: k * INTERVAL_S, ready: 30, ...load(daily(800)) });
      const outcome = c.decide(state, o);
      expect(c.decide(JSON.parse(JSON.stringify(state)), o)).toEqual(outcome);
      state = frozen(outcome.state);
    }
  });
});
