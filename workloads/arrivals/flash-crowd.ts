import type { KindOf, Shape } from './shape.ts';

/** How far the crowd is in at `t`: 0 before and after, 1 while it holds. */
export function presence(a: KindOf<'flash-crowd'>, t: number): number {
  const since = t - a.at_s;
  if (since < 0) return 0;
  if (since < a.rise_s) return since / a.rise_s;
  if (since <= a.rise_s + a.hold_s) return 1;
  const fall = since - a.rise_s - a.hold_s;
  return a.fall_s > 0 ? Math.max(0, 1 - fall / a.fall_s) : 0;
}

export const flashCrowd: Shape<'flash-crowd'> = {
  description: 'a base, and a crowd that comes for one object and multiplies the rate of that moment',
  rateAt: (a, t, of) => of(a.base, t) * (1 + (a.factor - 1) * presence(a, t)),
};
