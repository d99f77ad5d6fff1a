/** A number for a sentence: `digits` significant ones, thousands grouped, never in powers of ten up to 1e15. */
export function plain(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return value > 0 ? 'without end' : String(value);
  if (value === 0) return '0';
  const decimals = Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
  const [whole = '0', fraction = ''] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const tail = fraction.replace(/0+$/, '');
  return `${value < 0 ? '-' : ''}${grouped}${tail === '' ? '' : `.${tail}`}`;
}

/** Two numbers that differ, with as many digits as it takes to see it. */
export function apart(a: number, b: number): [string, string] {
  for (let digits = 3; digits < 12; digits++) {
    const pair: [string, string] = [plain(a, digits), plain(b, digits)];
    if (pair[0] !== pair[1]) return pair;
  }
  return [String(a), String(b)];
}

/** Dollars: to the cent below a thousand, to the dollar above; three digits of what is less than ten cents. */
export function usd(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (size > 0 && size < 0.0995) return `${sign}$${plain(size)}`;
  const [whole = '0', cents] = size.toFixed(size < 999.995 ? 2 : 0).split('.');
  return `${sign}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${cents === undefined ? '' : `.${cents}`}`;
}

/** A share as per cent: `.0123` is `1.23 %`. */
export function percent(share: number): string {
  return `${plain(share * 100)} %`;
}

/** `1 run`, `5 runs`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${plain(n)} ${n === 1 ? one : many}`;
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
