import { counted } from './counted.ts';

/** Users who were told that there is none left: an answer, and no error. */
export const soldOut = counted('sold_out', {
  role: 'sold-out',
  description: 'operations that were answered with sold out; they count as served',
  needs: ({ datasets }) => datasets.some((dataset) => dataset.stock !== undefined),
  story: (line) => `entity ${line.entity} was told so in attempt ${line.attempt}`,
});
