const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 };

/** `90`, `90s`, `10m`, `2h` in seconds; NaN when it is no time. */
export function secondsOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h)?$/.exec(text.trim());
  return Number(match?.[1] ?? Number.NaN) * (UNITS[match?.[2] ?? 's'] ?? 1);
}
