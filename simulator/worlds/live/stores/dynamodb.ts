import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { PlannedDataset } from '../../../domain/plan.ts';
import type { Tally } from '../../../domain/undoing.ts';
import type { LiveEffect, Outcome, ReadAnswer, SettleOrder, Store, StoreKind, TallyQuestion, WriteOrder } from '../contract.ts';
import { nameOf } from '../names.ts';
import { clientsFor } from '../stacks/aws/clients.ts';
import { isUnmet, outcomeOf } from '../stacks/aws/failures.ts';
import { DynamodbEntities } from './dynamodb-entities.ts';
import { dataOf, ID, keyOf, numberIn } from './dynamodb-items.ts';
import { DynamodbKeeper } from './dynamodb-keeper.ts';
import { DynamodbStock } from './dynamodb-stock.ts';
import { lineKey } from './line-key.ts';
import { stockAtStart } from './stock-at-start.ts';

const READS = 100;
const WRITES = 25;

/** A table for each part, on demand. */
export const DYNAMODB: StoreKind = {
  async store(part, sheet) {
    const { dynamodb, destroy } = clientsFor(sheet, part.path);
    return new DynamodbStore({ dynamodb, table: nameOf(sheet.namespace, part.path), destroy });
  },
  async keeper(part, sheet) {
    const { dynamodb, destroy } = clientsFor(sheet, part.path);
    const datasets = sheet.plan.datasets.filter((dataset) => sheet.plan.parts[dataset.part]?.path === part.path);
    const { count: objects } = sheet.plan.objects;
    return new DynamodbKeeper({ dynamodb, table: nameOf(sheet.namespace, part.path), datasets, objects, destroy });
  },
};

/**
 * One table. A write with a ledger line puts one new item that holds both the line and the row's data, under a condition on its key if
 * repeats are recognised; further rows of the write come before it, so that the line is there only when all of the write is.
 *
 * Simplified: whether an eventual read was old is not told: no endpoint on this machine has replicas. The rows of a write without a line
 * are not all or nothing, as in BatchWriteItem; nothing reads them together.
 */
class DynamodbStore implements Store {
  private readonly o: { dynamodb: DynamoDBClient; table: string; destroy: () => void };
  private readonly stock: DynamodbStock;
  private readonly entities: DynamodbEntities;

  constructor(o: DynamodbStore['o']) {
    this.o = o;
    this.entities = new DynamodbEntities(o.dynamodb, o.table);
    this.stock = new DynamodbStock(o.dynamodb, o.table);
  }

  async read(dataset: PlannedDataset, row: number, o: { items: number; isConsistent: boolean }): Promise<ReadAnswer> {
    try {
      return o.items === 1 || dataset.stock ? await this.readOne(dataset, row, o) : await this.readMany(row, o);
    } catch (error) {
      return { outcome: outcomeOf(error) };
    }
  }

  async write(order: WriteOrder): Promise<Outcome> {
    const { isFollowed, line, take } = order;
    return this.afterRows(order, async () => {
      if (line === undefined) return 'ok';
      if (take > 0) return this.stock.take(order, line);
      return isFollowed ? this.entities.write(order, line) : this.putLine(order, line);
    });
  }

  /** A dataset that keeps a stock has such lines in the item of the row; every other one in the item of the entity. */
  async settle(order: SettleOrder): Promise<Outcome> {
    return this.afterRows(order, () => (order.dataset.stock ? this.stock.settle(order) : this.entities.settle(order)));
  }

  async tally(asked: TallyQuestion): Promise<Tally | Outcome> {
    try {
      return await (asked.dataset.stock ? this.stock.tally(asked) : this.entities.tally(asked));
    } catch (error) {
      return outcomeOf(error);
    }
  }

  async close(): Promise<void> {
    this.o.destroy();
  }

  private async readOne(dataset: PlannedDataset, row: number, o: { items: number; isConsistent: boolean }): Promise<ReadAnswer> {
    const id = dataset.stock === undefined ? ID.row(row) : ID.stock(row);
    const call = { TableName: this.o.table, Key: keyOf(id), ConsistentRead: o.isConsistent };
    if (dataset.stock === undefined) {
      await this.o.dynamodb.send(new GetItemCommand(call));
      return { outcome: 'ok' };
    }
    const only = { ProjectionExpression: '#left', ExpressionAttributeNames: { '#left': 'left' } };
    const { Item } = await this.o.dynamodb.send(new GetItemCommand({ ...call, ...only }));
    if (o.items > 1) await this.readMany(row + 1, { ...o, items: o.items - 1 });
    return { outcome: 'ok', left: numberIn(Item, 'left') ?? stockAtStart(dataset, row) };
  }

  private async readMany(row: number, { items, isConsistent }: { items: number; isConsistent: boolean }): Promise<ReadAnswer> {
    const ids = Array.from({ length: items }, (_, i) => keyOf(ID.row(row + i)));
    const answers = await Promise.all(
      slices(ids, READS).map((Keys) => {
        const RequestItems = { [this.o.table]: { Keys, ConsistentRead: isConsistent } };
        return this.o.dynamodb.send(new BatchGetItemCommand({ RequestItems }));
      }),
    );
    const isWhole = answers.every(({ UnprocessedKeys }) => Object.keys(UnprocessedKeys ?? {}).length === 0);
    return { outcome: isWhole ? 'ok' : 'throttled' };
  }

  /** Puts the rows that are not in the item with the line, and then that item. */
  private async afterRows(
    order: Pick<WriteOrder, 'dataset' | 'row' | 'items' | 'line'>,
    put: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const { items, line, row } = order;
    try {
      const isKept = await this.putRows(order, line === undefined ? row : row + 1, line === undefined ? items : items - 1);
      return isKept ? await put() : 'throttled';
    } catch (error) {
      return outcomeOf(error);
    }
  }

  /** False when some of them were not taken. */
  private async putRows({ dataset }: Pick<WriteOrder, 'dataset'>, row: number, items: number): Promise<boolean> {
    const data = dataOf(dataset);
    const all = Array.from({ length: items }, (_, i) => ({ ...keyOf(ID.row(row + i)), data }));
    const [only] = all;
    if (all.length === 1 && only !== undefined) {
      await this.o.dynamodb.send(new PutItemCommand({ TableName: this.o.table, Item: only }));
      return true;
    }
    const answers = await Promise.all(
      slices(all, WRITES).map((some) => {
        const RequestItems = { [this.o.table]: some.map((Item) => ({ PutRequest: { Item } })) };
        return this.o.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
      }),
    );
    return answers.every(({ UnprocessedItems }) => Object.keys(UnprocessedItems ?? {}).length === 0);
  }

  private async putLine({ dataset, isGuarded }: WriteOrder, line: LiveEffect): Promise<Outcome> {
    const id = ID.line(lineKey(line, isGuarded));
    const Item = { ...keyOf(id), line: { S: JSON.stringify(line) }, data: dataOf(dataset) };
    try {
      const condition = isGuarded ? { ConditionExpression: 'attribute_not_exists(id)' } : {};
      await this.o.dynamodb.send(new PutItemCommand({ TableName: this.o.table, Item, ...condition }));
      return 'ok';
    } catch (error) {
      if (isUnmet(error)) return 'repeat';
      throw error;
    }
  }
}

function slices<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
}
