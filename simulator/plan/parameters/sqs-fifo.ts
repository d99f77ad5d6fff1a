import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite } from './cite.ts';
import { SQS_QUEUE } from './sqs.ts';

const SQS = cite('AWS SQS developer guide (awsdocs sqs@72529fa); quotas-messages.html', '2023-05');
const IDENTIFIERS = cite(
  'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-additional-fifo-queue-identifiers.html',
  '2026-11-24',
);
const HOP = cite('bitesizedserverless.com serverless-messaging-latency-compared, SQS FIFO to poller, n = 1,024', '2022-09-05');

/** Median of SendMessage, as for a standard queue. */
const SEND = 5;
const { send_ms, visibility_timeout_s, receives_max, retention_s, pollers_initial, pollers_per_min, pollers_max, long_poll_s } =
  SQS_QUEUE as Record<string, Parameter>;

/** API calls a second of a queue in high-throughput mode, in the large regions. */
export const HIGH_THROUGHPUT = assumed(70_000, 'call/s', {
  range: [2_400, 70_000],
  because: 'high-throughput mode in us-east-1, us-west-2 and eu-west-1 by secondary sources of 2026; 2,400 elsewhere',
});

/** A first-in-first-out queue between an event and one consumer: order per message group, one batch of a group at a time. */
export const SQS_FIFO_QUEUE: Record<string, Parameter> = {
  send_ms: send_ms as Parameter,
  delivery_ms: HOP.measured(
    {
      kind: 'quantiles',
      points: [
        [0.1, 21.9 - SEND],
        [0.5, 28.1 - SEND],
        [0.9, 61.2 - SEND],
        [0.99, 645 - SEND],
        [0.999, 1_800 - SEND],
        [1, 4_000],
      ],
    },
    'ms',
    'whole hop p10 21.9, p50 28.1, p90 61.2, p99 645, less 5 of sending; above p99 assumed log-normal (sigma 1.35), at most 4,000',
  ),
  visibility_timeout_s: visibility_timeout_s as Parameter,
  receives_max: receives_max as Parameter,
  retention_s: retention_s as Parameter,
  in_flight_max: SQS.documented(20_000, 'message', 'received and not yet deleted'),
  batch_size: SQS.documented(10, 'message', 'default, and the most that a FIFO queue allows'),
  calls_per_s: SQS.documented(300, 'call/s', 'sends of one queue, without high-throughput mode; ten messages fit in a call'),
  retries: assumed(3, 'retry', { range: [0, 10], because: 'of a throttled send; the usual default of AWS SDKs' }),
  retry_base_ms: assumed(100, 'ms', { range: [25, 1_000], because: 'before the first retry, doubled for each further one' }),
  deduplication_s: IDENTIFIERS.documented(300, 's', 'a message with a known deduplication id is accepted and not delivered'),
  pollers_initial: pollers_initial as Parameter,
  pollers_per_min: pollers_per_min as Parameter,
  pollers_max: pollers_max as Parameter,
  long_poll_s: long_poll_s as Parameter,
};
