import type { Distribution } from '../simulator/domain/distribution.ts';

/** What stands where there is no number: too few samples, or nothing served. */
export const NONE = '–';

/** `8.4 ms`, `842 ms`, `1.24 s`, `2 min 5 s`: three digits are all that a comparison needs. */
export function ms(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  if (value === 0) return '0 ms';
  if (Math.abs(value) < 999.5) return `${figures(value, value < 1 ? 2 : 3)} ms`;
  return duration(value / 1000);
}

/** `4.21 s`, `2 min 5 s`, `1 h 30 min`. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NONE;
  if (Math.abs(seconds) < 59.95) return `${figures(seconds, 3)} s`;
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (h > 0) return min > 0 ? `${h} h ${min} min` : `${h} h`;
  return s > 0 ? `${min} min ${s} s` : `${min} min`;
}

/** Time of the run as `m:ss`, or `h:mm:ss` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(min)}:${two(s)}` : `${min}:${two(s)}`;
}

/** Dollars as people read them: cents below a hundred, whole dollars above, two digits below a cent. */
export function usd(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (size === 0) return '$0';
  if (size >= 99.995) return `${sign}$${grouped(Math.round(size))}`;
  if (size >= 0.0995) return `${sign}$${size.toFixed(2)}`;
  return `${sign}$${digits(size, 2)}`;
}

/** A price or a bill line, exact enough to check it by hand: cents and what lies below them, to six places. */
export function usdExact(value: number): string {
  const places = Math.abs(value) >= 1 ? 4 : 10;
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: places })}`;
}

/** A share in per cent; `100 %` and `0 %` only when it is exactly that. */
export function percent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NONE;
  if (share === 0) return '0 %';
  if (share === 1) return '100 %';
  if (share < 0.0001) return '<0.01 %';
  if (share > 0.9999 && share < 1) return '>99.99 %';
  if (share > 0.99 && share < 1) return `${(share * 100).toFixed(2)} %`;
  return `${digits(share * 100, share < 0.01 ? 2 : 3)} %`;
}

/** A rate or a count with thousands marked: `1,204`, `56.3`, `0.12`. */
export function amount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  if (Number.isInteger(value) || Math.abs(value) >= 999.5) return grouped(Math.round(value));
  return digits(value, 3);
}

/** `1.24 M`, `340 k`: for speeds, where the order of magnitude is the message. */
export function large(value: number): string {
  if (value >= 999_500) return `${digits(value / 1e6, 3)} M`;
  if (value >= 9_995) return `${digits(value / 1e3, 3)} k`;
  return amount(value);
}

/** `130 to 139 ms`: both ends of an interval, with their unit said once where it is the same. */
export function between([low, high]: readonly [number, number], written: (value: number) => string): string {
  const [first, last] = [written(low), written(high)];
  const unit = / [^\d ]+$/.exec(last)?.[0] ?? '';
  return `${unit !== '' && first.endsWith(unit) ? first.slice(0, -unit.length) : first} to ${last}`;
}

/** A parameter's value in words: `12`, `lognormal, p50 12, p99 80`. */
export function law(value: Distribution | string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return exact(value);
  if (value.kind === 'quantiles')
    return `measured quantiles, ${value.points.map(([p, v]) => `p${exact(p * 100)} ${exact(v)}`).join(', ')}`;
  const { kind, ...rest } = value;
  return `${kind}, ${Object.entries(rest)
    .map(([name, n]) => `${name} ${exact(n)}`)
    .join(', ')}`;
}

function exact(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}

/** At most `n` significant digits, without trailing zeros that say nothing and without an exponent. */
function digits(value: number, n: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: n });
}

/** Exactly `n` significant digits, so that a column of measurements lines up; whole numbers stay whole. */
function figures(value: number, n: number): string {
  if (Number.isInteger(value)) return grouped(value);
  return value.toLocaleString('en-US', { maximumSignificantDigits: n, minimumSignificantDigits: n });
}

function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}
