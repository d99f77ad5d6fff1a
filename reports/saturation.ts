import type { Saturation } from '../simulator/domain/live-report.ts';
import type { Report } from '../simulator/domain/report.ts';
import { amount, duration, ms, percent } from './figures.ts';
import { listed, plain } from './text.ts';

/** Twice the connections and no more than this many times the throughput: what they wait for is busy all the time. */
const SATURATED = 1.05;
/** A driver that is busy for so large a share of its time may be what was saturated. */
const DRIVER_BUSY = 0.9;
/** Messages that take longer than this, s, to be worked off after the end came faster than they were worked on. */
const BACKLOG_S = 5;

export const SATURATION_HEAD = ['strategy', 'sustained', 'connections', 'with half', 'asked for', 'errors'];

/** What each placement sustained at most, a row of words each; none where the load was no closed loop. */
export function saturationRows({ live }: Pick<Report, 'live'>): string[][] {
  return (live?.saturation?.runs ?? []).map((run) => [
    labelOf(run, live?.saturation?.runs ?? []),
    perSecond(run.served_per_s),
    String(run.connections),
    perSecond(run.half.served_per_s),
    perSecond(run.asked_per_s),
    percent(run.error_rate),
  ]);
}

/** What a reader has to know of these figures, a sentence each. */
export function saturationLines({ saturation }: NonNullable<Report['live']>): string[] {
  if (saturation === undefined) return [];
  const { not_judged, runs } = saturation;
  return [
    'autocannon sent the load in a closed loop: every connection sends again when it has its answer, so a slow system slows its own load down. ' +
      'Nothing follows for the latency of users who come whenever they like, and none is reported as such. Each placement has had another load, ' +
      'so its cost is to be compared per million',
    ...(not_judged.length === 0
      ? []
      : [`not judged, since they are about the load that the scenario describes: ${listed(not_judged.map(plain))}`]),
    ...runs.flatMap((run) => linesOf(run, labelOf(run, runs))),
  ];
}

function linesOf(run: Saturation, label: string): string[] {
  const { connections, drained_s, driver_busy, half, operations, served_per_s } = run;
  const waited = operations
    .filter(({ served }) => served > 0)
    .map(({ name, closed_loop_ms: { p50, p95, p99 } }) => `${plain(name)} ${ms(p50)}, ${ms(p95)}, ${ms(p99)}`);
  return [
    `${label}: from a request to its answer in the closed loop (p50, p95, p99): ${waited.join('; ') || 'nothing was served'}`,
    ...(served_per_s > SATURATED * half.served_per_s
      ? [
          `${label}: ${connections} connections do more than ${half.connections}, so more of them may do still more: --connections ${2 * connections}`,
        ]
      : []),
    ...(half.served_per_s > SATURATED * served_per_s
      ? [
          `${label}: ${half.connections} connections did more than ${connections}: what lies in queues by then, or more at once than it can do, slows it down`,
        ]
      : []),
    ...(driver_busy > DRIVER_BUSY
      ? [`${label}: autocannon itself was busy ${percent(driver_busy)} of its time, and may be what was saturated`]
      : []),
    ...(drained_s > BACKLOG_S
      ? [
          `${label}: what lay in queues at the end took ${duration(drained_s)} more: messages come faster than they are worked off at this rate`,
        ]
      : []),
  ];
}

function perSecond(rate: number): string {
  return `${amount(rate)}/s`;
}

function labelOf(run: Saturation, runs: readonly Saturation[]): string {
  const { strategy, controller, rate, seed } = run;
  const alike = runs.filter((other) => other.strategy === strategy);
  const differs = (key: 'controller' | 'rate' | 'seed') => alike.some((other) => other[key] !== run[key]);
  return [
    plain(strategy),
    ...(differs('controller') && controller ? [controller] : []),
    ...(differs('rate') ? [`x${rate}`] : []),
    ...(differs('seed') ? [`seed ${seed}`] : []),
  ].join(', ');
}
