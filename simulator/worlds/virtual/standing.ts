import type { Plan } from '../../domain/plan.ts';
import { followedEffects, standing, type Tally } from '../../domain/undoing.ts';

/** How often an effect happened, and how often it was taken back, by action. */
interface Tallies {
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
  private readonly tallies: (Tallies | undefined)[];

  constructor(plan: Plan) {
    const followed = followedEffects(plan);
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

  /** What is known of `effect`. */
  tally(effect: number, action: number): Tally {
    const tallies = this.tallies[effect];
    return { applied: tallies?.applied.get(action) ?? 0, undone: tallies?.undone.get(action) ?? 0 };
  }

  /** How often `effect` stands. */
  count(effect: number, action: number): number {
    return this.tallies[effect] === undefined ? 0 : standing(this.tally(effect, action));
  }
}

function add(sums: Map<number, number> | undefined, action: number, n: number): void {
  sums?.set(action, (sums.get(action) ?? 0) + n);
}
