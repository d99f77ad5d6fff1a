import { counted } from './counted.ts';

/** Repeats that an idempotent part recognised: work for nothing, but no harm. */
export const suppressed = counted('suppressed', {
  role: 'suppressed',
  description: 'repeats that were recognised and not applied again',
  story: (line, words) => `message ${line.cause} of entity ${line.entity} at ${words.part(line.part)}, attempt ${line.attempt}`,
});
