import type { Leg } from '../../domain/leg.ts';
import type { Plan } from '../../domain/plan.ts';
import { MARK } from '../../domain/span-words.ts';
import { linesIn } from './journal.ts';
import { processOf, type SpanRow } from './spans.ts';

/**
 * Every leg that the processes of a traced run went, out of the spans that they have left.
 *
 * Simplified: a publication's time is shared evenly among its queues, which are sent to one after the other.
 */
export function legsIn(folder: string, { plan, epoch_ms }: { plan: Plan; epoch_ms: number }): Leg[] {
  const rows = Array.from(linesIn(folder, 'spans-'), (line) => JSON.parse(line) as SpanRow);
  const spans = new Map(rows.map((row) => [row[1], row]));
  /** By the span that it lies in: how long a new environment, or a channel that makes its publisher wait, has taken of it. */
  const within = new Map<string, number>();
  for (const [, , parent, mark, , start, end] of rows)
    if (mark === MARK.cold || mark === MARK.blocked) within.set(parent, (within.get(parent) ?? 0) + (end - start));
  return rows.flatMap((row): Leg[] => {
    const [action, span, parent, mark, subject, start_us, end_us, detail] = row;
    const leg = (kind: Leg['leg'], of: number, us = end_us - start_us): Leg => {
      return { leg: kind, of, action, on: processOf(span), at_ms: epoch_ms + end_us / 1000, ms: us / 1000 };
    };
    const above = spans.get(parent);
    const inside = (kind: Leg['leg']): Leg[] => (above ? [leg(kind, above[7])] : []);
    switch (mark) {
      case MARK.gateway:
        return [leg('door', detail)];
      case MARK.call:
        return [leg('call', subject)];
      case MARK.serve:
        return [leg('work', detail)];
      case MARK.cold:
        return inside('init');
      case MARK.io:
        return inside('io');
      case MARK.access:
        return [leg(detail % 2 === 1 ? 'write' : 'read', subject)];
      case MARK.transit:
        return [leg('delivery', subject)];
      case MARK.publish: {
        const queues = (plan.events[subject]?.consumers ?? []).map(({ queue }) => queue);
        const own = end_us - start_us - (within.get(span) ?? 0);
        return queues.map((queue) => leg('send', queue, own / queues.length));
      }
      case MARK.cpu: {
        if (above === undefined) return [];
        const waited = start_us - above[5] - (within.get(parent) ?? 0);
        const burst = { ...leg('cpu', above[7]), ...(detail > 0 ? { asked_ms: detail } : {}) };
        return detail > 0 ? [leg('core', above[7], Math.max(0, waited)), burst] : [burst];
      }
      default:
        return [];
    }
  });
}
