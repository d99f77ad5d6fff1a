import type { Span, Trace } from '../simulator/domain/trace.ts';
import { endOf, type Phase } from './critical-path.ts';

/** A line of a waterfall: one hop of the way, with what its time went into. Microseconds after the intended time. */
export interface WaterfallRow {
  name: string;
  depth: number;
  from_us: number;
  to_us: number;
  hasFailed: boolean;
  pieces: readonly { phase: Phase; name: string; from_us: number; to_us: number }[];
}

/** Work that an answer did not wait for: done so long after the intended time. */
export interface Afterwards {
  name: string;
  done_us: number;
}

/**
 * The hops of a trace in the order in which they began, as people draw them.
 *
 * Stretches inside a hop (queue, cold start, CPU) are pieces of its line; the two sides of a call are one line. What nobody waited for
 * stands apart: it may take minutes, and would squeeze everything else.
 */
export function waterfallRows({ spans }: Trace): { rows: WaterfallRow[]; afterwards: Afterwards[] } {
  const [root] = spans;
  if (root === undefined) return { rows: [], afterwards: [] };
  const awaited = awaitedSpans(spans);
  const lines = new Map<string, WaterfallRow & { pieces: WaterfallRow['pieces'][number][] }>();
  const attempts = spans.filter((span) => span.parent === root.span && span.kind === 'client').length;
  for (const span of awaited) {
    const above = lines.get(span.parent ?? '');
    const [from_us, to_us] = [span.start_us - root.start_us, endOf(span) - root.start_us];
    const isOneWithAbove = span.kind === 'server' && above?.name === span.name;
    const isHidden = span.parent === root.span && attempts === 1;
    if (above && (span.kind === 'internal' || isOneWithAbove || isHidden)) {
      if (span.kind === 'internal') above.pieces.push({ phase: span.phase, name: span.name, from_us, to_us });
      lines.set(span.span, above);
      continue;
    }
    const pieces =
      span.phase === 'store' || span.phase === 'channel' ? [{ phase: span.phase, name: span.name, from_us, to_us }] : [];
    lines.set(span.span, {
      name: nameOf(span),
      depth: above ? above.depth + 1 : 0,
      from_us,
      to_us,
      hasFailed: span.has_failed,
      pieces,
    });
  }
  return { rows: [...new Set(lines.values())], afterwards: afterwardsOf(spans, root) };
}

function nameOf(span: Span): string {
  if (span.kind === 'client' && span.name === 'attempt')
    return `attempt ${Number(span.attributes['http.request.resend_count'] ?? 0) + 1}`;
  return span.part === 'gateway' ? 'gateway' : span.name;
}

/** Spans that are not below anything asynchronous. */
function awaitedSpans(spans: readonly Span[]): Span[] {
  const apart = new Set<string>();
  return spans.filter((span) => {
    if (!span.is_linked && !apart.has(span.parent ?? '')) return true;
    apart.add(span.span);
    return false;
  });
}

/** When the last message of each consumer was done. */
function afterwardsOf(spans: readonly Span[], root: Span): Afterwards[] {
  const done = new Map<string, number>();
  for (const span of spans) {
    if (span.kind !== 'consumer') continue;
    done.set(span.name, Math.max(done.get(span.name) ?? 0, endOf(span) - root.start_us));
  }
  return [...done].map(([name, done_us]) => ({ name, done_us }));
}
