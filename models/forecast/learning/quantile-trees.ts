/** Boosted trees as plain JSON: every tree is a full one of `depth` levels, its nodes in heap order. */
export interface QuantileTrees {
  depth: number;
  start: number;
  /** Per tree and node: input to look at (-1: all go left), and the largest value that goes left. */
  inputs: number[][];
  limits: number[][];
  /** Per tree: what each leaf adds. */
  leaves: number[][];
}

/** Rows to learn from: one column of values per input, and the targets. */
export interface Examples {
  columns: readonly Float64Array[];
  targets: Float64Array;
}

export interface TreeOptions {
  quantile: number;
  trees: number;
  depth: number;
  /** Share of a tree's answer that counts. */
  rate: number;
  /** Rows that a leaf has to have. */
  leafMin: number;
}

const BINS = 32;

/**
 * Gradient boosting of small histogram trees on the pinball loss.
 *
 * Splits follow the sign of the error, leaves take the quantile of what is left over. Each tree sees half of the rows and half of the inputs,
 * chosen by a hash of its number: the same examples give the same trees.
 *
 * Source: Friedman, Greedy function approximation: a gradient boosting machine, Annals of Statistics 29 (2001).
 */
export function fitTrees(examples: Examples, options: TreeOptions): QuantileTrees {
  const { targets } = examples;
  const binned = examples.columns.map(binsOf);
  const start = quantileIn(Array.from(targets), options.quantile);
  const model: QuantileTrees = { depth: options.depth, start, inputs: [], limits: [], leaves: [] };
  const rest = targets.map((target) => target - start);
  for (let tree = 0; tree < options.trees; tree++) {
    const grown = grow({ binned, rest, tree, options });
    model.inputs.push(grown.inputs);
    model.limits.push(grown.limits);
    model.leaves.push(leavesOf(rest, grown.nodes, options));
    const leaves = model.leaves[tree] as number[];
    const first = leaves.length - 1;
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - (leaves[(grown.nodes[i] as number) - first] as number);
  }
  return model;
}

export function answerOf({ depth, start, inputs, limits, leaves }: QuantileTrees, input: ArrayLike<number>): number {
  let sum = start;
  for (let tree = 0; tree < inputs.length; tree++) {
    const nodes = inputs[tree] as number[];
    const edges = limits[tree] as number[];
    let node = 0;
    for (let level = 0; level < depth; level++) {
      const at = nodes[node] as number;
      node = at < 0 || (input[at] as number) <= (edges[node] as number) ? 2 * node + 1 : 2 * node + 2;
    }
    sum += (leaves[tree] as number[])[node - nodes.length] as number;
  }
  return sum;
}

interface Binned {
  bins: Uint8Array;
  /** Largest value of each bin but the last. */
  edges: number[];
}

function binsOf(column: Float64Array): Binned {
  const sorted = column.slice().sort();
  const edges: number[] = [];
  for (let bin = 1; bin < BINS; bin++) {
    const edge = sorted[Math.floor((bin * sorted.length) / BINS)] as number;
    if (edge < (sorted[sorted.length - 1] as number) && edge !== edges.at(-1)) edges.push(edge);
  }
  return { bins: Uint8Array.from(column, (value) => binOf(edges, value)), edges };
}

function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Growing {
  binned: readonly Binned[];
  rest: Float64Array;
  tree: number;
  options: TreeOptions;
}

interface Split {
  input: number;
  bin: number;
  gain: number;
}

/** One tree, level by level, and the leaf that each row ends in. */
function grow({ binned, rest, tree, options }: Growing): { inputs: number[]; limits: number[]; nodes: Uint16Array } {
  const count = 2 ** options.depth - 1;
  const inputs = new Array<number>(count).fill(-1);
  const limits = new Array<number>(count).fill(0);
  const nodes = new Uint16Array(rest.length);
  const seen: number[] = [];
  for (let i = 0; i < rest.length; i++) if (isChosen(tree, i)) seen.push(i);
  const rows = Uint32Array.from(seen);
  const columns = binned.map((_, input) => input).filter((input) => isChosen(tree + 1e6, input));
  const gradients = Float64Array.from(rest, (error) => options.quantile - (error < 0 ? 1 : 0));
  for (let level = 0; level < options.depth; level++) {
    const first = 2 ** level - 1;
    const splits = splitsOf({ binned, rows, columns, gradients, nodes, first, leafMin: options.leafMin / 2 });
    splits.forEach((split, i) => {
      if (split.gain <= 0) return;
      inputs[first + i] = split.input;
      limits[first + i] = (binned[split.input] as Binned).edges[split.bin] as number;
    });
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as number;
      const { input, bin, gain } = splits[node - first] as Split;
      nodes[i] = gain <= 0 || ((binned[input] as Binned).bins[i] as number) <= bin ? 2 * node + 1 : 2 * node + 2;
    }
  }
  return { inputs, limits, nodes };
}

/** Whether row or input `i` is in the half that tree `tree` sees. */
function isChosen(tree: number, i: number): boolean {
  let h = Math.imul(tree + 1, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) & 1) === 0;
}

interface Level {
  binned: readonly Binned[];
  rows: Uint32Array;
  columns: readonly number[];
  gradients: Float64Array;
  nodes: Uint16Array;
  /** Number of the level's first node, which is also one less than how many there are. */
  first: number;
  leafMin: number;
}

function splitsOf({ binned, rows, columns, gradients, nodes, first, leafMin }: Level): Split[] {
  const width = first + 1;
  const best = Array.from({ length: width }, (): Split => ({ input: 0, bin: 0, gain: 0 }));
  const sums = new Float64Array(width * BINS);
  const counts = new Float64Array(width * BINS);
  for (const input of columns) {
    const { bins, edges } = binned[input] as Binned;
    if (edges.length === 0) continue;
    sums.fill(0);
    counts.fill(0);
    for (let r = 0; r < rows.length; r++) {
      const i = rows[r] as number;
      const at = ((nodes[i] as number) - first) * BINS + (bins[i] as number);
      sums[at] = (sums[at] as number) + (gradients[i] as number);
      counts[at] = (counts[at] as number) + 1;
    }
    for (let node = 0; node < width; node++) {
      const from = node * BINS;
      const found = bestOf(sums.subarray(from, from + BINS), counts.subarray(from, from + BINS), leafMin);
      if (found.gain > (best[node] as Split).gain) best[node] = { input, ...found };
    }
  }
  return best;
}

function bestOf(sums: Float64Array, counts: Float64Array, leafMin: number): { bin: number; gain: number } {
  let sum = 0;
  let count = 0;
  for (let bin = 0; bin < BINS; bin++) {
    sum += sums[bin] as number;
    count += counts[bin] as number;
  }
  const found = { bin: 0, gain: 0 };
  let left = 0;
  let lefts = 0;
  for (let bin = 0; bin < BINS - 1; bin++) {
    left += sums[bin] as number;
    lefts += counts[bin] as number;
    if (lefts < leafMin || count - lefts < leafMin) continue;
    const gain = left ** 2 / lefts + (sum - left) ** 2 / (count - lefts) - sum ** 2 / count;
    if (gain > found.gain + 1e-9) Object.assign(found, { bin, gain });
  }
  return found;
}

function leavesOf(rest: Float64Array, nodes: Uint16Array, { depth, quantile, rate }: TreeOptions): number[] {
  const first = 2 ** depth - 1;
  const groups = Array.from({ length: first + 1 }, (): number[] => []);
  for (let i = 0; i < rest.length; i++) (groups[(nodes[i] as number) - first] as number[]).push(rest[i] as number);
  return groups.map((group) => (group.length > 0 ? rate * quantileIn(group, quantile) : 0));
}

/** The quantile of a list, which it sorts. */
function quantileIn(values: number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1))] ?? 0;
}
