import type { Arrivals, Sessions, Workload } from '../simulator/domain/workload.ts';
import { rateAt } from './arrivals/index.ts';

/** Weights that add up to 1; the operation `leave` is what is left out. */
function shares(weights: Readonly<Record<string, number>>): Map<string, number> {
  const sum = Object.values(weights).reduce((s, w) => s + w, 0);
  return new Map(Object.entries(weights).map(([name, w]): [string, number] => [name, sum > 0 ? w / sum : 0]));
}

/** What a session is expected to do: how often each operation, and how many actions lie before the mean action. */
interface Expected {
  visits: Map<string, number>;
  meanNumber: number;
}

function expected(sessions: Sessions): Expected {
  const next = new Map(Object.entries(sessions.next).map(([from, to]) => [from, shares(to)]));
  let now = shares(sessions.start);
  const visits = new Map<string, number>();
  let numbers = 0;
  let total = 0;
  for (let action = 0; action < sessions.actions_max; action++) {
    const after = new Map<string, number>();
    let active = 0;
    for (const [operation, p] of now) {
      if (operation === 'leave' || p === 0) continue;
      active += p;
      visits.set(operation, (visits.get(operation) ?? 0) + p);
      for (const [to, q] of next.get(operation) ?? []) after.set(to, (after.get(to) ?? 0) + p * q);
    }
    numbers += action * active;
    total += active;
    if (active < 1e-12) break;
    now = after;
  }
  return { visits, meanNumber: total > 0 ? numbers / total : 0 };
}

/** Expected number of times that a session does each operation. */
export function expectedVisits(sessions: Sessions): Map<string, number> {
  return expected(sessions).visits;
}

/** How long after its session began the mean action is taken, in actions before it. */
export function meanActionNumber(sessions: Sessions): number {
  return expected(sessions).meanNumber;
}

/** Mean number of actions in a session. */
export function meanActions(sessions: Sessions): number {
  return [...expectedVisits(sessions).values()].reduce((s, v) => s + v, 0);
}

/** Intended operations a second of each kind at `t_s`: the normal mix, and what crowds come for. */
export function operationRates(workload: Workload, t_s: number): Map<string, number> {
  const rates = new Map<string, number>();
  const add = (mix: ReadonlyMap<string, number>, rate: number) => {
    for (const [name, share] of mix) rates.set(name, (rates.get(name) ?? 0) + share * rate);
  };
  const visit = (arrivals: Arrivals): void => {
    if (arrivals.kind !== 'flash-crowd') {
      add(operationShares(workload), rateAt(arrivals, t_s));
      return;
    }
    visit(arrivals.base);
    add(shares(arrivals.operations), rateAt(arrivals, t_s) - rateAt(arrivals.base, t_s));
  };
  visit(workload.arrivals);
  return rates;
}

/** Share of each operation in the normal mix, flash crowds left out. */
export function operationShares(workload: Workload): Map<string, number> {
  const visits = expectedVisits(workload.sessions);
  const sum = [...visits.values()].reduce((s, v) => s + v, 0);
  return new Map([...visits].map(([name, v]): [string, number] => [name, sum > 0 ? v / sum : 0]));
}
