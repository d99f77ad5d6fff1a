/**
 * Counter-based draws: a number that depends only on its key, never on when it is asked for.
 *
 * A key is a 32-bit integer made by `mix`ing what the draw belongs to (seed, session, action, step, message, attempt,
 * purpose), so that one checkout has the same demand under every strategy and in both worlds.
 *
 * Source: the finaliser of MurmurHash3 (A. Appleby, public domain) over multiply-xor rounds.
 */
export function mix(key: number, word: number): number {
  let h = Math.imul(key ^ Math.imul(word ^ (word >>> 15), 0x2c1b3c6d), 0x297a2d39) + 0x9e3779b9;
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Uniform in [0, 1) for a key; 32 bits. */
export function uniform(key: number): number {
  let h = Math.imul(key ^ (key >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) * 2.3283064365386963e-10;
}

/** Key of a text: FNV-1a over UTF-16 units, then mixed. */
export function keyOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h, text.length);
}

/** What a draw is for, so that two draws of one step never share a key. */
export const PURPOSE = {
  cpu: 1,
  gpu: 2,
  io: 3,
  error: 4,
  backoff: 5,
  gap: 6,
  think: 7,
  next: 8,
  user: 9,
  object: 10,
  start: 11,
  store: 12,
  lag: 13,
  quota: 14,
} as const;

/** A stream of its own for the noise of one part, keyed by seed and the part's path, never by an index. */
export class Stream {
  private readonly key: number;
  private counter = 0;
  constructor(seed: number, path: string) {
    this.key = mix(mix(seed | 0, 0x5ee0), keyOf(path));
  }
  /** Next uniform in [0, 1). */
  next(): number {
    this.counter = (this.counter + 1) | 0;
    return uniform(mix(this.key, this.counter));
  }
}
