import type { ChannelPlacement } from '../domain/placement.ts';
import type { Decision, Part } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import type { Parameter } from '../domain/sourced.ts';
import type { Placements } from './compile.ts';
import { given } from './component-parts.ts';
import { BROKER, BROKER_INSTANCES, MESSAGES_PER_VCPU } from './parameters/broker.ts';
import { CLASSIC_COMMIT, NO_LIMIT, QUORUM_COMMIT } from './parameters/rabbitmq.ts';
import { HIGH_THROUGHPUT } from './parameters/sqs-fifo.ts';
import type { Placed } from './place.ts';
import { unknownName } from './unknown-name.ts';
import type { Values } from './values.ts';

type Channels = ReadonlyMap<string, Placed<ChannelPlacement>>;
type Rabbitmq = Extract<ChannelPlacement, { channel: 'rabbitmq' }>;
type Decided = Record<string, Parameter>;

/** Machines of a broker that has quorum queues. */
const CLUSTER = 3;

/** One queue for each consumer of each event; long work is taken one message at a time, so that no others wait behind it. */
export function queueParts(o: Placements, values: Values): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const [event, { placement }] of o.channels) {
    const known = o.scenario.application.events[event];
    for (const consumer of Object.keys(known?.consumers ?? {})) {
      const isLong = o.traits.get(consumer)?.duration === 'long';
      const decided: Decided = isLong
        ? { batch_size: given(1, 'message', 'sizing: long work is taken one message at a time') }
        : {};
      const kind = placement.channel;
      parts.set(`${event}/${consumer}`, {
        path: `${kind}/${event}/${consumer}`,
        kind,
        owner: consumer,
        values: values.of(kind, consumer, { ...decided, ...numbersOf(placement) }),
        words: { event, ...wordsOf(placement, known?.ordered_by) },
      });
    }
  }
  return parts;
}

/** Parameters that the options of a placement decide. */
function numbersOf(placement: ChannelPlacement): Decided {
  if (placement.channel === 'sqs-fifo') return placement.high_throughput ? { calls_per_s: HIGH_THROUGHPUT } : {};
  if (placement.channel !== 'rabbitmq') return {};
  const isQuorum = placement.queue === 'quorum';
  return {
    prefetch: given(placement.prefetch, 'message', 'placement'),
    commit_ms: isQuorum ? QUORUM_COMMIT : CLASSIC_COMMIT,
    ...(isQuorum ? {} : { delivery_limit: NO_LIMIT }),
  };
}

/** Options of a placement that are no numbers. */
function wordsOf(placement: ChannelPlacement, ordered_by: 'actor' | 'object' | undefined): Record<string, string> {
  if (placement.channel === 'sqs-fifo') return { group: placement.group ?? ordered_by ?? 'none' };
  if (placement.channel !== 'rabbitmq') return {};
  const { ack, confirms, durable, queue } = placement;
  return { queue, ack, confirms: confirms ? 'yes' : 'no', durable: durable ? 'yes' : 'no' };
}

/** A channel with its options, in words. */
export function channelInWords(placement: ChannelPlacement, ordered_by: 'actor' | 'object' | undefined): string {
  const words: string[] = [placement.channel];
  const { group, queue } = wordsOf(placement, ordered_by);
  if (group !== undefined) words.push(group === 'none' ? 'a group for each message' : `group ${group}`);
  if (placement.channel === 'sqs-fifo' && placement.high_throughput) words.push('high throughput');
  if (placement.channel === 'rabbitmq') {
    words.push(`${queue}, prefetch ${placement.prefetch}`);
    if (!placement.durable) words.push('not durable');
    if (!placement.confirms) words.push('no confirms');
    if (placement.ack === 'automatic') words.push('automatic ack');
  }
  return words.join(', ');
}

function onRabbitmq(channels: Channels): [string, Placed<Rabbitmq>][] {
  return [...channels].filter((entry): entry is [string, Placed<Rabbitmq>] => entry[1].placement.channel === 'rabbitmq');
}

/** The broker that all events on RabbitMQ share, if there are any: a cluster as soon as one has a quorum queue. */
export function brokerPart(channels: Channels, values: Values): Part | undefined {
  const placed = onRabbitmq(channels).map(([, { placement }]) => placement);
  const instance = placed[0]?.instance;
  if (instance === undefined) return undefined;
  const type = BROKER_INSTANCES[instance] ?? { memory_mb: 8_192, vcpus: 2 };
  const isCluster = placed.some(({ queue }) => queue === 'quorum');
  const decided: Decided = {
    nodes: given(
      isCluster ? CLUSTER : 1,
      'machine',
      isCluster ? 'quorum queues need a cluster' : 'classic queues need one machine',
    ),
    memory_mb: { ...(BROKER.memory_mb as Parameter), value: type.memory_mb, source: `AWS EC2 instance types: ${instance}` },
    messages_per_s: { ...(BROKER.messages_per_s as Parameter), value: MESSAGES_PER_VCPU * type.vcpus },
  };
  return {
    path: 'rabbitmq',
    kind: 'broker',
    owner: 'rabbitmq',
    values: values.of('broker', 'rabbitmq', decided),
    words: { instance },
  };
}

/** Why there is a broker and how many machines it has. */
export function brokerDecision(broker: Part): Decision {
  const nodes = broker.values.nodes as number;
  const because = nodes === CLUSTER ? 'quorum queues keep each message on three machines' : 'classic queues lie on one machine';
  return { subject: 'rabbitmq', placed: `${nodes} x ${broker.words.instance}`, rule: 'fair sizing', because };
}

/** Options of channels that do not go together. */
export function channelMisfits(channels: Channels): Problem[] {
  const placed = onRabbitmq(channels);
  const problems: Problem[] = [];
  for (const [, { placement, path }] of placed) {
    if (placement.queue === 'quorum' && !placement.durable) {
      const expected = 'durable: true, or queue: classic';
      problems.push({ path: `${path}.durable`, message: 'a quorum queue cannot be without durability', expected });
    }
    const known = Object.keys(BROKER_INSTANCES);
    if (!known.includes(placement.instance))
      problems.push(unknownName(`${path}.instance`, { what: 'broker instance', name: placement.instance, known }));
  }
  const asked = [...new Set(placed.map(([, { placement }]) => placement.instance))];
  if (asked.length > 1) {
    const path = `${placed.at(-1)?.[1].path}.instance`;
    problems.push({ path, message: `one broker cannot be ${asked.join(' and ')}`, expected: 'one instance type for all events' });
  }
  return problems;
}
