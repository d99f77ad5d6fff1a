import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PlannedDataset } from '../../../domain/plan.ts';
import type { LiveEffect, Outcome, ReadAnswer, Store, StoreKind, WriteOrder } from '../contract.ts';
import { nameOf } from '../names.ts';
import { clientsFor } from '../stacks/aws/clients.ts';
import { failureOf, isUnmet, outcomeOf } from '../stacks/aws/failures.ts';
import { lineKey } from './line-key.ts';
import { S3Keeper } from './s3-keeper.ts';

/** An endpoint on this machine holds its objects in memory. */
const OBJECT_KB = 64;

/** A bucket for each part. */
export const S3: StoreKind = {
  async store(part, sheet) {
    const { s3, destroy } = clientsFor(sheet, part.path);
    const isEnforcing = sheet.addresses.aws?.backend !== 'embedded';
    return new S3Store({ s3, bucket: nameOf(sheet.namespace, part.path), isEnforcing, destroy });
  },
  async keeper(part, sheet) {
    const { s3, destroy } = clientsFor(sheet, part.path);
    return new S3Keeper({ s3, bucket: nameOf(sheet.namespace, part.path), destroy });
  },
};

/**
 * One bucket. A write with a ledger line puts one object whose metadata is the line, under the line's key: whoever puts it again leaves
 * one. Further rows of the write come before it.
 *
 * Simplified: objects are at most 64 KB, whatever the dataset says: who pays for bandwidth would notice. Where the endpoint does not
 * enforce If-None-Match, two writers at the same moment may both be told that theirs was the first; the line is there once all the same.
 */
class S3Store implements Store {
  private readonly o: { s3: S3Client; bucket: string; isEnforcing: boolean; destroy: () => void };

  constructor(o: S3Store['o']) {
    this.o = o;
  }

  async read(_dataset: PlannedDataset, row: number, { items }: { items: number }): Promise<ReadAnswer> {
    try {
      await Promise.all(Array.from({ length: items }, (_, i) => this.get(`rows/${row + i}`)));
      return { outcome: 'ok' };
    } catch (error) {
      return { outcome: outcomeOf(error) };
    }
  }

  async write({ dataset, isGuarded, items, line, row }: WriteOrder): Promise<Outcome> {
    const Body = Buffer.alloc(Math.round(Math.min(OBJECT_KB, dataset.item_kb) * 1024));
    const first = line === undefined ? 0 : 1;
    try {
      const rows = Array.from({ length: items - first }, (_, i) => `rows/${row + first + i}`);
      await Promise.all(rows.map((Key) => this.o.s3.send(new PutObjectCommand({ Bucket: this.o.bucket, Key, Body }))));
      return line === undefined ? 'ok' : await this.putLine(line, isGuarded, Body);
    } catch (error) {
      return outcomeOf(error);
    }
  }

  async settle(): Promise<Outcome> {
    throw new RangeError('s3 cannot look at one object and write another in one go: refusals.ts turns such a plan away');
  }

  async tally(): Promise<Outcome> {
    return this.settle();
  }

  async close(): Promise<void> {
    this.o.destroy();
  }

  private async putLine(line: LiveEffect, isGuarded: boolean, Body: Buffer): Promise<Outcome> {
    const Key = `lines/${lineKey(line, isGuarded)}`;
    if (isGuarded && !this.o.isEnforcing && (await this.has(Key))) return 'repeat';
    const put = { Bucket: this.o.bucket, Key, Body, Metadata: { line: JSON.stringify(line) } };
    try {
      await this.o.s3.send(new PutObjectCommand({ ...put, ...(isGuarded ? { IfNoneMatch: '*' } : {}) }));
      return 'ok';
    } catch (error) {
      if (isUnmet(error)) return 'repeat';
      throw error;
    }
  }

  private async get(Key: string): Promise<void> {
    await unlessMissing(async () => {
      const { Body } = await this.o.s3.send(new GetObjectCommand({ Bucket: this.o.bucket, Key }));
      await Body?.transformToByteArray();
    });
  }

  private has(Key: string): Promise<boolean> {
    return unlessMissing(() => this.o.s3.send(new HeadObjectCommand({ Bucket: this.o.bucket, Key })));
  }
}

/** False when there is no such object, which is an answer too: rows are there once they are written. */
async function unlessMissing(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    const { name, status } = failureOf(error);
    if (name === 'NoSuchKey' || (name === 'NotFound' && status === 404)) return false;
    throw error;
  }
}
