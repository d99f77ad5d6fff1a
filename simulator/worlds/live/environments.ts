import { quotaOf } from '../../domain/cpu-quota.ts';
import { mean } from '../../domain/distribution.ts';
import { numberOf } from '../../domain/part-values.ts';
import type { Part, Plan } from '../../domain/plan.ts';

/** Time that an emulator takes for a call beside the work, ms. Source: MiniStack 1.5.33 on two cores, 2026-11-23: warm p95 15 to 19 ms. */
const EMULATOR_MS = 20;

/** Environments that a function may need at once under so many operations a second, each of which calls it once: square-root staffing. */
export function environmentsFor(plan: Plan, i: number, rate_per_s: number): number {
  const part = plan.parts[i] as Part;
  const placed = plan.components.filter((c) => c.part === i || c.overflow === i);
  const busy_ms =
    placed.reduce((longest, c) => Math.max(longest, mean(c.cpu_ms) / quotaOf(part).share + mean(c.io_ms)), 0) + EMULATOR_MS;
  const busy = (rate_per_s * busy_ms) / 1000;
  const reserved = Math.round(numberOf(part, 'reserved'));
  return Math.min(Math.ceil(busy + 2 * Math.sqrt(busy)), reserved < 0 ? Number.POSITIVE_INFINITY : reserved);
}

/** Parts of a plan that are functions. */
export function functionsOf(plan: Plan): [number, Part][] {
  return plan.parts.flatMap((part, i): [number, Part][] => (part.kind === 'function' ? [[i, part]] : []));
}
