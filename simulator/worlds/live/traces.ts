import type { Cell } from '../../domain/cell.ts';
import { describedSpan, MARK } from '../../domain/span-words.ts';
import type { Span, Trace } from '../../domain/trace.ts';
import { MOST_SPANS, SAMPLE_SIZE, sampleRank, traceIdsOf } from '../../domain/trace-keys.ts';
import { OUTCOME, OUTCOME_WORDS, type Recorder } from '../../measure/recorder.ts';
import { linesIn } from './journal.ts';
import type { SpanRow } from './spans.ts';
import { type Action, type ActionRow, OUTCOME_ERRORS } from './users.ts';

/** What is left of a traced run: who was sent, what came of it, and where its processes left their spans. */
export interface TracedRun {
  folder: string;
  namespace: string;
  actions: readonly Action[];
  /** In the order of `actions`. */
  rows: readonly ActionRow[];
  /** From the sheet's epoch to run time 0. */
  offset_ms: number;
  /** Wall time of run time 0. */
  start_ms: number;
}

interface Picked {
  action: Action;
  row: ActionRow;
  picks: Trace['picks'];
}

/**
 * Of each operation the slowest request that was served and the one nearest to the median, and a sample besides if it is asked for: chosen
 * when the run is over, out of all of them.
 */
export function tracesOf(cell: Cell, recorder: Recorder, run: TracedRun): Trace[] {
  if (cell.traces === undefined) return [];
  const picked = pickedOf(cell, recorder, run);
  const rows = new Map<number, SpanRow[]>(picked.map(({ action }) => [action.index, []]));
  for (const line of linesIn(run.folder, 'spans-')) {
    const found = rows.get(Number.parseInt(line.slice(1), 10));
    if (found) found.push(JSON.parse(line) as SpanRow);
  }
  const idsOf = traceIdsOf(cell, run.namespace);
  return picked.map((one) => {
    const { action, row } = one;
    const ids = idsOf(action.session, action.index);
    const { dropped, spans } = spansOf(cell, one, { ids, rows: rows.get(action.index) ?? [], offset_us: run.offset_ms * 1000 });
    return {
      operation: cell.plan.operations[action.operation]?.name ?? '',
      picks: one.picks,
      outcome: OUTCOME_WORDS[row.outcome] ?? 'failed',
      seed: cell.seed,
      session: action.session,
      action: action.index,
      latency_us: latencyOf(one),
      dropped,
      began_ms: Math.round(run.start_ms),
      spans,
    };
  });
}

/** Only requests intended in the window count, as for every figure of the report. */
function pickedOf({ plan, traces }: Cell, recorder: Recorder, { actions, rows }: TracedRun): Picked[] {
  const ended = rows.flatMap((row, i): Picked[] => {
    const action = actions[i];
    const counts = action !== undefined && row.at_ms >= plan.warmup_ms && row.outcome !== OUTCOME.pending;
    return counts ? [{ action, row, picks: [] }] : [];
  });
  return plan.operations.flatMap((_, operation) => {
    const all = ended.filter((one) => one.row.operation === operation);
    const served = all.filter((one) => one.row.outcome === OUTCOME.served);
    const median = recorder.medianUs(operation);
    least(served, (one) => -latencyOf(one))?.picks.push('slowest');
    least(served, (one) => Math.abs(latencyOf(one) - median))?.picks.push('median');
    if (traces === 'sampled') {
      const ranked = all.map((one) => ({ one, rank: sampleRank(one.action.key) })).sort((a, b) => a.rank - b.rank);
      for (const { one } of ranked.slice(0, SAMPLE_SIZE)) if (one.picks.length === 0) one.picks.push('sampled');
    }
    const place = ({ picks }: Picked) => (picks.includes('slowest') ? 0 : picks.includes('median') ? 1 : 2);
    return all.filter(({ picks }) => picks.length > 0).sort((a, b) => place(a) - place(b));
  });
}

function least<T>(all: readonly T[], by: (one: T) => number): T | undefined {
  return all.reduce<T | undefined>((best, one) => (best !== undefined && by(best) <= by(one) ? best : one), undefined);
}

function latencyOf({ row }: Pick<Picked, 'row'>): number {
  return Math.round((row.done_ms - row.at_ms) * 1000);
}

interface Rows {
  ids: ReturnType<ReturnType<typeof traceIdsOf>>;
  rows: readonly SpanRow[];
  offset_us: number;
}

/**
 * The spans of one request, root first, each after the one that it lies in.
 *
 * Clocks of processes differ by some microseconds: what would begin before its parent begins with it, and what the parent has waited for
 * ends with it at the latest. Spans whose parent was never written, since its process was killed, are dropped as those beyond the most are.
 */
function spansOf(cell: Cell, picked: Picked, o: Rows): { spans: Span[]; dropped: number } {
  const { action, row } = picked;
  const below = new Map<string, SpanRow[]>();
  for (const one of o.rows) below.set(one[2], [...(below.get(one[2]) ?? []), one]);
  const [root, start] = [o.ids.span(0), Math.round(row.at_ms * 1000)];
  const facts = {
    plan: cell.plan,
    operation: cell.plan.operations[action.operation]?.name ?? '',
    session: action.session,
    isOpen: false,
  };
  const error = OUTCOME_ERRORS[row.outcome] ?? '';
  const first = describedSpan({ ...facts, mark: MARK.root, subject: action.operation, detail: 0, error, above: undefined });
  const all: Span[] = [{ ...first, trace: o.ids.trace, span: root, start_us: start, duration_us: latencyOf(picked) }];
  for (let i = 0; i < all.length; i++) {
    const above = all[i] as Span;
    for (const [, span, , mark, subject, start_us, end_us, detail, failed] of below.get(above.span) ?? []) {
      const described = describedSpan({ ...facts, mark, subject, detail, error: failed, above });
      const last = above.start_us + above.duration_us;
      const mayOutlast = described.is_linked || above.has_failed;
      const from = Math.max(above.start_us, Math.round(start_us - o.offset_us));
      const until = Math.max(from, Math.round(end_us - o.offset_us));
      const [begins, ends] = mayOutlast ? [from, until] : [Math.min(from, last), Math.min(until, last)];
      all.push({ ...described, trace: o.ids.trace, span, start_us: begins, duration_us: ends - begins });
    }
  }
  const place = new Map(all.map(({ span }, i) => [span, i]));
  const inOrder = all.sort((a, b) => a.start_us - b.start_us || (place.get(a.span) ?? 0) - (place.get(b.span) ?? 0));
  const spans = inOrder.slice(0, MOST_SPANS);
  return { spans, dropped: o.rows.length + 1 - spans.length };
}
