import type { Shape } from './shape.ts';

export const daily: Shape<'daily'> = {
  description: 'a sine between a low and a high, highest at peak_at_s, once a period',
  rateAt: (a, t) => a.low + ((a.high - a.low) / 2) * (1 + Math.cos((2 * Math.PI * (t - a.peak_at_s)) / a.period_s)),
};
