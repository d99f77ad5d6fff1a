import type { Leg } from '../../domain/leg.ts';
import type { Plan } from '../../domain/plan.ts';
import { consumerOf, isFunction } from './placed.ts';
import type { Stays } from './requests.ts';

/** From when to when something wanted a core, wall time in ms. */
export type Busy = readonly [from_ms: number, to_ms: number];

/** Who wanted the cores of a metered run at once: bursts of CPU work, and ways through other processes, one of which works at a time. */
export class Crowd {
  /** How long bursts lasted while so many were there, themselves among them, ms; by that number. */
  readonly bursts_ms: number[] = [];
  /** In order. */
  private readonly begins: number[];
  private readonly ends: number[];

  constructor(bursts: readonly Busy[], ways: readonly Busy[]) {
    const all = [...bursts, ...ways];
    this.begins = all.map(([from]) => from).sort((a, b) => a - b);
    this.ends = all.map(([, to]) => to).sort((a, b) => a - b);
    this.count(bursts, ways);
  }

  /** How many were there when one of them began, which is not counted; nor is who begins with it. */
  metAt(from_ms: number): number {
    return Math.max(0, placeOf(this.begins, (begun) => begun >= from_ms) - placeOf(this.ends, (ended) => ended > from_ms));
  }

  private count(bursts: readonly Busy[], ways: readonly Busy[]): void {
    const turnsOf = ([from, to]: Busy, isBurst: number) => [
      { at: from, all: 1, bursts: isBurst },
      { at: to, all: -1, bursts: -isBurst },
    ];
    const turns = [...bursts.flatMap((busy) => turnsOf(busy, 1)), ...ways.flatMap((busy) => turnsOf(busy, 0))];
    turns.sort((a, b) => a.at - b.at || a.all - b.all);
    let there = { all: 0, bursts: 0, since: 0 };
    for (const turn of turns) {
      const { all, bursts: some, since } = there;
      if (some > 0) this.bursts_ms[all] = (this.bursts_ms[all] ?? 0) + some * (turn.at - since);
      there = { all: all + turn.all, bursts: some + turn.bursts, since: turn.at };
    }
  }
}

/**
 * Ways through other processes: to stores and channels, to a called instance and back, to a function with a message; a new environment on its
 * way to its work; a component's own code. A message on its way to a machine may just wait to be asked for, and counts as nobody.
 */
export function waysOf(plan: Plan, legs: readonly Leg[], stays: Stays): Busy[] {
  return legs.flatMap((leg): Busy[] => {
    const { at_ms, of } = leg;
    const whole: Busy = [beginOf(leg), at_ms];
    switch (leg.leg) {
      case 'read':
      case 'write':
      case 'send':
      case 'init':
        return [whole];
      case 'cpu':
        return leg.asked_ms === undefined ? [whole] : [];
      case 'delivery':
        return isFunction(plan, consumerOf(plan, of)) ? [whole] : [];
      case 'call': {
        const work = stays.workOf(of, leg.action)?.legs.find((inside) => inside.leg === 'work');
        const ways: Busy[] = work
          ? [
              [whole[0], beginOf(work)],
              [work.at_ms, at_ms],
            ]
          : [];
        return ways.filter(([from, to]) => to > from);
      }
      default:
        return [];
    }
  });
}

/** Wall time at which a leg began, ms. */
export function beginOf({ at_ms, ms }: Leg): number {
  return at_ms - ms;
}

/** Place of the first that `isThere`, as all after it are. */
function placeOf(sorted: readonly number[], isThere: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isThere(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
