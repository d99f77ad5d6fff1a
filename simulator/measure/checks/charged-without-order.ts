import { related } from './related.ts';

/** Whoever has paid has an order. */
export const chargedWithoutOrder = related('charged_without_order', {
  relation: 'charged',
  description: 'charged, but what the charge was for was never accepted',
  broken: (count, { accepted, charged }) => (count(charged) > 0 && count(accepted) === 0 ? 1 : 0),
  ending: ({ accepted }, words) => `; never ${words.effect(accepted)}`,
});
