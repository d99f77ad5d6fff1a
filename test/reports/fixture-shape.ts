/** How much of a report to build: the default is small enough to read its golden, `large` is what a real run yields. */
export interface Shape {
  strategies: number;
  operations: number;
  pools: number;
  samples: number;
}

export const DURATION = 1800;

/** Operations a second: a ramp, a peak, a flash crowd to four times, a decline. */
export function loadAt(t: number): number {
  const base = 30 + 150 * Math.sin((Math.PI * t) / DURATION) ** 2;
  const crowd = t > 1080 && t < 1200 ? 1 + 3 * Math.sin((Math.PI * (t - 1080)) / 120) : 1;
  return base * crowd;
}
