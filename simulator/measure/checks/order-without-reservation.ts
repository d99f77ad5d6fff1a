import { related } from './related.ts';

/** What was accepted has been put aside. */
export const orderWithoutReservation = related('order_without_reservation', {
  relation: 'reserved',
  description: 'accepted, but nothing was ever reserved for it',
  broken: (count, { accepted, reserved }) => (count(accepted) > 0 && count(reserved) === 0 ? 1 : 0),
  ending: ({ reserved }, words) => `; never ${words.effect(reserved)}`,
});
