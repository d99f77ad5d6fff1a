import type { PlannedDataset } from '../../../domain/plan.ts';

/** Units that the row of an object has before anybody took any; 0 where the dataset keeps no stock. */
export function stockAtStart({ stock }: PlannedDataset, row: number): number {
  if (stock === undefined) return 0;
  return row < stock.hot_rows ? stock.hot : stock.each;
}
