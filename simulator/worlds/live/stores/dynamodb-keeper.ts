import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { PlannedDataset } from '../../../domain/plan.ts';
import type { LiveEffect, StoreKeeper } from '../contract.ts';
import { type Item, lineIn, numberIn, takingsIn } from './dynamodb-items.ts';
import { stockAtStart } from './stock-at-start.ts';

const LOOK_MS = 50;

/** Makes a table, reads its ledger lines and stocks back by scans, takes it away. */
export class DynamodbKeeper implements StoreKeeper {
  private readonly o: {
    dynamodb: DynamoDBClient;
    table: string;
    datasets: readonly PlannedDataset[];
    objects: number;
    destroy: () => void;
  };

  constructor(o: DynamodbKeeper['o']) {
    this.o = o;
  }

  /** Stocks need no rows of their own: who takes first from one writes it. */
  async prepare(): Promise<void> {
    const { dynamodb, table: TableName } = this.o;
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    while ((await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus !== 'ACTIVE') await sleep(LOOK_MS);
  }

  async *readBack(): AsyncIterable<LiveEffect> {
    for await (const item of this.scan('line/', ['line'])) if (item.line) yield lineIn(item.line);
    for await (const item of this.scan('entity/')) yield* Object.values(takingsIn(item)).map(lineIn);
    if (this.o.datasets.every(({ stock }) => stock === undefined)) return;
    const pages = new Map<string, number>();
    for await (const item of this.scan('stock/')) {
      pages.set(rowIn(item), numberIn(item, 'page') ?? 0);
      yield* Object.values(takingsIn(item)).map(lineIn);
    }
    for await (const item of this.scan('page/')) {
      const isCopy = pageIn(item) >= (pages.get(rowIn(item)) ?? 0);
      if (!isCopy) yield* Object.values(takingsIn(item)).map(lineIn);
    }
  }

  async stockLeft(): Promise<Record<string, Record<number, number>>> {
    const dataset = this.o.datasets.find(({ stock }) => stock !== undefined);
    if (dataset === undefined) return {};
    const left: Record<number, number> = {};
    for (let row = 0; row < this.o.objects; row++) left[row] = stockAtStart(dataset, row);
    for await (const item of this.scan('stock/', ['left'])) left[Number(rowIn(item))] = numberIn(item, 'left') as number;
    return { [dataset.name]: left };
  }

  async dispose(): Promise<void> {
    try {
      await this.o.dynamodb.send(new DeleteTableCommand({ TableName: this.o.table }));
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    }
    this.o.destroy();
  }

  /** Items whose key begins so, with these attributes beside the key, or with all. */
  private async *scan(beginning: string, attributes: readonly string[] = []): AsyncIterable<Item> {
    const names = Object.fromEntries(attributes.map((name, i) => [`#a${i}`, name]));
    const projection = attributes.length > 0 ? { ProjectionExpression: ['#id', ...Object.keys(names)].join(', ') } : {};
    const pages = paginateScan(
      { client: this.o.dynamodb },
      {
        TableName: this.o.table,
        ConsistentRead: true,
        FilterExpression: 'begins_with(#id, :beginning)',
        ExpressionAttributeNames: { '#id': 'id', ...names },
        ExpressionAttributeValues: { ':beginning': { S: beginning } },
        ...projection,
      },
    );
    for await (const { Items = [] } of pages) yield* Items;
  }
}

/** Of `stock/7` and `page/7/0`: '7'. */
function rowIn(item: Item): string {
  return wordsOf(item)[1] as string;
}

function pageIn(item: Item): number {
  return Number(wordsOf(item)[2]);
}

function wordsOf({ id }: Item): string[] {
  return String(id?.S).split('/');
}
