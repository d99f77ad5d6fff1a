import type { Span, Trace } from '../simulator/domain/trace.ts';

export type Phase = Span['phase'];

/** A stretch of the way that the answer waited for: of which span, and from when to when after the intended time. */
export interface Stretch {
  span: Span;
  from_us: number;
  to_us: number;
}

/**
 * What the answer waited for, microsecond by microsecond: the stretches follow each other and add up to the latency.
 *
 * From the end backwards: a span waited for the child that ended last, and before that child began for the one that had ended by then;
 * what no child covers is the span's own. What nobody waited for (messages, branches that were back earlier) is not on it.
 */
export function criticalPath(trace: Trace): Stretch[] {
  const [root] = trace.spans;
  if (root === undefined) return [];
  const children = new Map<string, Span[]>();
  for (const span of trace.spans) {
    if (span.parent === null || span.is_linked) continue;
    children.set(span.parent, [...(children.get(span.parent) ?? []), span]);
  }
  const stretches: Stretch[] = [];
  const own = (span: Span, from: number, to: number) => {
    if (to > from) stretches.push({ span, from_us: from - root.start_us, to_us: to - root.start_us });
  };
  const walk = (span: Span, from: number, to: number) => {
    let at = to;
    const below = [...(children.get(span.span) ?? [])].sort((a, b) => endOf(b) - endOf(a) || b.start_us - a.start_us);
    for (const child of below) {
      const [start, end] = [Math.max(from, child.start_us), Math.min(at, endOf(child))];
      if (end <= start) continue;
      own(span, end, at);
      walk(child, start, end);
      at = start;
    }
    own(span, from, at);
  };
  walk(root, root.start_us, endOf(root));
  return stretches.reverse();
}

/** How much of the latency each phase takes, the most first. */
export function phasesOf(stretches: readonly Stretch[]): { phase: Phase; us: number }[] {
  const sums = new Map<Phase, number>();
  for (const { span, from_us, to_us } of stretches) sums.set(span.phase, (sums.get(span.phase) ?? 0) + to_us - from_us);
  return [...sums].map(([phase, us]) => ({ phase, us })).sort((a, b) => b.us - a.us);
}

export function endOf(span: Span): number {
  return span.start_us + span.duration_us;
}
