import { related } from './related.ts';

/** Whoever got the money back has no order left: else the shop gives it away. */
export const refundedWithOrder = related('refunded_with_order', {
  relation: 'charged',
  isUndone: true,
  description: 'paid back, but what it was for still stands',
  broken: ({ undone, stands }, { accepted, charged }) => (undone(charged) > 0 && !stands(charged) && stands(accepted) ? 1 : 0),
  ending: ({ accepted }, words) => `; ${words.effect(accepted)} stands`,
});
