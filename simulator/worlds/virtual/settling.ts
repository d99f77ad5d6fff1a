import { timesToUndo } from '../../domain/undoing.ts';
import { FAILURE } from './walk.ts';
import type { World } from './world.ts';

/**
 * Writes that undo an effect, or are made only while another does not stand, at the moment of their commit.
 *
 * Simplified: the condition and the write are one transaction even where they concern datasets in different stores; who checks one
 * database and writes to another has a gap between the two that this does not show.
 */
export class Settling {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** Carries out the `settle` at `pc` for frame `f`; false when its work ends here. */
  settle(f: number, pc: number): boolean {
    const { effects, frames, program, standing, walker } = this.world;
    const code = program.code;
    const [effect, undoes, unless] = [code[pc + 1] as number, code[pc + 2] as number, code[pc + 3] as number];
    const row = walker.rowOf(f, code[pc + 4] as number);
    const action = frames.stories.action[frames.story[f] as number] as number;
    if (standing.count(unless, action) > 0) {
      walker.fail(f, FAILURE.overtaken);
      return false;
    }
    if (undoes >= 0) this.undo(f, { effect, undoes, row, action });
    else effects.written(f, effect << 1, row, frames.clock[f] as number);
    return true;
  }

  private undo(f: number, o: { effect: number; undoes: number; row: number; action: number }): void {
    const { cell, effects, standing, stock } = this.world;
    const tally = standing.tally(o.undoes, o.action);
    const times = timesToUndo(tally, effects.isIdempotent(f));
    if (times === 0 && tally.applied > 0) effects.repeated(f);
    const undone = cell.plan.effects[o.undoes];
    const units = undone?.units ?? 0;
    for (let i = 0; i < times; i++) effects.undone(f, { effect: o.effect, row: o.row, units });
    standing.undone(o.undoes, o.action, times);
    if (units > 0) stock.giveBack(undone?.takes ?? -1, o.row, times * units);
  }
}
