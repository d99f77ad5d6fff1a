/** P(X <= k) of n draws with chance p; in logarithms, since (1 - p) ** n is 0 to the machine where n is some hundreds. */
function cumulative(k: number, n: number, p: number): number {
  let term = n * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let i = 1; i <= k; i++) {
    term += Math.log(((n - i + 1) / i) * (p / (1 - p)));
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}

/** The chance between 0 and 1 at which a falling function of it passes `level`. */
function where(falling: (p: number) => number, level: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (falling(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Where the chance lies that something happens which happened `k` times in `n`, with 95 % confidence whatever it is.
 *
 * Source: Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26 (1934).
 */
export function exactInterval(k: number, n: number): [number, number] {
  const low = k === 0 ? 0 : where((p) => 1 - (1 - cumulative(k - 1, n, p)), 0.975);
  const high = k === n ? 1 : where((p) => cumulative(k, n, p), 0.025);
  return [low, high];
}
