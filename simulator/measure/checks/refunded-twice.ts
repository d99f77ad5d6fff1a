import { related } from './related.ts';

/** Nobody gets back more than they paid. */
export const refundedTwice = related('refunded_twice', {
  relation: 'charged',
  isUndone: true,
  description: 'paid back more often than it was charged',
  broken: ({ times, undone }, { charged }) => Math.max(0, undone(charged) - times(charged)),
  ending: () => '',
});
