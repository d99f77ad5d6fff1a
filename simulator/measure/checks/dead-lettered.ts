import { counted } from './counted.ts';

/** Messages that a queue gave up on. */
export const deadLettered = counted('dead_lettered', {
  role: 'dead-lettered',
  description: 'messages that went to a dead-letter queue without having been worked off',
  story: (line, words) =>
    `message ${line.cause} of entity ${line.entity} left ${words.part(line.part)} after receive ${line.attempt}`,
});
