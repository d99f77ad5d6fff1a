import type { World } from './world.ts';

/**
 * What is left of every stock, by dataset and object, and how it is taken.
 *
 * A condition is judged in the order of commits, so that it never sells what is not there. A component that writes back what it read less
 * what it takes undoes what others took in between: the stock then says that there is more than there is.
 *
 * Simplified: what a component saw is what was committed when its answer came, a network's way later than the store read it; it
 * remembers its last look only. Who takes from two stocks in turn with reads before both would notice.
 */
export class Stock {
  /** By dataset; empty where there is none. */
  private readonly units: Int32Array[];
  private readonly world: World;

  constructor(world: World) {
    const { datasets, objects } = world.cell.plan;
    this.world = world;
    this.units = datasets.map(({ stock }) =>
      stock === undefined
        ? new Int32Array(0)
        : new Int32Array(objects.count).fill(stock.each).fill(stock.hot, 0, Math.min(stock.hot_rows, objects.count)),
    );
  }

  left(dataset: number, row: number): number {
    return (this.units[dataset] as Int32Array)[row] as number;
  }

  /** Carries out the `take` at `pc` for frame `f`; false when it is sold out. */
  take(f: number, pc: number): boolean {
    const { effects, frames, program, walker } = this.world;
    const code = program.code;
    const detail = code[pc + 4] as number;
    const effect = detail >> 1;
    if (effects.isRepeat(f, effect)) {
      effects.repeated(f);
      return true;
    }
    const dataset = code[pc + 1] as number;
    const amount = code[pc + 3] as number;
    const row = walker.rowOf(f, code[pc + 2] as number);
    const left = this.left(dataset, row);
    const seen = frames.seen[f] as number;
    const isConditional = (detail & 1) === 1;
    const believed = isConditional || seen < 0 ? left : seen;
    if ((isConditional || seen >= 0) && believed < amount) return false;
    (this.units[dataset] as Int32Array)[row] = believed - amount;
    frames.seen[f] = -1;
    effects.taken(f, effect, row, amount);
    return true;
  }

  /** `units` that were taken from `row` are there again. */
  giveBack(dataset: number, row: number, units: number): void {
    const left = this.units[dataset] as Int32Array;
    left[row] = (left[row] as number) + units;
  }

  /** What an earlier action of the schedule would have taken, had it succeeded. */
  tookBefore(operation: number, object: number): void {
    for (const { dataset, amount } of this.world.takes[operation] ?? []) {
      const units = this.units[dataset] as Int32Array;
      units[object] = Math.max(0, (units[object] as number) - amount);
    }
  }
}
