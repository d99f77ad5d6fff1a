import type { Plan } from '../domain/plan.ts';
import type { FaultReport } from '../domain/report.ts';

/** The faults of a run, and under which strategies each found nothing to act on; nothing when there were none. */
export function faultReports(plans: readonly Plan[]): FaultReport[] | undefined {
  return plans[0]?.faults?.map(({ kind, text, at_ms, for_ms, isOutside }, i) => {
    const missed = plans.filter(({ faults }) => faults?.[i]?.parts.length === 0 && faults[i]?.components.length === 0);
    const without_effect = [...new Set(missed.map((plan) => plan.strategy))];
    return { kind, text, at_s: at_ms / 1000, for_s: for_ms / 1000, is_outside: isOutside, without_effect };
  });
}
