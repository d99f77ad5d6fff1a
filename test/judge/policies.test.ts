import { describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { FluidDefinition } from '../../simulator/domain/fluid.ts';
import { POLICIES } from '../../simulator/judge/policies/index.ts';
import { parabolaAt } from '../../simulator/judge/policies/reg.ts';
import { days } from './fields.ts';

const SETTING = { capacity: 1.25, lag: 2, kappa: 20, step_s: 300, history: days(600, 288), initial: 20 };

function ordersOf(definition: FluidDefinition, load: Iterable<number>, o: Partial<typeof SETTING> = {}): number[] {
  const policy = definition.create({ ...SETTING, ...o }, definition.grid?.(300)[0]);
  return [...load].map((y, t) => {
    const order = policy.order(t, y);
    policy.refit?.();
    return order;
  });
}

const of = (name: string) => POLICIES[name] as FluidDefinition;

describe.each(Object.entries(POLICIES))('%s', (_, definition) => {
  it('does not look at the future: another order of what is to come changes no earlier order', () => {
    const load = days(200, 288);
    const shuffled = [...load.subarray(0, 100), ...[...load.subarray(100)].reverse()];
    expect(ordersOf(definition, shuffled).slice(0, 100)).toEqual(ordersOf(definition, load).slice(0, 100));
  });

  it('orders whole numbers of instances that are finite, without a history and on a load of nothing too', () => {
    const orders = [
      ...ordersOf(definition, new Float64Array(50), { history: new Float64Array(0) }),
      ...ordersOf(definition, days(50, 288)),
    ];
    expect(orders.every((n) => Number.isFinite(n) && n >= 1)).toBe(true);
  });

  it('says in one line what it is', () => expect(definition.description).toMatch(/^[^\n]{10,110}$/));
});

describe('the registry', () => {
  it('has every controller that a scenario may have', () => {
    expect(Object.keys(POLICIES)).toEqual(expect.arrayContaining(Object.keys(CONTROLLERS)));
  });
});

/** One instance serves 1 at 80 %. */
const UNIT = { capacity: 1.25, history: new Float64Array(0), initial: 10, lag: 1 };

describe('the rules', () => {
  it('React adds a fifth more than what is missing, and keeps what a tenth more load would need', () => {
    // 15 - 10 = 5 missing: + 6; 1.1 x 14.6 > 16: stays; 10: down to 1.2 x 10.
    expect(ordersOf(of('react'), [15, 14.6, 10], UNIT)).toEqual([16, 16, 12]);
  });

  it('Adapt goes up past the load by a tenth, and down by a quarter of the distance', () => {
    const orders = ordersOf(of('adapt'), [20, 10, 10], UNIT);
    expect(orders[0]).toBe(22);
    expect(orders[1]).toBeLessThan(22);
    expect(orders[2]).toBeLessThan(orders[1] as number);
    expect(orders[1]).toBeGreaterThan(16);
  });

  it('Reg goes up at once and down along the parabola', () => {
    expect(ordersOf(of('reg'), [20], UNIT)).toEqual([21]);
    // The line of 9, 8, 7 goes on to 6, which is what the next step needs.
    expect(ordersOf(of('reg'), [9, 8, 7, 6], UNIT)).toEqual([9, 8, 6, 6]);
  });

  it('Hist orders what the hour to come has needed', () => {
    const history = Float64Array.from({ length: 24 * 12 * 10 }, (_, i) => (Math.floor(i / 12) % 24 === 6 ? 30 : 10));
    const load = Array.from({ length: 12 * 6 }, () => 10);
    const orders = ordersOf(of('hist'), load, { ...UNIT, history });
    expect(orders.slice(0, -1).every((n) => n === 10)).toBe(true);
    expect(orders.at(-1)).toBe(30);
  });

  it('LCP keeps an idle instance for as long as switching it on again would cost', () => {
    const idle = [10, ...Array.from({ length: 6 }, () => 5)];
    const policy = of('lcp').create({ ...SETTING, ...UNIT }, 3);
    expect(idle.map((y, t) => policy.order(t, y))).toEqual([10, 10, 10, 10, 5, 5, 5].slice(0, 7));
  });

  it('static stays at the quantile of the history that the price of missing asks for', () => {
    const history = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    expect(ordersOf(of('static'), [1, 500], { ...UNIT, history, kappa: 20 })).toEqual([95, 95]);
    expect(ordersOf(of('static'), [1, 500], { ...UNIT, history, kappa: 2 })).toEqual([50, 50]);
  });

  it('the parabola goes through points that lie on one', () => {
    expect(parabolaAt([0, 1, 4, 9, 16], 6)).toBeCloseTo(36, 9);
  });
});

describe('a controller before the judge', () => {
  it('sees load and size so that the reactive rule orders window maximum x headroom over what 80 % of an instance serves', () => {
    const policy = of('reactive').create({ ...SETTING, ...UNIT }, { window_s: 900, headroom: 1.5, interval_s: 300 });
    expect([10, 4, 4, 4].map((y, t) => policy.order(t, y))).toEqual([15, 15, 15, 6]);
  });

  it('decides several times within a long step: HPA reaches its target in one', () => {
    const policy = of('target-utilization').create({ ...SETTING, ...UNIT }, { target: 0.8 });
    expect(policy.order(0, 40)).toBe(40);
  });

  it('decides once in several short steps', () => {
    const policy = of('aws-step-scaling').create({ ...SETTING, ...UNIT, step_s: 10 }, { threshold: 0.5 });
    const orders = Array.from({ length: 12 }, (_, t) => policy.order(t, 10));
    // 80 % against 50 %: + 30 % at the sixth step, not before; then the cooldown.
    expect(orders).toEqual([10, 10, 10, 10, 10, 13, 13, 13, 13, 13, 13, 13]);
  });
});
