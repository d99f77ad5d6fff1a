import { play, type Small } from './small.ts';

export type Steps = NonNullable<Small['operations']>[string]['steps'];
/** What is asked of a dataset, and how large and how consistent it is. */
interface Asked {
  steps: Steps;
  item_kb?: number;
  consistent_reads?: boolean;
  stock?: { each: number };
}

/** An operation that does nothing but access one dataset. */
export function store(kind: 'postgres' | 'dynamodb' | 's3', o: Asked & Omit<Small, 'operations' | 'datasets'>) {
  const { steps, item_kb = 1, consistent_reads = false, stock, ...rest } = o;
  return play({
    operations: { work: { description: 'accesses', attempts: 1, steps } },
    datasets: { rows: { description: 'rows', shape: 'key-value', item_kb, stored_gb: 10, ...(stock ? { stock } : {}) } },
    overrides: { datasets: { rows: { store: kind, consistent_reads } } },
    ...rest,
  });
}
export const READ = { read: 'rows' };
export const WRITE = { write: 'rows' };
export const four = (step: Steps[number]) => [{ parallel: [step, step, step, step] }];
