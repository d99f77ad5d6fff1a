import { along } from './ramp.ts';
import type { Shape } from './shape.ts';

export const trace: Shape<'trace'> = {
  description: 'replay of a `timestamp,value` CSV: values times `scale` are operations a second',
  rateAt: (a, t) => along(a.points ?? [], t) * a.scale,
};
