import type { Part } from '../../../domain/plan.ts';
import type { Message } from '../contract.ts';
import { writerId } from '../writer.ts';
import { sqsKind } from './sqs-kind.ts';

/**
 * A FIFO queue: what a standard queue does, in order within each message group and one batch of a group at a time.
 *
 * A publisher that is idempotent names its publication, which the queue recognises for five minutes; another's repeat is a new message.
 */
export const SQS_FIFO = sqsKind({
  ending: '.fifo',
  attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'false' },
  lineOf: groupOf,
  placeOf: (message, part, deduplication) => ({
    MessageGroupId: groupOf(message, part),
    MessageDeduplicationId: deduplication ?? writerId(),
  }),
});

/** AWS refuses a message without a group: `none` makes up one for each, which promises no order. */
function groupOf({ id, story }: Message, { words }: Part): string {
  if (words.group === 'actor') return `actor-${story.user}`;
  if (words.group === 'object') return `object-${story.object}`;
  return words.group === 'all' ? 'all' : id;
}
