import type { Cell } from '../../domain/cell.ts';
import type { Plan } from '../../domain/plan.ts';
import { describedSpan, MARK } from '../../domain/span-words.ts';
import type { Span, Trace } from '../../domain/trace.ts';
import { traceIdsOf } from '../../domain/trace-keys.ts';
import { OUTCOME_WORDS } from '../../measure/recorder.ts';
import { COLUMN, type Recording, WIDTH } from './engine/recordings.ts';
import { FAILURE } from './walk.ts';

const FAILURES: Readonly<Record<number, string>> = {
  [FAILURE.refused]: 'refused',
  [FAILURE.timedOut]: 'timeout',
  [FAILURE.failed]: 'failed',
};
/** What `error.type` says of an access that did not succeed. */
const ANSWERS = ['', 'throttled', 'refused'];

/** A recording as spans; what is still open when the run ends at `endedAt` ends there. */
export function traceOf(cell: Cell, recording: Recording, o: { picks: Trace['picks']; endedAt: number }): Trace {
  const id = traceIdsOf(cell)(recording.session, recording.action);
  const spans: Span[] = [];
  for (let row = 0; row < recording.used; row += WIDTH) {
    const above = spans[recording.at(row, COLUMN.parent) / WIDTH];
    spans.push({ ...spanOf(cell.plan, recording, { row, above, endedAt: o.endedAt }), trace: id.trace, span: id.span(row) });
  }
  return {
    operation: cell.plan.operations[recording.operation]?.name ?? '',
    picks: o.picks,
    outcome: OUTCOME_WORDS[recording.outcome] ?? 'failed',
    seed: cell.seed,
    session: recording.session,
    action: recording.action,
    latency_us: recording.us,
    dropped: recording.dropped,
    spans,
  };
}

function spanOf(
  plan: Plan,
  recording: Recording,
  { row, above, endedAt }: { row: number; above: Span | undefined; endedAt: number },
): Omit<Span, 'trace' | 'span'> {
  const at = (column: number) => recording.at(row, column);
  const [mark, failure, closedAt] = [at(COLUMN.mark), at(COLUMN.failure), at(COLUMN.end)];
  // Rounded as the latency is, so that the spans add up to it.
  const us = (ms: number) => Math.round((ms - recording.intendedAt) * 1000);
  const isOpen = Number.isNaN(closedAt);
  const start = us(at(COLUMN.start));
  const described = describedSpan({
    plan,
    mark,
    subject: at(COLUMN.subject),
    detail: at(COLUMN.detail),
    operation: plan.operations[recording.operation]?.name ?? '',
    session: recording.session,
    error: (mark === MARK.access ? ANSWERS[failure] : FAILURES[failure]) ?? '',
    isOpen,
    above,
  });
  return {
    ...described,
    start_us: Math.round(recording.intendedAt * 1000) + start,
    duration_us: us(isOpen ? Math.max(endedAt, at(COLUMN.start)) : closedAt) - start,
  };
}
