import { LATE_MS } from '../../simulator/domain/workload.ts';

/** Ways of sending late, in ms: how far behind its intended time each shot left, and how long the event loop was held up. */
export interface Lateness {
  shots: number;
  /** How many left later than LATE_MS. */
  late: number;
  /** Shots that never left this machine: no socket, no port, no time. */
  unsent: number;
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
  /** Only where this process is the driver. */
  event_loop_p99_ms?: number;
}

/** A driver of whose shots more than this share are late has measured itself: its p99 of lateness is then above the limit. */
const LATE_SHARE = 0.01;
/** Of so few shots that one or two are more than that share, so many may be late: they are no percentile. */
const LATE_SHOTS = 2;
/** So has one that has left out a larger share. */
const UNSENT_SHARE = 0.001;

/** What a driver's lateness sums up to. */
export function latenessOf(late_ms: readonly number[], o: Pick<Lateness, 'unsent' | 'event_loop_p99_ms'>): Lateness {
  const sorted = Float64Array.from(late_ms).sort();
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
  const late = sorted.filter((ms) => ms > LATE_MS).length;
  return { shots: sorted.length, late, ...o, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: sorted[sorted.length - 1] ?? 0 };
}

/** Why nothing that this driver measured means anything; nothing when it kept its times. */
export function bottleneck({ late, max_ms, p99_ms, shots, unsent }: Lateness): string | undefined {
  if (late > Math.max(LATE_SHARE * shots, LATE_SHOTS))
    return `${late} of ${shots} requests left more than ${LATE_MS} ms late (p99 ${p99_ms.toFixed(1)} ms, at most ${max_ms.toFixed(1)} ms)`;
  if (unsent > UNSENT_SHARE * (shots + unsent)) return `the driver could not send ${unsent} of its ${shots + unsent} requests`;
  return undefined;
}
