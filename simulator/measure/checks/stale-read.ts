import { counted } from './counted.ts';

/** Reads that returned a version older than the last committed write. */
export const staleRead = counted('stale_read', {
  role: 'stale-read',
  description: 'a read, or a copy at the edge, that was older than the last write',
  story: (line, words) => `action ${line.entity} read an old version at ${words.part(line.part)}`,
});
