import { absent, related } from './related.ts';

/** What was accepted has been put aside. */
export const orderWithoutReservation = related('order_without_reservation', {
  relation: 'reserved',
  isMendable: true,
  description: 'accepted, but nothing is reserved for it, and nothing is under way for it',
  broken: ({ stands }, { accepted, reserved }) => (stands(accepted) && !stands(reserved) ? 1 : 0),
  ending: ({ reserved }, words, counts) => absent(reserved, counts, words),
});
