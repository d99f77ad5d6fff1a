import type { Problem } from '../domain/problem.ts';
import { secondsOf } from '../domain/seconds.ts';

/** Collects what is wrong with the words of a command line, so that all of it is said at once. */
export class Words {
  readonly problems: Problem[] = [];

  /** A whole number from `minimum` to `maximum`. */
  whole(option: string, text: string | undefined, o: { minimum: number; maximum: number; default: number }): number {
    if (text === undefined) return o.default;
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= o.minimum && value <= o.maximum) return value;
    this.complain(option, text, `a whole number from ${o.minimum} to ${o.maximum}`);
    return o.default;
  }

  /** A number from `minimum` to `maximum`. */
  amount(option: string, text: string | undefined, o: { minimum: number; maximum: number; default: number }): number {
    if (text === undefined) return o.default;
    const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= o.minimum && value <= o.maximum) return value;
    this.complain(option, text, `a number from ${o.minimum} to ${o.maximum}`);
    return o.default;
  }

  /** `90`, `90s`, `10m`, `2h` in seconds. */
  duration(option: string, text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const value = secondsOf(text);
    if (value > 0 && value <= 604_800) return value;
    this.complain(option, text, 'a time such as 90s, 10m or 2h, above 0 and at most 7 days');
    return undefined;
  }

  /** `x2` or `x1,x2,x5` as factors. */
  factors(option: string, text: string | undefined): number[] {
    if (text === undefined) return [1];
    const values = text
      .split(',')
      .map((word) => (/^x?\d+(\.\d+)?$/.test(word.trim()) ? Number(word.trim().replace('x', '')) : Number.NaN));
    if (values.every((value) => value > 0 && value <= 100_000) && values.length <= 20) return [...new Set(values)];
    this.complain(option, text, 'factors above 0, such as x2 or x1,x2,x5');
    return [1];
  }

  /** Names out of `known`, separated by commas; those that are none are complained about and left out. */
  names(
    option: string,
    text: string | undefined,
    o: { known: readonly string[]; nearest(name: string): string | undefined },
  ): string[] {
    if (text === undefined) return [];
    const names = text.split(',').map((name) => name.trim());
    for (const name of names) {
      if (o.known.includes(name)) continue;
      const suggestion = o.nearest(name);
      const expected = `one of ${o.known.join(', ')}`;
      this.problems.push({ path: option, message: `there is no '${name}'`, expected, ...(suggestion ? { suggestion } : {}) });
    }
    return [...new Set(names)].filter((name) => o.known.includes(name));
  }

  complain(option: string, text: string, expected: string): void {
    this.problems.push({ path: option, message: `is '${text}'`, expected });
  }
}
