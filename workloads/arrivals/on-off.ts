import type { Shape } from './shape.ts';

export const onOff: Shape<'on-off'> = {
  description: 'bursts: on_s at the rate `on`, then off_s at the rate `off`, again and again',
  rateAt: (a, t) => (((t % (a.on_s + a.off_s)) + a.on_s + a.off_s) % (a.on_s + a.off_s) < a.on_s ? a.on : a.off),
};
