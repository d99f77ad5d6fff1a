import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';

const BENCH = cite('rabbitmq.com blog (github rabbitmq/rabbitmq-website), v4.0 on 8 cores, one queue', '2024-08');
const POLLER = cite('https://docs.aws.amazon.com/lambda/latest/dg/services-mq-params.html', '2026-11-24');

/** Time until a quorum queue has a message on disk on most of its nodes; a classic queue takes it as it comes. */
export const QUORUM_COMMIT = BENCH.measured(
  lognormal(16.5, 33),
  'ms',
  'whole hop p50 17-18, p99 30-39 at 10,000 messages/s on slow disks, less 1 of delivery',
);
export const CLASSIC_COMMIT = BENCH.measured(0, 'ms', 'whole hop of a classic queue p50 1, p99 2-3: all of it is delivery');

/** Redeliveries that a queue allows; a classic queue has no limit of its own. */
export const NO_LIMIT = cite('https://www.rabbitmq.com/docs/quorum-queues', '2026-11-24').documented(
  1_000_000_000,
  'redelivery',
  'a classic queue has no delivery limit: a message that always fails comes back for ever',
);

/** A queue on a RabbitMQ broker between an event and one consumer. */
export const RABBITMQ_QUEUE: Record<string, Parameter> = {
  send_ms: assumed(0.5, 'ms', {
    range: [0.2, 5],
    because: 'one way to the broker in the same region; RabbitMQ has figures of the whole hop only',
  }),
  commit_ms: QUORUM_COMMIT,
  delivery_ms: BENCH.measured(lognormal(1, 2.5), 'ms', 'whole hop of a classic queue p50 1, p99 2-3'),
  prefetch: assumed(20, 'message', {
    range: [1, 300],
    because: 'unacknowledged messages a machine; 100 to 300 is often advised',
  }),
  delivery_limit: cite('https://www.rabbitmq.com/docs/quorum-queues', '2026-11-24').documented(
    20,
    'redelivery',
    'default of quorum queues since 4.0; mq.m5 has 3.13, where a policy has to say it',
  ),
  batch_size: POLLER.documented(100, 'message', 'default of an Amazon MQ event source; at most 10,000'),
  batch_window_ms: POLLER.documented(500, 'ms', 'default of an Amazon MQ event source'),
  retry_ms: assumed(1_000, 'ms', {
    range: [100, 60_000],
    because: 'how long the poller of a function waits after a failed batch; not documented',
  }),
  pollers_initial: assumed(1, 'poller', {
    range: [1, 10],
    because: 'one consumer a queue at first; not documented for RabbitMQ',
  }),
  pollers_per_min: assumed(20, 'poller/min', {
    range: [0, 300],
    because: 'an Amazon MQ event source scales by lag; no rate is documented',
  }),
  pollers_max: assumed(200, 'poller', {
    range: [1, 1_000],
    because: 'an Amazon MQ event source scales by lag; no limit is documented',
  }),
};
