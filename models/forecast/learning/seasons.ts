/** Points that the search looks at, at most; a longer history is averaged down to so many. */
const POINTS = 16_384;
/** How far the correlation at a season stands above its lowest before, and more than at a season that is found already. */
const PROMINENCE_MIN = 0.1;
const PROMINENCE_MORE = 0.04;
const CHANCE = 0.25;
const SHORTEST = 4;

interface Peak {
  length: number;
  prominence: number;
  /** Prominence less what chance gives to a lag that fits into the history only a few times. */
  score: number;
}

/**
 * Lengths of the seasons of a series, strongest first, at most three: peaks of its autocorrelation, at least two of them long in the history.
 *
 * Ranks stand for the values, since one flash crowd would drown every season. A wrong season does no harm where forecasts that use it have
 * to prove themselves.
 *
 * Simplified: a season that changes its length is found again only when half of the history has it.
 */
export function seasonsOf(values: readonly number[]): number[] {
  const width = Math.max(1, Math.ceil(values.length / POINTS));
  const correlation = autocorrelation(ranks(averaged(values, width)));
  const found: Peak[] = [];
  for (const peak of peaksOf(correlation).sort((a, b) => b.score - a.score || a.length - b.length)) {
    if (found.every((f) => isFar(peak.length, f.length)) && peak.length * width >= SHORTEST) found.push(peak);
    if (found.length === 3) break;
  }
  return found.map(({ length }) => length * width);
}

/** Highest of their surroundings of a tenth of their lag; a multiple of a shorter one has to be clearly higher. */
function peaksOf(correlation: readonly number[]): Peak[] {
  const peaks: Peak[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  for (let lag = 1; lag < correlation.length; lag++) {
    const height = correlation[lag] as number;
    lowest = Math.min(lowest, height);
    const prominence = height - lowest;
    const peak = { length: lag, prominence, score: prominence - CHANCE * Math.sqrt(lag / correlation.length) };
    if (peak.score < PROMINENCE_MIN || !isHighest(correlation, lag)) continue;
    if (peaks.every((p) => !isMultiple(lag, p.length) || peak.prominence > p.prominence + PROMINENCE_MORE)) peaks.push(peak);
  }
  return peaks;
}

function isHighest(correlation: readonly number[], lag: number): boolean {
  const reach = Math.max(1, Math.round(lag / 10));
  for (let i = Math.max(1, lag - reach); i <= Math.min(correlation.length - 1, lag + reach); i++) {
    if (i !== lag && (correlation[i] as number) >= (correlation[lag] as number)) return false;
  }
  return lag + 1 < correlation.length;
}

function isFar(a: number, b: number): boolean {
  return Math.abs(a - b) > 0.2 * Math.min(a, b);
}

function isMultiple(long: number, short: number): boolean {
  const times = Math.round(long / short);
  return times >= 1 && Math.abs(long - times * short) <= Math.max(1, 0.02 * short * times);
}

function averaged(values: readonly number[], width: number): number[] {
  if (width === 1) return values.slice();
  const count = Math.floor(values.length / width);
  const from = values.length - count * width;
  return Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += values[from + i * width + j] as number;
    return sum / width;
  });
}

/** Each value's rank, mean 0; equal values share one. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranked = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let i = from; i < to; i++) ranked[order[i] as number] = (from + to) / 2 - values.length / 2;
    from = to;
  }
  return ranked;
}

/** Autocorrelation up to half of the length, by the power spectrum. */
function autocorrelation(values: readonly number[]): number[] {
  const n = values.length;
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, n * 1.5)));
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  re.set(values);
  transform(re, im);
  for (let i = 0; i < size; i++) {
    re[i] = (re[i] as number) ** 2 + (im[i] as number) ** 2;
    im[i] = 0;
  }
  transform(re, im);
  const total = (re[0] as number) / n;
  return Array.from({ length: n >> 1 }, (_, lag) => (total > 0 ? (re[lag] as number) / (n - lag) / total : 0));
}

/** Fast Fourier transform in place, lengths a power of two (Cooley and Tukey 1965). */
function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j] as number, re[i] as number];
      [im[i], im[j]] = [im[j] as number, im[i] as number];
    }
  }
  for (let width = 2; width <= n; width <<= 1) combine(re, im, width);
}

function combine(re: Float64Array, im: Float64Array, width: number): void {
  const half = width >> 1;
  const angle = (-2 * Math.PI) / width;
  for (let k = 0; k < half; k++) {
    const cos = Math.cos(angle * k);
    const sin = Math.sin(angle * k);
    for (let a = k; a < re.length; a += width) {
      const b = a + half;
      const x = (re[b] as number) * cos - (im[b] as number) * sin;
      const y = (re[b] as number) * sin + (im[b] as number) * cos;
      re[b] = (re[a] as number) - x;
      im[b] = (im[a] as number) - y;
      re[a] = (re[a] as number) + x;
      im[a] = (im[a] as number) + y;
    }
  }
}
