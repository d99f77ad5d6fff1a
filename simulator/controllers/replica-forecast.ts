/** The straight line through the last points, evaluated `ahead` steps behind the newest; ordinary least squares. */
export function linear(points: readonly number[], ahead: number): number {
  const n = points.length;
  const middle = (n - 1) / 2;
  const mean = points.reduce((sum, y) => sum + y, 0) / n;
  let products = 0;
  let squares = 0;
  points.forEach((y, x) => {
    products += (x - middle) * (y - mean);
    squares += (x - middle) ** 2;
  });
  const slope = squares > 0 ? products / squares : 0;
  return mean + slope * (n - 1 + ahead - middle);
}

export interface Smoothing {
  alpha: number;
  beta: number;
  gamma: number;
  period: number;
}

/**
 * Additive Holt-Winters over the stored points, one step ahead; undefined while there are fewer than two seasons.
 *
 * Level and trend begin with the means of the first two seasons, the season with the first one's distances from its mean.
 */
export function holtWinters(points: readonly number[], o: Smoothing): number | undefined {
  const { period: m } = o;
  if (points.length < 2 * m) return undefined;
  const meanOf = (from: number) => points.slice(from, from + m).reduce((sum, y) => sum + y, 0) / m;
  let level = meanOf(0);
  let trend = (meanOf(m) - level) / m;
  const season = points.slice(0, m).map((y) => y - level);
  for (let i = m; i < points.length; i++) {
    const y = points[i] as number;
    const s = season[i % m] as number;
    const before = level;
    level = o.alpha * (y - s) + (1 - o.alpha) * (level + trend);
    trend = o.beta * (level - before) + (1 - o.beta) * trend;
    season[i % m] = o.gamma * (y - level) + (1 - o.gamma) * s;
  }
  return level + trend + (season[points.length % m] as number);
}
