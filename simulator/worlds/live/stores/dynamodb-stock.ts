import { type DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Tally } from '../../../domain/undoing.ts';
import type { LiveEffect, Outcome, SettleOrder, TallyQuestion, WriteOrder } from '../contract.ts';
import { isUnmet } from '../stacks/aws/failures.ts';
import { ID, type Item, keyOf, numberIn, TAKING, takingsIn, written } from './dynamodb-items.ts';
import { tallyOf, verdictOf } from './dynamodb-verdict.ts';
import { lineKey } from './line-key.ts';
import { stockAtStart } from './stock-at-start.ts';

/** Takings that a stock item holds before they move to a page: 32 of them are 6 KB. */
export const PAGE = 32;
/** Attempts at one taking while others turn pages or take. */
const TRIES = 50;

/** What this process knows of a row: at which page it is, and who took in the pages before, which never change. */
interface Book {
  page: number;
  taken: Set<string>;
}

/**
 * Takes from stocks of one table: what is left and the ledger line of who took change in one conditional UpdateItem of one item.
 *
 * So there is no line without its taking nor the other way round, wherever a process dies, and without TransactWriteItems, which not every
 * endpoint has and which costs twice. An item may not outgrow 400 KB, so a full one's takings are copied to a page and then removed with
 * the number of the next page; who dies between leaves a copy that says the same, and the next one goes on. A guard has to see all pages:
 * an update counts only on the page up to which its process has read the others. A row that nobody took from needs no item.
 */
export class DynamodbStock {
  private readonly dynamodb: DynamoDBClient;
  private readonly table: string;
  private readonly books = new Map<number, Book>();
  private readonly turns = new Map<number, Promise<void>>();

  constructor(dynamodb: DynamoDBClient, table: string) {
    this.dynamodb = dynamodb;
    this.table = table;
  }

  async take(order: WriteOrder, line: LiveEffect): Promise<Outcome> {
    const key = TAKING + lineKey(line, order.isGuarded);
    for (let tries = 0; tries < TRIES; tries++) {
      const book = this.bookOf(order.row);
      if (book.taken.has(key)) return 'repeat';
      if (!isHopeless(order) && (await this.update(order, { key, line, page: book.page }))) return 'ok';
      const found = await this.get(ID.stock(order.row));
      const isNews = await this.reads(order.row, found);
      if (book.taken.has(key) || found?.[key] !== undefined) return 'repeat';
      if (isNews) continue;
      if (isHopeless(order) || (order.isConditional && leftIn(found, order) < order.take)) return 'sold-out';
      if ((numberIn(found, 'n') ?? 0) >= PAGE) await this.turnOnce(order.row, found as Item);
    }
    return 'throttled';
  }

  /** Takes back what was taken of a row, or writes a line about it, as long as no line has come to it in between. */
  async settle(order: SettleOrder): Promise<Outcome> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { found, keys } = await this.known(order.row);
      const lines = verdictOf(keys, order);
      if (typeof lines === 'string') return lines;
      if ((numberIn(found, 'n') ?? 0) >= PAGE) await this.turnOnce(order.row, found as Item);
      else if (lines.size === 0 || (await this.giveBack(order, { found, lines }))) return 'ok';
    }
    return 'throttled';
  }

  async tally({ row, ...asked }: TallyQuestion): Promise<Tally> {
    return tallyOf((await this.known(row)).keys, asked);
  }

  /** A row's item as it is now, and the keys of all of its lines, those on pages among them. */
  private async known(row: number): Promise<{ found: Item | undefined; keys: string[] }> {
    const found = await this.get(ID.stock(row));
    await this.reads(row, found);
    return { found, keys: [...this.bookOf(row).taken, ...Object.keys(takingsIn(found ?? {}))] };
  }

  private async giveBack(
    order: SettleOrder,
    o: { found: Item | undefined; lines: ReadonlyMap<string, LiveEffect> },
  ): Promise<boolean> {
    const lines = [...o.lines];
    const n = numberIn(o.found, 'n');
    const start = stockAtStart(order.dataset, order.row);
    const call = new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(ID.stock(order.row)),
      UpdateExpression: `SET ${['#left = if_not_exists(#left, :start) + :units', '#page = :page', ...lines.map((_, i) => `#l${i} = :l${i}`)].join(', ')} ADD #n :more`,
      ConditionExpression: n === undefined ? 'attribute_not_exists(#n)' : '#n = :n AND #page = :page',
      ExpressionAttributeNames: {
        '#left': 'left',
        '#page': 'page',
        '#n': 'n',
        ...Object.fromEntries(lines.map(([key], i) => [`#l${i}`, key])),
      },
      ExpressionAttributeValues: {
        ':start': { N: String(start) },
        ':units': { N: String((order.undoes?.units ?? 0) * lines.length) },
        ':page': { N: String(numberIn(o.found, 'page') ?? 0) },
        ':more': { N: String(lines.length) },
        ...(n === undefined ? {} : { ':n': { N: String(n) } }),
        ...Object.fromEntries(lines.map(([, line], i) => [`:l${i}`, written(line)])),
      },
    });
    return this.tried(() => this.dynamodb.send(call));
  }

  /** False when it changed nothing, since one of its conditions is not met. */
  private async update(order: WriteOrder, o: { key: string; line: LiveEffect; page: number }): Promise<boolean> {
    const { isConditional, row, seen, take } = order;
    const start = stockAtStart(order.dataset, row);
    const isBlind = isConditional || seen === undefined;
    const enough = start >= take ? '(attribute_not_exists(#left) OR #left >= :take)' : '#left >= :take';
    const conditions = [
      o.page === 0 ? '(attribute_not_exists(#page) OR #page = :page)' : '#page = :page',
      '(attribute_not_exists(#n) OR #n < :full)',
      'attribute_not_exists(#key)',
      ...(isConditional ? [enough] : []),
    ];
    const left = isBlind ? 'if_not_exists(#left, :start) - :take' : ':rest';
    const call = new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(ID.stock(row)),
      UpdateExpression: `SET #left = ${left}, #n = if_not_exists(#n, :zero) + :one, #page = :page, #key = :line`,
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: { '#left': 'left', '#n': 'n', '#page': 'page', '#key': o.key },
      ExpressionAttributeValues: {
        ':zero': { N: '0' },
        ':one': { N: '1' },
        ':full': { N: String(PAGE) },
        ':page': { N: String(o.page) },
        ':line': written(o.line),
        ...(isBlind ? { ':start': { N: String(start) } } : { ':rest': { N: String(seen - take) } }),
        ...(isBlind ? { ':take': { N: String(take) } } : {}),
      },
    });
    return this.tried(() => this.dynamodb.send(call));
  }

  /** Reads the pages that this process does not know yet; false when it knew them all. */
  private async reads(row: number, found: Item | undefined): Promise<boolean> {
    const book = this.bookOf(row);
    const page = numberIn(found, 'page') ?? 0;
    if (page <= book.page) return false;
    for (let number = book.page; number < page; number++) {
      const before = await this.get(ID.page(row, number));
      for (const key of Object.keys(takingsIn(before ?? {}))) book.taken.add(key);
    }
    book.page = Math.max(book.page, page);
    return true;
  }

  /** The same turn for all who find the item full while it is under way. */
  private turnOnce(row: number, full: Item): Promise<void> {
    const turning = this.turns.get(row) ?? this.turn(row, full).finally(() => this.turns.delete(row));
    this.turns.set(row, turning);
    return turning;
  }

  /** A full item takes nothing more, so that its copy is right whoever makes it, and however often. */
  private async turn(row: number, full: Item): Promise<void> {
    const page = numberIn(full, 'page') as number;
    await this.dynamodb.send(
      new PutItemCommand({ TableName: this.table, Item: { ...keyOf(ID.page(row, page)), ...takingsIn(full) } }),
    );
    const Item = { ...keyOf(ID.stock(row)), left: full.left as { N: string }, page: { N: String(page + 1) }, n: { N: '0' } };
    await this.tried(() =>
      this.dynamodb.send(
        new PutItemCommand({
          TableName: this.table,
          Item,
          ConditionExpression: '#page = :page',
          ExpressionAttributeNames: { '#page': 'page' },
          ExpressionAttributeValues: { ':page': { N: String(page) } },
        }),
      ),
    );
  }

  private async get(id: string): Promise<Item | undefined> {
    const call = new GetItemCommand({ TableName: this.table, Key: keyOf(id), ConsistentRead: true });
    return (await this.dynamodb.send(call)).Item;
  }

  private async tried(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (isUnmet(error)) return false;
      throw error;
    }
  }

  private bookOf(row: number): Book {
    const known = this.books.get(row);
    if (known !== undefined) return known;
    const book = { page: 0, taken: new Set<string>() };
    this.books.set(row, book);
    return book;
  }
}

/** Who writes back what it saw less what it takes does not even try when it saw too little. */
function isHopeless({ isConditional, seen, take }: WriteOrder): boolean {
  return !isConditional && seen !== undefined && seen < take;
}

function leftIn(found: Item | undefined, { dataset, row }: WriteOrder): number {
  return numberIn(found, 'left') ?? stockAtStart(dataset, row);
}
