import type { PartKind } from '../../../domain/plan.ts';
import type { ChannelKind } from '../contract.ts';

/** What carries events, by the plan's word for it; loaded when a plan has one, since each brings a client library. */
export const CHANNELS: Partial<Record<PartKind, () => Promise<ChannelKind>>> = {
  sqs: async () => (await import('./sqs.ts')).SQS,
  'sqs-fifo': async () => (await import('./sqs-fifo.ts')).SQS_FIFO,
  rabbitmq: async () => (await import('./rabbitmq.ts')).rabbitmq,
};
