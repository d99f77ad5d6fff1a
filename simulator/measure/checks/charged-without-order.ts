import { absent, related } from './related.ts';

/** Whoever has paid has an order, or the money back. */
export const chargedWithoutOrder = related('charged_without_order', {
  relation: 'charged',
  isMendable: true,
  description:
    'charged and not paid back, but what the charge was for was never accepted, or was taken back; nothing is under way for it',
  broken: ({ stands }, { accepted, charged }) => (stands(charged) && !stands(accepted) ? 1 : 0),
  ending: ({ accepted }, words, counts) => absent(accepted, counts, words),
});
