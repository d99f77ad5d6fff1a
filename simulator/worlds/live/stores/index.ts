import type { PartKind } from '../../../domain/plan.ts';
import type { StoreKind } from '../contract.ts';

/** What holds datasets, by the plan's word for it; loaded when a plan has one, since each brings a client library. */
export const STORES: Partial<Record<PartKind, () => Promise<StoreKind>>> = {
  postgres: async () => (await import('./postgres.ts')).postgres,
  dynamodb: async () => (await import('./dynamodb.ts')).DYNAMODB,
  s3: async () => (await import('./s3.ts')).S3,
};
