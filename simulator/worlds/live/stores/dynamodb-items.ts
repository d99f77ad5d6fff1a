import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { PlannedDataset } from '../../../domain/plan.ts';
import type { LiveEffect } from '../contract.ts';

export type Item = Record<string, AttributeValue>;

/** What DynamoDB takes as one item, less what its attributes' names need. */
const ITEM_KB = 390;

/**
 * Keys of a table: `row/7`, its data; `line/...`, a ledger line with the data that it was written with; `stock/7`, what is left of a row's
 * stock with its newest takings; `page/7/0`, takings before those; `entity/7`, lines of one entity that somebody undoes or waits for.
 */
export const ID = {
  row: (row: number) => `row/${row}`,
  line: (key: string) => `line/${key}`,
  entity: (entity: number) => `entity/${entity}`,
  stock: (row: number) => `stock/${row}`,
  page: (row: number, page: number) => `page/${row}/${page}`,
} as const;

/** Begins the name of each attribute that holds a line: of a stock item a taking or what was given back. */
export const TAKING = 'line/';

export function keyOf(id: string): Item {
  return { id: { S: id } };
}

/** The data of one row of the dataset: as large as it is said to be, and nothing anybody reads. */
export function dataOf({ item_kb }: PlannedDataset): AttributeValue {
  return { S: 'x'.repeat(Math.round(Math.min(ITEM_KB, item_kb) * 1024)) };
}

export function numberIn(item: Item | undefined, name: string): number | undefined {
  const text = item?.[name]?.N;
  return text === undefined ? undefined : Number(text);
}

export function written(line: LiveEffect): AttributeValue {
  return { S: JSON.stringify(line) };
}

export function lineIn(value: AttributeValue): LiveEffect {
  return JSON.parse(value.S as string) as LiveEffect;
}

/** Lines in an item of a stock, a page of one, or an entity, by their keys. */
export function takingsIn(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name.startsWith(TAKING)));
}
