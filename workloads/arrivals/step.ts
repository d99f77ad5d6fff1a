import type { Shape } from './shape.ts';

export const step: Shape<'step'> = {
  description: 'a rate from each [second, rate] on, until the next',
  rateAt: (a, t) => a.steps.findLast(([at]) => at <= t)?.[1] ?? 0,
};
