const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A series as a line of block characters, from 0 to its maximum; each stands for the mean of its part of the time. */
export function sparkline(series: readonly (readonly [number, number])[], width: number): string {
  const first = series[0];
  const last = series[series.length - 1];
  if (first === undefined || last === undefined || width < 1) return '';
  const values = means(series, { from: first[0], to: last[0], width });
  const top = Math.max(...values);
  if (!(top > 0)) return BARS[0].repeat(values.length);
  return values.map((value) => BARS[Math.min(7, Math.floor((value / top) * 8))] ?? BARS[0]).join('');
}

/** The series is a line between its points: sampled evenly, then averaged. */
function means(series: readonly (readonly [number, number])[], o: { from: number; to: number; width: number }): number[] {
  const SAMPLES = 8;
  const at = valueAt(series);
  return Array.from({ length: o.width }, (_, column) => {
    let sum = 0;
    for (let k = 0; k < SAMPLES; k++) sum += at(o.from + ((column + (k + 0.5) / SAMPLES) / o.width) * (o.to - o.from));
    return sum / SAMPLES;
  });
}

/** Reads the series at rising times only, so that one pass is enough. */
function valueAt(series: readonly (readonly [number, number])[]): (time: number) => number {
  let i = 0;
  return (time) => {
    while (i + 1 < series.length && (series[i + 1] as readonly [number, number])[0] <= time) i++;
    const [t0, v0] = series[i] as readonly [number, number];
    const next = series[i + 1];
    return next === undefined ? v0 : v0 + ((time - t0) / (next[0] - t0)) * (next[1] - v0);
  };
}
