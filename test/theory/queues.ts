/** Answers known on paper, to hold the simulator against. */

/** Erlang B: share of arrivals that find all `servers` busy, at offered load `a`. */
export function erlangB(servers: number, a: number): number {
  let b = 1;
  for (let k = 1; k <= servers; k++) b = (a * b) / (k + a * b);
  return b;
}

/** Erlang C: share of arrivals that wait in M/M/c. */
export function erlangC(servers: number, a: number): number {
  const b = erlangB(servers, a);
  return (servers * b) / (servers - a * (1 - b));
}

/** Mean wait in M/M/c, in units of the mean service time. */
export function meanWait(servers: number, a: number): number {
  return erlangC(servers, a) / (servers - a);
}

/** Pollaczek-Khinchine: mean wait in M/G/1, in units of the mean service time; `cv2` is the squared coefficient of variation. */
export function pollaczekKhinchine(rho: number, cv2: number): number {
  return (rho * (1 + cv2)) / (2 * (1 - rho));
}

/** Mean and its standard error over independent replications. */
export function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((s, v) => s + v, 0) / n;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}
