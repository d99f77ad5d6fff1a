import { demandAt, type FluidDefinition } from '../../domain/fluid.ts';

const RECENT = 5;

/**
 * Adapt: moves towards the load, upwards in full and downwards by a quarter of the distance, never below what is needed now.
 *
 * R = u P n, with n the mean size so far, u the mean size of the last steps over it, P the load beyond the size over it; R < 0 counts a quarter; R adds
 * up and its whole part is acted on. A pool that is too small goes to 1.1 times the load.
 *
 * Source: Ali-Eldin, Tordsson, Elmroth, NOMS 2012, from its description. Simplified: the rate is estimated anew at every step, because the time that the
 * paper gives between estimates is shorter than a step of most traces. "Change of load" is read as the load beyond what the pool serves: taken from
 * step to step, with falls counted a quarter, the size of a noisy load would grow without end.
 */
export const adapt: FluidDefinition = {
  description: 'Adapt (Ali-Eldin): up to the load at once, down by a quarter of the distance',
  create({ capacity, initial }) {
    let n = initial;
    let rest = 0;
    let sum = 0;
    let steps = 0;
    let recent: number[] = [];
    return {
      order(_t, load) {
        sum += n;
        steps++;
        recent = [...recent, n].slice(-RECENT);
        const mean = sum / steps;
        const u = recent.reduce((a, b) => a + b, 0) / recent.length / mean;
        const needs = load / (0.8 * capacity);
        const beyond = (needs - n) / mean;
        rest += u * beyond * mean * (beyond < 0 ? 0.25 : 1);
        const whole = Math.trunc(rest);
        rest -= whole;
        const needed = demandAt(load, capacity);
        n = needed > n ? Math.ceil(1.1 * needs - 1e-9) : Math.max(needed, n + whole);
        return n;
      },
    };
  },
};
