import { sqsKind } from './sqs-kind.ts';

/** A standard queue: at least once, no order; a message that is not deleted within the visibility timeout comes back, then is dead. */
export const SQS = sqsKind({ ending: '', attributes: {}, lineOf: () => undefined });
