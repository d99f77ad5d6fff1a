import type { Shape } from './shape.ts';

export const constant: Shape<'constant'> = {
  description: 'the same rate all the time',
  rateAt: (a) => a.rate,
};
