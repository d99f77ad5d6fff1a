/** Ways of sending late, in ms: how far behind its intended time each shot left, and how long the event loop was held up. */
export interface Lateness {
  shots: number;
  /** Shots that never left this machine: no socket, no port, no time. */
  unsent: number;
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
  event_loop_p99_ms: number;
}

/** A driver that is later than this at its 99th percentile, or that has left out a larger share, has measured itself. */
const P99_MS = 10;
const UNSENT_SHARE = 0.001;

/** What a driver's lateness sums up to. */
export function latenessOf(late_ms: readonly number[], o: { unsent: number; event_loop_p99_ms: number }): Lateness {
  const sorted = Float64Array.from(late_ms).sort();
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
  return { shots: sorted.length, ...o, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: sorted[sorted.length - 1] ?? 0 };
}

/** Why nothing that this driver measured means anything; nothing when it kept its times. */
export function bottleneck({ p99_ms, shots, unsent }: Lateness): string | undefined {
  if (p99_ms > P99_MS) return `the driver sent 1 % of its requests more than ${p99_ms.toFixed(1)} ms late`;
  if (unsent > UNSENT_SHARE * (shots + unsent)) return `the driver could not send ${unsent} of its ${shots + unsent} requests`;
  return undefined;
}
