import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Tally } from '../../../domain/undoing.ts';
import type { LiveEffect, Outcome, SettleOrder, TallyQuestion, WriteOrder } from '../contract.ts';
import { isUnmet } from '../stacks/aws/failures.ts';
import { dataOf, ID, type Item, keyOf, numberIn, TAKING, takingsIn, written } from './dynamodb-items.ts';
import { tallyOf, verdictOf } from './dynamodb-verdict.ts';
import { lineKey } from './line-key.ts';

/** Attempts at one write while others write about the same entity. */
const TRIES = 50;

/**
 * Lines of one table that somebody undoes or waits for: all of an entity in one item, with how many there are.
 *
 * Whoever undoes or waits reads the item and writes it back on condition that no line has come in between, so that what it looked at is
 * still so at the moment of its write, without TransactWriteItems.
 */
export class DynamodbEntities {
  private readonly dynamodb: DynamoDBClient;
  private readonly table: string;

  constructor(dynamodb: DynamoDBClient, table: string) {
    this.dynamodb = dynamodb;
    this.table = table;
  }

  async write(order: WriteOrder, line: LiveEffect): Promise<Outcome> {
    const key = TAKING + lineKey(line, order.isGuarded);
    const isNew = await this.add(order, {
      entity: line.entity,
      lines: new Map([[key, line]]),
      condition: 'attribute_not_exists(#l0)',
    });
    return isNew ? 'ok' : 'repeat';
  }

  async settle(order: SettleOrder): Promise<Outcome> {
    for (let tries = 0; tries < TRIES; tries++) {
      const found = await this.get(order.entity);
      const lines = verdictOf(Object.keys(takingsIn(found ?? {})), order);
      if (typeof lines === 'string') return lines;
      const n = numberIn(found, 'n');
      const condition = n === undefined ? 'attribute_not_exists(#n)' : '#n = :n';
      if (await this.add(order, { entity: order.entity, lines, condition, ...(n === undefined ? {} : { n }) })) return 'ok';
    }
    return 'throttled';
  }

  async tally({ entity, ...asked }: TallyQuestion): Promise<Tally> {
    return tallyOf(Object.keys(takingsIn((await this.get(entity)) ?? {})), { ...asked, entity });
  }

  /** False when the condition is not met, and nothing has changed. */
  private async add(
    { dataset }: Pick<WriteOrder, 'dataset'>,
    o: { entity: number; lines: ReadonlyMap<string, LiveEffect>; condition: string; n?: number },
  ): Promise<boolean> {
    const lines = [...o.lines];
    const call = new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(ID.entity(o.entity)),
      UpdateExpression: `SET ${['#data = :data', ...lines.map((_, i) => `#l${i} = :l${i}`)].join(', ')} ADD #n :more`,
      ConditionExpression: o.condition,
      ExpressionAttributeNames: {
        '#data': 'data',
        '#n': 'n',
        ...Object.fromEntries(lines.map(([key], i) => [`#l${i}`, key])),
      },
      ExpressionAttributeValues: {
        ':data': dataOf(dataset),
        ':more': { N: String(Math.max(1, lines.length)) },
        ...Object.fromEntries(lines.map(([, line], i) => [`:l${i}`, written(line)])),
        ...(o.n === undefined ? {} : { ':n': { N: String(o.n) } }),
      },
    });
    try {
      await this.dynamodb.send(call);
      return true;
    } catch (error) {
      if (isUnmet(error)) return false;
      throw error;
    }
  }

  private async get(entity: number): Promise<Item | undefined> {
    const call = new GetItemCommand({ TableName: this.table, Key: keyOf(ID.entity(entity)), ConsistentRead: true });
    return (await this.dynamodb.send(call)).Item;
  }
}
