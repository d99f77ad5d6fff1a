import { related } from './related.ts';

/** Nobody pays twice for one thing. */
export const chargedTwice = related('charged_twice', {
  relation: 'charged',
  description: 'charged again for the same thing',
  broken: (count, { charged }) => Math.max(0, count(charged) - 1),
  ending: () => '',
});
