import { keyOf } from '../../../domain/draws.ts';
import type { Instruction, Plan, PlannedFollowUp, Whose } from '../../../domain/plan.ts';
import { followUpsOf } from '../../../domain/undoing.ts';

/** Operation codes of the flat program; each instruction is `STRIDE` integers: [code, a, b, c, d, site key, site order]. */
export const OP = {
  end: 0,
  call: 1,
  publish: 2,
  read: 3,
  write: 4,
  show: 5,
  lookup: 6,
  fill: 7,
  parallel: 8,
  enter: 9,
  transact: 10,
  look: 11,
  take: 12,
  settle: 13,
  judge: 14,
} as const;
export const STRIDE = 7;

/** Whose row an access is about, as an operand. */
export const WHOSE: Readonly<Record<Whose, number>> = { actor: 0, object: 1, others: 2 };

/**
 * All programs of a plan as one array of integers, walked by index: no object per step on the hot path.
 *
 * Whose row is meant stands as in `WHOSE`. A `lookup` jumps to `b` on a hit; `parallel` lists its branches in `branches`. An operation
 * passes the front door (`enter`) before its first step that is not at the edge. A write that takes from a stock becomes two instructions:
 * its access (`transact`), and what it changes once that is committed (`take`; `settle` for one that undoes or waits); a read of a stock is
 * followed by what it saw (`look`). What follows a failure is a publication, after a `judge` where an effect may stand in its way.
 */
export class Program {
  readonly code: Int32Array;
  /** Start of each operation's and each component's program. */
  readonly operations: Int32Array;
  readonly components: Int32Array;
  readonly branches: Int32Array;
  /** Start of what is published after each failure that the plan names. */
  readonly followUps = new Map<PlannedFollowUp, number>();
  private readonly words: number[] = [];
  private readonly starts: number[] = [];
  private sites = 0;
  private readonly hasStock: readonly boolean[];

  constructor(plan: Plan) {
    this.hasStock = plan.datasets.map((d) => d.stock !== undefined);
    this.operations = Int32Array.from(plan.operations, (o) => this.whole(o.program, true));
    this.components = Int32Array.from(plan.components, (c) => this.whole(c.program));
    for (const followUp of followUpsOf(plan)) this.followUps.set(followUp, this.afterFailure(followUp));
    this.code = Int32Array.from(this.words);
    this.branches = Int32Array.from(this.starts);
  }

  private whole(steps: readonly Instruction[], isOutside = false): number {
    // Branches are laid out after the program that they belong to, so that each ends with its own `end`.
    const later: { at: number; steps: Instruction[] }[] = [];
    const start = this.words.length;
    this.lay(steps, later, isOutside);
    this.emit(OP.end, [], '');
    for (const branch of later) this.starts[branch.at] = this.whole(branch.steps);
    return start;
  }

  private afterFailure({ event, unless }: PlannedFollowUp): number {
    const start = this.words.length;
    if (unless >= 0) this.emit(OP.judge, [unless], '');
    this.emit(OP.publish, [event], '');
    this.emit(OP.end, [], '');
    return start;
  }

  private lay(steps: readonly Instruction[], later: { at: number; steps: Instruction[] }[], isOutside: boolean): void {
    let mustEnter = isOutside;
    for (const s of steps) {
      if (mustEnter && s.do !== 'lookup') {
        this.emit(OP.enter, [], '');
        mustEnter = false;
      }
      if (s.do === 'parallel') {
        const at = this.starts.length;
        for (const branch of s.branches) later.push({ at: this.starts.push(0) - 1, steps: branch });
        this.emit(OP.parallel, [at, s.branches.length], s.site);
      } else if (s.do === 'lookup') {
        const at = this.words.length;
        this.emit(OP.lookup, [s.edge, 0, WHOSE[s.of], s.ttl_ms], s.site);
        this.lay(s.otherwise, later, mustEnter);
        if (mustEnter) this.emit(OP.enter, [], '');
        this.emit(OP.fill, [s.edge, WHOSE[s.of]], s.site);
        this.words[at + 2] = this.words.length;
      } else this.single(s);
    }
  }

  /** A step that is one instruction, or two where a stock is read or taken from, or a condition is judged. */
  private single(s: Single): void {
    if (s.do === 'write' && s.take > 0) {
      this.emit(OP.transact, operandsOf(s), s.site);
      this.emit(OP.take, [s.dataset, WHOSE[s.of], s.take, (s.effect << 1) | (s.conditional ? 1 : 0)], s.site);
      return;
    }
    if (s.do === 'settle') {
      this.emit(OP.transact, operandsOf(s), s.site);
      this.emit(OP.settle, [s.effect, s.undoes, s.unless, WHOSE[s.of]], s.site);
      return;
    }
    this.emit(OP[s.do], operandsOf(s), s.site);
    if (s.do === 'read' && this.hasStock[s.dataset]) this.emit(OP.look, [s.dataset, WHOSE[s.of]], s.site);
  }

  private emit(code: number, operands: readonly number[], site: string): void {
    this.words.push(code, operands[0] ?? 0, operands[1] ?? 0, operands[2] ?? 0, operands[3] ?? 0, keyOf(site), this.sites++);
  }
}

type Single = Exclude<Instruction, { do: 'parallel' | 'lookup' }>;

function operandsOf(s: Single): number[] {
  switch (s.do) {
    case 'call':
      return [s.component, s.optional ? 1 : 0];
    case 'publish':
      return [s.event];
    case 'read':
      return [s.dataset, WHOSE[s.of], s.items, s.consistent ? 1 : 0];
    case 'write':
      return [s.dataset, WHOSE[s.of], s.items, (s.effect << 1) | (s.conditional ? 1 : 0)];
    case 'settle':
      return [s.dataset, WHOSE[s.of], s.items];
    case 'show':
      return [s.entity, WHOSE[s.of]];
  }
}
