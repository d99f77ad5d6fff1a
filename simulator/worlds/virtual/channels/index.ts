import type { Part } from '../../../domain/plan.ts';
import type { Broker } from './broker.ts';
import type { Channel } from './channel.ts';
import { type RabbitmqOptions, RabbitmqQueue } from './rabbitmq.ts';
import { SqsQueue } from './sqs.ts';
import { SqsFifoQueue } from './sqs-fifo.ts';

export type ChannelOptions = Omit<RabbitmqOptions, 'broker'> & { broker: Broker | undefined };

/** The channel that a part is; one line for each kind. */
export function channelOf(part: Part, o: ChannelOptions): Channel {
  if (part.kind === 'sqs') return new SqsQueue(part, o);
  if (part.kind === 'sqs-fifo') return new SqsFifoQueue(part, o);
  if (part.kind === 'rabbitmq' && o.broker !== undefined) return new RabbitmqQueue(part, { ...o, broker: o.broker });
  throw new RangeError(`${part.path} is no channel, or its broker is missing`);
}
