import { nearest } from '../domain/nearest.ts';

export const OPERATORS = ['<=', '<', '>=', '>', '=='] as const;
export type Operator = (typeof OPERATORS)[number];

/** A limit that a gate works out from what was measured before: baseline x `times` + the line's `value`. */
export interface OfBaseline {
  times: number;
}

/** A line that a strategy must meet. `value` stands in `unit`, as it was written (or in the measure's first unit). */
export interface Objective {
  text: string;
  /** The operation meant (for `lag_p99` the event or component), or null for all of them. */
  operation: string | null;
  measure: string;
  op: Operator;
  value: number;
  unit: string;
  /** Only a gate can judge such a line; nothing else holds anybody to it. */
  baseline?: OfBaseline;
}

/** What is wrong with a line, and the column (from 0) to put a caret under. */
export interface ObjectiveProblem {
  message: string;
  at: number;
  suggestion?: string;
}

/** Names that lines may use, where they are known; what is left out is not checked. */
export interface KnownNames {
  operations?: Iterable<string>;
  /** Events and the components that take them, for `lag_p99`. */
  lags?: Iterable<string>;
  checks?: Iterable<string>;
}

interface Measure {
  units: readonly string[];
  /** What a name before the measure means, or why there can be none. */
  of: 'operation' | 'lag' | 'none';
}

const TIME = ['ms', 's', 'min'];
const MEASURES: Readonly<Record<string, Measure>> = {
  mean: { units: TIME, of: 'operation' },
  p50: { units: TIME, of: 'operation' },
  p95: { units: TIME, of: 'operation' },
  p99: { units: TIME, of: 'operation' },
  p999: { units: TIME, of: 'operation' },
  max: { units: TIME, of: 'operation' },
  error_rate: { units: ['', '%'], of: 'operation' },
  throughput: { units: ['/s'], of: 'operation' },
  violation_minutes: { units: ['min'], of: 'operation' },
  lag_p99: { units: TIME, of: 'lag' },
  cost_per_million: { units: ['$'], of: 'none' },
  cost_per_month: { units: ['$'], of: 'none' },
};
const OF_REFUNDS = ['refunded', 'refunded_twice', 'refunded_with_order'];
const OF_SHOPS = ['oversold', 'charged_without_order', 'charged_twice', 'order_without_reservation', 'sold_out', ...OF_REFUNDS];
const CHECKS = ['lost', 'twice', 'shown_before_moderated', 'stale_read', 'pending', 'dead_lettered', 'suppressed', ...OF_SHOPS];
const COUNT: Measure = { units: [''], of: 'none' };

/** Share of samples that each quantile measure stands for. */
export const QUANTILES: ReadonlyMap<string, number> = new Map([
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
]);

/** How many base units (milliseconds, shares, dollars) one unit is. */
export const UNIT_FACTORS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['%', 0.01],
  ['/s', 1],
  ['$', 1],
]);

/** The limit in base units: milliseconds, shares, dollars, counts; violation minutes stay minutes. */
export function factorOf(objective: Objective): number {
  return objective.measure === 'violation_minutes' ? 1 : (UNIT_FACTORS.get(objective.unit) ?? 1);
}

interface Token {
  text: string;
  at: number;
}

const TOKEN = /[<>=!]+|(?<=baseline\s*)[+*]|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|\/s|[a-z_][\w-]*|\S/gi;

class Wrong extends Error {
  readonly problem: ObjectiveProblem;
  constructor(message: string, at: number, suggestion?: string) {
    super(message);
    this.problem =
      suggestion === undefined ? { message, at } : { message: `${message}; did you mean ${suggestion}?`, at, suggestion };
  }
}

/**
 * Reads one line `[operation] measure op number [unit]`, or says what is wrong with it and where.
 *
 * For a gate the limit may also be `baseline`, `baseline * number` or `baseline + number [unit]`.
 *
 * The only parser of objectives: plans, runs, reports and gates all go through it.
 */
export function parseObjective(text: string, known: KnownNames = {}): { objective: Objective } | { problem: ObjectiveProblem } {
  try {
    return { objective: parse(text, known) };
  } catch (error) {
    if (error instanceof Wrong) return { problem: error.problem };
    throw error;
  }
}

function parse(text: string, known: KnownNames): Objective {
  const tokens: Token[] = [...text.matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index }));
  const end: Token = { text: '', at: text.trimEnd().length };
  const isWord = (token: Token | undefined): boolean => token !== undefined && /^[a-z_]/i.test(token.text);
  const hasName = isWord(tokens[0]) && isWord(tokens[1]);
  const [first, ...rest] = hasName ? tokens.slice(1) : tokens;
  const measure = measureOf(first ?? end, known);
  const name = hasName ? nameOf(tokens[0] as Token, { measure, word: (first as Token).text, known }) : null;
  const op = operatorOf(rest[0] ?? end);
  const word = (first as Token).text;
  const limit = rest[1]?.text === 'baseline' ? limitOfBaseline : limitOf;
  return { text, operation: name, measure: word, op, ...limit(rest.slice(1), { end, measure, word }) };
}

type Limit = Pick<Objective, 'value' | 'unit' | 'baseline'>;
type LimitOptions = { end: Token; measure: Measure; word: string };

function limitOf([first, second, extra]: readonly Token[], o: LimitOptions): Limit {
  const value = numberOf(first ?? o.end);
  const unit = unitOf(second ?? o.end, o);
  if (o.word === 'error_rate' && unit === '' && value > 1) {
    throw new Wrong(`error_rate is a share from 0 to 1; for per cent write ${value} %`, (first as Token).at);
  }
  refuseExtra(extra);
  return { value, unit };
}

/** `baseline`, `baseline * 1.05` or `baseline + 5 ms`. */
function limitOfBaseline([, sign, ...rest]: readonly Token[], o: LimitOptions): Limit {
  if (sign === undefined) return { value: 0, unit: unitOf(o.end, o), baseline: { times: 1 } };
  if (sign.text === '+') return { ...limitOf(rest, o), baseline: { times: 1 } };
  if (sign.text !== '*') throw new Wrong(`'${sign.text}' stands where * or + was expected`, sign.at, '*');
  const times = numberOf(rest[0] ?? o.end);
  refuseExtra(rest[1]);
  return { value: 0, unit: unitOf(o.end, o), baseline: { times } };
}

function refuseExtra(extra: Token | undefined): void {
  if (extra !== undefined) throw new Wrong(`nothing may follow here, but '${extra.text}' does`, extra.at);
}

/** What is wrong with a line, with the line below it and a caret under the place. */
export function pointed(text: string, { message, at }: ObjectiveProblem): string {
  const shown = text.replace(/\s/g, ' ');
  return `${message}\n      ${shown}\n      ${' '.repeat(Math.min(at, shown.length))}^`;
}

const foundIn = (token: Token): string => (token.text === '' ? 'the line ends' : `'${token.text}' stands`);

/** Whether a measure is the name of a check. */
export function isCheck(word: string, known: KnownNames = {}): boolean {
  if (known.checks !== undefined) return new Set(known.checks).has(word);
  return CHECKS.includes(word) || /^shown_before_[a-z][\w-]*$/.test(word);
}

function measureOf(token: Token, known: KnownNames): Measure {
  if (Object.hasOwn(MEASURES, token.text)) return MEASURES[token.text] as Measure;
  if (isCheck(token.text, known)) return COUNT;
  const names = [...Object.keys(MEASURES), ...(known.checks ?? CHECKS)];
  throw new Wrong(`${foundIn(token)} where a measure was expected (${names.join(', ')})`, token.at, nearest(token.text, names));
}

function nameOf(token: Token, o: { measure: Measure; word: string; known: KnownNames }): string {
  if (o.measure.of === 'none') throw new Wrong(`${o.word} belongs to the whole strategy: leave out '${token.text}'`, token.at);
  const names = o.measure.of === 'lag' ? o.known.lags : o.known.operations;
  if (names !== undefined && !new Set(names).has(token.text)) {
    const kind = o.measure.of === 'lag' ? 'event or component' : 'operation';
    throw new Wrong(`there is no ${kind} '${token.text}'`, token.at, nearest(token.text, names));
  }
  return token.text;
}

function operatorOf(token: Token): Operator {
  const found = OPERATORS.find((op) => op === token.text);
  if (found !== undefined) return found;
  const near: Record<string, string> = { '=': '==', '=<': '<=', '=>': '>=', '===': '==' };
  const suggestion = Object.hasOwn(near, token.text) ? near[token.text] : undefined;
  throw new Wrong(`${foundIn(token)} where one of ${OPERATORS.join(' ')} was expected`, token.at, suggestion);
}

function numberOf(token: Token): number {
  if (token.text === '$') throw new Wrong('the unit stands after the number: 500 $', token.at);
  const value = /\d/.test(token.text) ? Number(token.text) : Number.NaN;
  if (!Number.isFinite(value) || value < 0) {
    throw new Wrong(`${foundIn(token)} where a number from 0 was expected`, token.at);
  }
  return value;
}

function unitOf(token: Token, o: { measure: Measure; word: string }): string {
  if (token.text === '') return o.measure.units[0] as string;
  if (o.measure.units.includes(token.text)) return token.text;
  const units = o.measure.units.filter((unit) => unit !== '');
  if (units.length === 0) throw new Wrong(`${o.word} is a count and has no unit, but '${token.text}' follows`, token.at);
  throw new Wrong(`'${token.text}' is no unit of ${o.word} (${units.join(', ')})`, token.at, nearest(token.text, units));
}

/**
 * The lines that bound a latency quantile from above: what violation minutes are counted against and sizes are chosen for.
 *
 * Lines that do not parse are skipped: whoever loads the scenario has reported them.
 */
export function latencyLimits(
  objectives: readonly string[],
): { operation: string | null; quantile: number; limit_ms: number; text: string }[] {
  return objectives.flatMap((text) => {
    const parsed = parseObjective(text);
    if ('problem' in parsed) return [];
    const { objective } = parsed;
    const quantile = QUANTILES.get(objective.measure);
    if (quantile === undefined || objective.baseline || (objective.op !== '<=' && objective.op !== '<')) return [];
    return [{ operation: objective.operation, quantile, limit_ms: objective.value * factorOf(objective), text }];
  });
}
