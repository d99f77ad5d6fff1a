/** So many times longer something took, with this weight among all. */
export interface Stretch {
  factor: number;
  weight: number;
}

const ROUNDS = 4;
/** Weights below this share of all are as good as none. */
const LEAST_SHARE = 1e-4;

/**
 * What `sorted` times would have been undisturbed, when each was drawn out by a factor that has nothing to do with its own length.
 *
 * Quantile by quantile: times that are drawn out by these factors have the quantiles that were measured.
 */
export function undisturbed(sorted: readonly number[], stretches: readonly Stretch[]): number[] {
  const all = stretches.reduce((sum, { weight }) => sum + weight, 0);
  const likely = stretches.filter(({ weight }) => weight > LEAST_SHARE * all);
  if (likely.every(({ factor }) => factor === 1)) return [...sorted];
  let base = [...sorted];
  for (let round = 0; round < ROUNDS; round++) {
    const drawnOut = quantilesOf(base, likely);
    base = base.map((ms, i) => (drawnOut[i] === 0 ? 0 : (ms * (sorted[i] as number)) / (drawnOut[i] as number)));
    base.sort((a, b) => a - b);
  }
  return base;
}

/** As many equally likely quantiles of what `base` becomes under these factors as it has values. */
function quantilesOf(base: readonly number[], stretches: readonly Stretch[]): number[] {
  const all = base.flatMap((ms) => stretches.map(({ factor, weight }) => ({ ms: ms * factor, weight })));
  all.sort((a, b) => a.ms - b.ms);
  const step = all.reduce((sum, { weight }) => sum + weight, 0) / base.length;
  const quantiles: number[] = [];
  let seen = 0;
  for (const { ms, weight } of all) {
    seen += weight;
    while (quantiles.length < base.length && seen >= (quantiles.length + 0.5) * step) quantiles.push(ms);
  }
  while (quantiles.length < base.length) quantiles.push((all.at(-1) as { ms: number }).ms);
  return quantiles;
}
