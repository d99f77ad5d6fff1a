import { related } from './related.ts';

/** Nobody pays twice for one thing, and is left with it. */
export const chargedTwice = related('charged_twice', {
  relation: 'charged',
  description: 'charged again for the same thing',
  broken: ({ times, undone }, { charged }) => Math.max(0, times(charged) - undone(charged) - 1),
  ending: () => '',
});
