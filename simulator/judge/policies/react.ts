import { demandAt, type FluidDefinition } from '../../domain/fluid.ts';

/**
 * React: what is missing and a fifth more; less only when a tenth more than what is needed would still be too many.
 *
 * Source: Chieu et al., dynamic scaling of web applications, ICEBE 2009, as documented by later comparisons: d = ceil(load) - n;
 * d > 0: n + floor(1.2 d); else if 1.1 x load < n: 1.2 x ceil(load). Load in instances at 80 % use.
 */
export const react: FluidDefinition = {
  description: 'React (Chieu): what is missing and a fifth more',
  create({ capacity, initial }) {
    let n = initial;
    return {
      order(_t, load) {
        const needed = demandAt(load, capacity);
        const missing = needed - n;
        if (missing > 0) n += Math.floor(1.2 * missing);
        else if ((1.1 * load) / (0.8 * capacity) < n) n = Math.min(n, Math.ceil(1.2 * needed - 1e-9));
        return n;
      },
    };
  },
};
