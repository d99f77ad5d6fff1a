import { type Line, seconds, type Words } from './check.ts';
import { Sparse } from './sparse.ts';

/** Lines kept at first. */
const LINES = 1024;

/**
 * What happened to each entity, line by line, so that the story of one can be told when the run is over.
 *
 * Who is an example is often known only at the end: nothing came after. Numbers in plain arrays, linked from the newest line to the oldest.
 */
export class Chronicle {
  private readonly newest = new Sparse(-1);
  private lines: { at: Float64Array; before: Int32Array; effect: Int32Array; part: Int32Array; attempt: Int32Array } =
    made(LINES);
  private used = 0;

  /** Writes `line` down. */
  take(line: Line): void {
    if (this.used === this.lines.at.length) this.grow();
    const i = this.used++;
    this.lines.at[i] = line.at_ms;
    this.lines.before[i] = this.newest.get(line.entity);
    this.lines.effect[i] = line.effect;
    this.lines.part[i] = line.part;
    this.lines.attempt[i] = line.attempt;
    this.newest.set(line.entity, i);
  }

  /** How often each of `effects` happened to `entity`. */
  count(entity: number, effect: number): number {
    let n = 0;
    for (let i = this.newest.get(entity); i >= 0; i = this.lines.before[i] as number) if (this.lines.effect[i] === effect) n++;
    return n;
  }

  /** Calls `visit` for every entity that anything happened to, in rising order. */
  forEach(visit: (entity: number) => void): void {
    this.newest.forEach((entity) => {
      visit(entity);
    });
  }

  /** `entity 7: stock-reserved at 1.200 s by function/inventory, attempt 1; charged at ...`, with what was tried in between in vain. */
  story(entity: number, words: Words): string {
    const told: { at_ms: number; text: string }[] = [];
    for (let i = this.newest.get(entity); i >= 0; i = this.lines.before[i] as number) {
      const { at, effect, part, attempt } = this.lines;
      const by = `by ${words.part(part[i] as number)}, attempt ${attempt[i]}`;
      const at_ms = at[i] as number;
      told.unshift({ at_ms, text: `${words.effect(effect[i] as number)} at ${seconds(at_ms)} ${by}` });
    }
    const tried = words.inVain(entity);
    const all = tried.length === 0 ? told : [...told, ...tried].sort((a, b) => a.at_ms - b.at_ms);
    return `entity ${entity}: ${all.map(({ text }) => text).join('; ')}`;
  }

  private grow(): void {
    const larger = made(this.used * 2);
    larger.at.set(this.lines.at);
    for (const name of ['before', 'effect', 'part', 'attempt'] as const) larger[name].set(this.lines[name]);
    this.lines = larger;
  }
}

function made(size: number) {
  const ints = () => new Int32Array(size);
  return { at: new Float64Array(size), before: ints(), effect: ints(), part: ints(), attempt: ints() };
}
