import { describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import { led, NO_LEAD } from '../../simulator/controllers/lead.ts';
import type { Controller, ControllerOptions, Observation } from '../../simulator/domain/controller.ts';
import { controller, seen } from './pool.ts';

const START_S = 120;
const starting = (at_s: number, rate: number | null) => seen({ at_s, interval_s: 15, signals: { sessions_starting: rate } });

/** The lead after `quiet` looks at four sessions a second, and then those. */
function leadAfter(quiet: number, ...rates: (number | null)[]) {
  const all = [...new Array<number>(quiet).fill(4), ...rates];
  return all.reduce((lead, rate, i) => led(lead, starting(15 * (i + 1), rate), START_S), NO_LEAD);
}

describe('sessions that start lead the load', () => {
  it('by as much as they are above the usual, until a start lag has passed', () => {
    expect(leadAfter(40, 6)).toMatchObject({ ratio: 1.5, until_s: 41 * 15 + START_S });
    expect(leadAfter(40, 6, ...new Array<number>(7).fill(4)).ratio).toBe(1.5);
    expect(leadAfter(40, 6, ...new Array<number>(8).fill(4)).ratio).toBe(1);
  });

  it('never by more than twice, and not by what chance does: three deviations of 60 are 24 more', () => {
    expect(leadAfter(40, 40).ratio).toBe(2);
    expect(leadAfter(40, 83 / 15).ratio).toBe(1);
    expect(leadAfter(40, 84 / 15).ratio).toBeCloseTo(1.4, 12);
  });

  it('not before a minute says what is usual, nor where the world cannot know', () => {
    expect(leadAfter(2, 40).ratio).toBe(1);
    expect(leadAfter(40, null)).toEqual(NO_LEAD);
    expect(led(NO_LEAD, seen({ at_s: 15 }), START_S)).toEqual(NO_LEAD);
  });

  it('takes for usual what has lasted for ten minutes', () => {
    expect(leadAfter(0, ...new Array<number>(400).fill(9)).usual).toBeCloseTo(9, 12);
    expect(leadAfter(400, ...new Array<number>(400).fill(9)).usual).toBeCloseTo(9, 3);
  });
});

const BUSY = 12;
const history = { step_s: 60, arrivals: new Array<number>(400).fill(60 * BUSY) };
const taught = (options: ControllerOptions) => CONTROLLERS.ai?.create(options, { start_s: START_S, history }) as Controller;

/** What `ai` says after an hour as usual, when sessions then start at `rate`. */
function saysAt(c: Controller, rate: number | null) {
  const o = (at_s: number, of: number | null): Observation =>
    seen({ at_s, ready: 16, busy: BUSY, arrivals: BUSY * 15, signals: { sessions_starting: of } });
  let state = c.initial;
  for (let k = 1; k <= 60; k++) ({ state } = c.decide(state, o(15 * k, rate === null ? null : 4)));
  return c.decide(state, o(15 * 61, rate));
}

describe('ai with signals', () => {
  it('declares the one that it makes use of, and without the option none', () => {
    expect(controller('ai', { signals: true }).signals).toEqual(['sessions_starting']);
    expect(controller('ai')).not.toHaveProperty('signals');
  });

  it('orders for the sessions that start, and says so', () => {
    const c = taught({ signals: true });
    const [usual, more] = [saysAt(c, 4), saysAt(c, 6)];
    expect(more.wanted).toBeGreaterThanOrEqual(BUSY * 1.5);
    expect(more.wanted).toBeGreaterThan(usual.wanted);
    expect(more.because).toMatch(/16 -> \d+ because 50 % more sessions start than usual$/);
  });

  it('decides as without them where the world does not know, and looks at none that it has not declared', () => {
    const without = saysAt(taught({}), null);
    expect(saysAt(taught({ signals: true }), null)).toEqual(without);
    expect(saysAt(taught({}), 40)).toEqual(without);
  });

  it('changes neither state nor observation, and carries its state as plain JSON', () => {
    const c = taught({ signals: true });
    let state = c.initial;
    for (let k = 1; k <= 12; k++) {
      const o = { ...starting(15 * k, k < 10 ? 4 : 8), ready: 16, arrivals: BUSY * 15 };
      const before = JSON.stringify([state, o]);
      const outcome = c.decide(state, o);
      expect(c.decide(JSON.parse(JSON.stringify(state)), o)).toEqual(outcome);
      expect(JSON.stringify([state, o])).toBe(before);
      state = outcome.state;
    }
  });

  it('refuses a switch that is neither on nor off', () => {
    expect(() => controller('ai', { signals: 1 })).toThrow();
  });
});
