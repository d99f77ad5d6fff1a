import type { Instruction } from '../../../domain/plan.ts';
import { followedEffects, homesOf, standing, type Tally, undoersOf } from '../../../domain/undoing.ts';
import type { Followed, LiveEffect, Outcome, SettleOrder, Store, Story } from '../contract.ts';
import type { Surroundings } from './surroundings.ts';
import type { Walk } from './walk.ts';

type Settle = Extract<Instruction, { do: 'settle' }>;
type Where = Pick<Surroundings, 'plan' | 'store'> & { rowOf(story: Story, of: Settle['of']): number };

/**
 * Writes that undo an effect, or are made only while another does not stand.
 *
 * Simplified: what one store has of it is one transaction. Lines that another store keeps are looked at just before, so that an effect
 * there which comes in between is not seen: the gap that such a design has in production. The virtual world has none.
 */
export class Settling {
  private readonly where: Where;
  private readonly followed: ReadonlySet<number>;

  constructor(where: Where) {
    this.where = where;
    this.followed = followedEffects(where.plan);
  }

  isFollowed(effect: number): boolean {
    return this.followed.has(effect) || this.followed.has(this.where.plan.effects[effect]?.undoes ?? -1);
  }

  /** One attempt at the step. */
  async settle(step: Settle, { story, isIdempotent }: Walk, line: LiveEffect | undefined): Promise<Outcome> {
    const { plan, rowOf, store } = this.where;
    const part = plan.datasets[step.dataset]?.part ?? -1;
    const unless = step.unless < 0 ? undefined : await this.lookElsewhere(step.unless, { story, part });
    const undoes = step.undoes < 0 ? undefined : await this.lookElsewhere(step.undoes, { story, part });
    if (typeof unless === 'string') return unless;
    if (typeof undoes === 'string') return undoes;
    const order: SettleOrder = {
      dataset: plan.datasets[step.dataset] as SettleOrder['dataset'],
      row: rowOf(story, step.of),
      items: step.items,
      entity: story.action,
      line,
      isGuarded: isIdempotent,
      unless,
      undoes: undoes && { ...undoes, units: plan.effects[step.undoes]?.units ?? 0 },
    };
    return store(step.dataset).settle(order);
  }

  /** Whether `effect` stands for the story's action, by the lines of all stores; or how asking them failed. */
  async stands(effect: number, story: Story): Promise<boolean | Outcome> {
    const found = await this.lookElsewhere(effect, { story, part: -1 });
    return typeof found === 'string' ? found : standing(found.elsewhere) > 0;
  }

  /** What stores other than `part` have of an effect. */
  private async lookElsewhere(effect: number, o: { story: Story; part: number }): Promise<Followed | Outcome> {
    const { plan, rowOf, store } = this.where;
    const undoers = undoersOf(plan, effect);
    const nameOf = (i: number) => plan.effects[i]?.name ?? '';
    const asked = { effect: nameOf(effect), undoneBy: undoers.map(nameOf) };
    const elsewhere: Tally = { applied: 0, undone: 0 };
    const seen = new Set<Store>();
    for (const home of homesOf(plan, [effect, ...undoers])) {
      const dataset = plan.datasets[home.dataset];
      const keeping = store(home.dataset);
      // One database answers for all of its datasets.
      if (dataset === undefined || dataset.part === o.part || seen.has(keeping)) continue;
      seen.add(keeping);
      const found = await keeping.tally({ ...asked, dataset, entity: o.story.action, row: rowOf(o.story, home.of) });
      if (typeof found === 'string') return found;
      elsewhere.applied += found.applied;
      elsewhere.undone += found.undone;
    }
    return { ...asked, elsewhere };
  }
}
