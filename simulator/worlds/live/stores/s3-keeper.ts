import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { PlannedDataset } from '../../../domain/plan.ts';
import { InputError } from '../../../domain/problem.ts';
import type { LiveEffect, StoreKeeper } from '../contract.ts';

/** Lines that are read at once. */
const READS = 50;

/** Makes a bucket, reads its ledger lines back, takes it away with all that is in it. */
export class S3Keeper implements StoreKeeper {
  private readonly o: { s3: S3Client; bucket: string; destroy: () => void };

  constructor(o: S3Keeper['o']) {
    this.o = o;
  }

  /** Throws: InputError for a stock: an object is put as a whole, so that nothing can be taken from it in one go. */
  async prepare(datasets: readonly PlannedDataset[]): Promise<void> {
    const problems = datasets
      .filter(({ stock }) => stock !== undefined)
      .map(({ name }) => ({
        path: `overrides.datasets.${name}.store`,
        message: 's3 cannot take from a stock in the live world',
        expected: 'dynamodb or postgres',
      }));
    if (problems.length > 0) throw new InputError(problems);
    await this.o.s3.send(new CreateBucketCommand({ Bucket: this.o.bucket }));
  }

  async *readBack(): AsyncIterable<LiveEffect> {
    for await (const keys of this.keys('lines/')) {
      for (let i = 0; i < keys.length; i += READS)
        yield* await Promise.all(keys.slice(i, i + READS).map((key) => this.line(key)));
    }
  }

  async stockLeft(): Promise<Record<string, Record<number, number>>> {
    return {};
  }

  async dispose(): Promise<void> {
    const { bucket: Bucket, destroy, s3 } = this.o;
    try {
      for await (const keys of this.keys(''))
        if (keys.length > 0)
          await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
    } catch (error) {
      if ((error as Error).name !== 'NoSuchBucket') throw error;
    }
    destroy();
  }

  private async line(Key: string): Promise<LiveEffect> {
    const { Metadata } = await this.o.s3.send(new HeadObjectCommand({ Bucket: this.o.bucket, Key }));
    return JSON.parse(Metadata?.line as string) as LiveEffect;
  }

  private async *keys(Prefix: string): AsyncIterable<string[]> {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.o.s3 }, { Bucket: this.o.bucket, Prefix }))
      yield Contents.map(({ Key }) => Key as string);
  }
}
