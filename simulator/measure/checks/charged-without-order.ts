import { absent, related } from './related.ts';

/** Whoever has paid has an order, or the money back. */
export const chargedWithoutOrder = related('charged_without_order', {
  relation: 'charged',
  isMendable: true,
  description: 'charged, not paid back, nothing is under way, and what it was for does not stand',
  broken: ({ stands }, { accepted, charged }) => (stands(charged) && !stands(accepted) ? 1 : 0),
  ending: ({ accepted }, words, counts) => absent(accepted, counts, words),
});
