import type { Plan } from '../../domain/plan.ts';
import { stepsOf } from '../../domain/steps.ts';

/** How often an effect happened, and how often it was taken back, by action. */
interface Tally {
  applied: Map<number, number>;
  undone: Map<number, number>;
}

/**
 * What stands for each action: applied and not taken back.
 *
 * Only effects that the plan undoes or waits for are followed; of all others nothing is kept.
 */
export class Standing {
  /** By effect. */
  private readonly tallies: (Tally | undefined)[];

  constructor(plan: Plan) {
    const followed = new Set(followedBy(plan));
    this.tallies = plan.effects.map((_, i) => (followed.has(i) ? { applied: new Map(), undone: new Map() } : undefined));
  }

  /** `effect` was applied for `action`. */
  applied(effect: number, action: number): void {
    add(this.tallies[effect]?.applied, action, 1);
  }

  /** `effect` was taken back `times` times. */
  undone(effect: number, action: number, times: number): void {
    add(this.tallies[effect]?.undone, action, times);
  }

  /** How often `effect` stands. */
  count(effect: number, action: number): number {
    const tally = this.tallies[effect];
    return tally === undefined ? 0 : Math.max(0, (tally.applied.get(action) ?? 0) - (tally.undone.get(action) ?? 0));
  }

  /** How often `effect` happened, whatever was taken back. */
  ever(effect: number, action: number): number {
    return this.tallies[effect]?.applied.get(action) ?? 0;
  }
}

function add(sums: Map<number, number> | undefined, action: number, n: number): void {
  sums?.set(action, (sums.get(action) ?? 0) + n);
}

function followedBy(plan: Plan): number[] {
  const steps = [...plan.operations, ...plan.components].flatMap(({ program }) => stepsOf(program));
  const named = steps.flatMap((step) => (step.do === 'settle' ? [step.unless, step.undoes] : []));
  const after = [...plan.operations, ...plan.events.flatMap((event) => event.consumers)];
  return [...named, ...after.map(({ on_failure }) => on_failure?.unless ?? -1)];
}
