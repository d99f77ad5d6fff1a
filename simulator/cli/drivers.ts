import { availableParallelism } from 'node:os';
import { nearest } from '../domain/nearest.ts';
import type { Problem } from '../domain/problem.ts';
import type { Row, Rows } from '../run/rows.ts';
import type { DriverChoice } from '../worlds/live/contract.ts';
import type { Words } from './numbers.ts';
import type { ScenarioWords } from './scenario-options.ts';

const DRIVERS = ['own', 'k6', 'autocannon'];

/** Connections of a closed loop where nothing is said, for each core of the machine, which is what is saturated in the end. */
const CONNECTIONS_PER_CORE = 8;
/** With fewer there is no half of them to compare with. */
const CONNECTIONS_MIN = 2;
const CONNECTIONS_MAX = 10_000;

/** Options that say something of a rate, which a closed loop has not. */
const OF_A_RATE = [
  [
    'rate',
    "no rate beside --driver autocannon, which sends as much as is answered: pools have the sizes that the scenario's own load needs",
  ],
  ['exact', 'no --exact beside --driver autocannon, which loads this machine as far as it goes'],
  ['sensitivity', 'no --sensitivity beside --driver autocannon: the virtual world that answers it has no closed loop'],
] as const;

/** Who sends the load of a live run, if it is not the own driver. Throws: UnavailableError when k6 is missing. */
export async function driverOf(words: ScenarioWords, read: Words): Promise<DriverChoice | undefined> {
  const { connections, driver } = words;
  if (connections !== undefined && driver !== 'autocannon')
    read.complain(
      '--connections',
      connections,
      '--driver autocannon beside it: other drivers send at their times, however many that needs',
    );
  if (driver === undefined) return undefined;
  read.names('--driver', driver, { known: DRIVERS, nearest: (name) => nearest(name, DRIVERS) });
  if (words.world !== 'live') read.complain('--driver', driver, '--world live beside it');
  if (driver === 'k6') return { name: driver, program: (await import('../worlds/live/stacks/k6-program.ts')).findK6() };
  if (driver !== 'autocannon') return undefined;
  for (const [option, expected] of OF_A_RATE)
    if (words[option] !== undefined) read.complain(`--${option}`, `${words[option]}`, expected);
  const range = { minimum: CONNECTIONS_MIN, maximum: CONNECTIONS_MAX, default: CONNECTIONS_PER_CORE * availableParallelism() };
  return { name: driver, connections: read.whole('--connections', connections, range) };
}

/** What of a plan a driver cannot do. */
export async function driverProblems({ rows }: Rows, driver: DriverChoice | undefined): Promise<Problem[]> {
  if (driver === undefined) return [];
  const { k6RefusalsOf, saturationRefusalsOf } = await import('../worlds/live/refusals.ts');
  return rows.flatMap(({ plan }) => (driver.name === 'k6' ? k6RefusalsOf : saturationRefusalsOf)(plan));
}

/** Measures that mean the same whatever the load was; each check is one, too. */
const JUDGED_AT_SATURATION = ['error_rate', 'throughput'];

/**
 * Rows as a closed loop plays them: half of the time is warm-up, and nobody is held to what the scenario says of its own load (latency,
 * lag, cost), only to checks, errors and throughput.
 */
export async function saturated(rows: Rows): Promise<Rows> {
  const { isCheck, parseObjective } = await import('../measure/objectives.ts');
  const isJudged = (text: string) => {
    const parsed = parseObjective(text);
    return (
      'objective' in parsed && (JUDGED_AT_SATURATION.includes(parsed.objective.measure) || isCheck(parsed.objective.measure))
    );
  };
  const not_judged = new Set(rows.rows.flatMap(({ plan }) => plan.objectives.filter((text) => !isJudged(text))));
  const saturatedRow = (row: Row): Row => {
    const { duration_ms, objectives } = row.plan;
    return { ...row, plan: { ...row.plan, warmup_ms: duration_ms / 2, objectives: objectives.filter(isJudged) } };
  };
  return { ...rows, rows: rows.rows.map(saturatedRow), closed_loop: { not_judged: [...not_judged] } };
}
