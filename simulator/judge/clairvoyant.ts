import type { Field } from './fluid.ts';

/**
 * What somebody would have had who knew the load: least cost under the same start lag, the same first size and a minimum life.
 *
 * Cost is a sum over levels (is the k-th instance there?), and so is every limit, so each level is solved by a dynamic programme of its own:
 * an instance that is gone stays away for at least `lag` steps, one that is there stays for at least `life`. Levels that are needed in the same
 * steps have the same answer. Time is levels x steps x (lag + life).
 */
export function clairvoyant(field: Field, life = 1): Int32Array {
  const { demand } = field;
  const supply = new Int32Array(demand.length).fill(1);
  const highest = demand.reduce((most, d) => Math.max(most, d), 1);
  let before = -1;
  let path = new Uint8Array(0);
  for (let level = 2; level <= highest; level++) {
    const needed = demand.reduce((count, d) => count + (d >= level ? 1 : 0), 0);
    if (needed !== before) path = bestPath(field, level, life);
    before = needed;
    for (let t = 0; t < supply.length; t++) supply[t] = (supply[t] as number) + (path[t] as number);
  }
  return supply;
}

/**
 * Cheapest on/off path of one level. States: 0 .. life-1 on for that many steps and one (the last: long enough), then lag states off.
 * Step 0 is given: on when the first demand reaches the level.
 */
function bestPath({ demand, lag, kappa }: Field, level: number, life: number): Uint8Array<ArrayBuffer> {
  const states = life + lag;
  const length = demand.length;
  const from = new Uint16Array(length * states);
  let cost = new Float64Array(states).fill(Number.POSITIVE_INFINITY);
  // What is on at first has lived long enough; what is off may have been ordered no earlier than now.
  cost[(demand[0] as number) >= level ? life - 1 : life] = 0;
  for (let t = 1; t < length; t++) {
    const missing = (demand[t] as number) >= level ? kappa : 0;
    const next = new Float64Array(states).fill(Number.POSITIVE_INFINITY);
    const move = (a: number, b: number) => {
      const total = (cost[a] as number) + (b < life ? 1 : missing);
      if (total >= (next[b] as number)) return;
      next[b] = total;
      from[t * states + b] = a;
    };
    for (let a = 0; a < states; a++) {
      if (a < life - 1) move(a, a + 1);
      else if (a === life - 1) {
        move(a, a);
        move(a, life);
      } else if (a < states - 1) move(a, a + 1);
      else {
        move(a, a);
        move(a, 0);
      }
    }
    cost = next;
  }
  return backwards({ from, cost, states, life, length });
}

function backwards(o: {
  from: Uint16Array;
  cost: Float64Array;
  states: number;
  life: number;
  length: number;
}): Uint8Array<ArrayBuffer> {
  const path = new Uint8Array(o.length);
  let state = o.cost.indexOf(Math.min(...o.cost));
  for (let t = o.length - 1; t >= 0; t--) {
    path[t] = state < o.life ? 1 : 0;
    state = o.from[t * o.states + state] as number;
  }
  return path;
}
