import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';

const SQS = cite('AWS SQS developer guide (awsdocs sqs@72529fa); quotas-messages.html', '2023-05');
const POLLING = cite('AWS Lambda developer guide, SQS event source; github aws/agent-toolkit-for-aws@d6ad2e4', '2026-08-20');
const HOP = cite(
  'bitesizedserverless.com serverless-messaging-latency-compared, SQS standard to poller, n = 1,024',
  '2022-09-05',
);

/** Median of SendMessage, which the measured hop includes. */
const SEND = 5;

/** A standard queue between an event and one consumer: at least once, any order. */
export const SQS_QUEUE: Record<string, Parameter> = {
  send_ms: assumed(lognormal(SEND, 25), 'ms', {
    range: [2, 20],
    because: 'only the whole hop is known; a DynamoDB write takes 7.6 ms',
  }),
  delivery_ms: HOP.measured(
    {
      kind: 'quantiles',
      points: [
        [0.1, 13.7 - SEND],
        [0.5, 16.2 - SEND],
        [0.9, 33.8 - SEND],
        [0.99, 105 - SEND],
        [0.999, 194 - SEND],
        [1, 500],
      ],
    },
    'ms',
    'whole hop p10 13.7, p50 16.2, p90 33.8, p99 105, less 5 of sending; above p99 assumed log-normal (sigma .80), at most 500',
  ),
  visibility_timeout_s: SQS.documented(30, 's', 'default; 0 s to 12 h'),
  receives_max: assumed(5, 'receive', {
    range: [1, 1_000],
    because: 'receives before the dead-letter queue; AWS advises at least 5',
  }),
  retention_s: SQS.documented(345_600, 's', 'default, 4 days; 60 s to 14 days'),
  in_flight_max: SQS.documented(120_000, 'message', 'approximately; received and not yet deleted'),
  batch_size: POLLING.documented(10, 'message', 'default'),
  batch_window_ms: POLLING.documented(0, 'ms', 'default'),
  duplicate_rate: assumed(0.00001, 'share', {
    range: [0, 0.001],
    because: 'at least once is documented, a rate is not; nobody measured it',
  }),
  pollers_initial: POLLING.documented(5, 'poller', 'concurrent batches at the start'),
  pollers_per_min: POLLING.documented(300, 'poller/min'),
  pollers_max: POLLING.documented(1_250, 'poller', 'an older page says 1,000'),
  long_poll_s: SQS.documented(20, 's', 'the longest wait of a receive'),
};
