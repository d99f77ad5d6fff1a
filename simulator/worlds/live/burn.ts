import { CPU_PERIOD_MS } from '../../domain/cpu-quota.ts';
import { wallMs } from './clock.ts';

/** Longest time that a burn keeps the event loop to itself, ms: other requests of the process move on in between. */
const SLICE_MS = 2;
const ROUNDS_PER_LOOK = 2000;

/** Arithmetic that no compiler can leave out; what it returns goes into the next round. */
function rounds(count: number, seed: number): number {
  let x = seed | 1;
  for (let i = 0; i < count; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x = Math.imul(x, 0x2c1b3c6d);
  }
  return x;
}

/** What the last rounds came to, so that none can be left out. */
const kept = { value: 1 };

/**
 * Uses `ms` CPU milliseconds of the reference core: the work of code that we do not have.
 *
 * It counts rounds, not time, so a crowded machine takes longer for the same work, as it does with real code. `share` < 1 holds it back as
 * a quota on CPU does: when it has used that of a period of the machine's clock, the process sleeps until the period is over.
 */
export async function burn(ms: number, o: { perMs: number; share?: number }): Promise<void> {
  const share = o.share ?? 1;
  let quota = share * CPU_PERIOD_MS;
  let until = nextPeriod();
  for (let left = ms; left > 0; ) {
    const slice = Math.min(left, SLICE_MS, quota);
    kept.value = rounds(Math.round(slice * o.perMs), kept.value);
    left -= slice;
    if (share < 1) quota -= slice;
    if (left <= 0) return;
    if (quota > 0) await new Promise((resolve) => setImmediate(resolve));
    else await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - wallMs())));
    if (share >= 1 || wallMs() < until) continue;
    quota = share * CPU_PERIOD_MS;
    until = nextPeriod();
  }
}

/** When the current period of a quota is over, wall time. */
function nextPeriod(): number {
  return (Math.floor(wallMs() / CPU_PERIOD_MS) + 1) * CPU_PERIOD_MS;
}

/** Rounds that one millisecond of this machine's core makes: the median of several looks, after a warm-up. */
export function roundsPerMs(looks = 15): number {
  const seen: number[] = [];
  for (let look = 0; look < looks; look++) {
    const began = wallMs();
    let done = 0;
    while (wallMs() - began < 10) {
      kept.value = rounds(ROUNDS_PER_LOOK, kept.value);
      done += ROUNDS_PER_LOOK;
    }
    seen.push(done / (wallMs() - began));
  }
  return seen.sort((a, b) => a - b)[Math.floor(looks / 2)] as number;
}
