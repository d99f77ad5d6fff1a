import type { Part, Plan, PlannedDataset } from '../../simulator/domain/plan.ts';
import { PARAMETERS } from '../../simulator/plan/parameters/index.ts';
import type { Addresses, LiveEffect, Message, RunSheet, Story, WriteOrder } from '../../simulator/worlds/live/contract.ts';

/** A part of the plan with the values that its kind has by default. */
export function partOf(
  kind: 'postgres' | 'rabbitmq' | 'broker',
  o: { values?: Record<string, number>; words?: Record<string, string>; path?: string } = {},
): Part {
  const values = Object.fromEntries(Object.entries(PARAMETERS[kind] ?? {}).map(([name, { value }]) => [name, value]));
  return {
    path: o.path ?? kind,
    kind,
    owner: 'work',
    values: { ...values, ...o.values } as Part['values'],
    words: o.words ?? {},
  };
}

/** A run's sheet with nothing in its plan but these parts. */
export function sheetOf(o: { namespace: string; addresses: Addresses; parts?: Part[]; folder?: string }): RunSheet {
  return {
    schema: 'run-sheet@1',
    plan: { parts: o.parts ?? [], events: [] } as unknown as Plan,
    seed: 1,
    rate: 1,
    namespace: o.namespace,
    folder: o.folder ?? '',
    epoch_ms: 0,
    burn_per_ms: 1,
    addresses: o.addresses,
  };
}

export function datasetOf(name: string, stock?: number): PlannedDataset {
  const kept = stock === undefined ? {} : { stock: { each: stock, hot_rows: 0, hot: 0 } };
  return { name, part: 0, item_kb: 1, stored_gb: 1, consistent_reads: true, ...kept };
}

export function lineOf(entity: number, o: Partial<LiveEffect> = {}): LiveEffect {
  return { at_ms: entity, effect: 'stored', entity, cause: null, part: 'server/work', attempt: 1, count: 1, ...o };
}

/** A write of one row that takes nothing, unless it says so. */
export function writeOf(dataset: PlannedDataset, o: Partial<WriteOrder> = {}): WriteOrder {
  return {
    dataset,
    row: 0,
    items: 1,
    line: undefined,
    isGuarded: false,
    isFollowed: false,
    take: 0,
    isConditional: false,
    seen: undefined,
    ...o,
  };
}

const STORY: Story = { action: 0, session: 1, user: 2, object: 3, operation: 0, cause: null, attempt: 1, key: 7 };

export function messageOf(n: number): Message {
  return { id: `m${n}`, event: 'created', story: { ...STORY, action: n }, published_at_ms: n };
}

/** Everything that an iterable yields. */
export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
