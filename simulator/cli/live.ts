import type { Cell, CellResult } from '../domain/cell.ts';
import { nearest } from '../domain/nearest.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import type { Report } from '../domain/report.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { CellsOptions } from '../run/cells.ts';
import type { Fit } from '../run/fit-machine.ts';
import type { Axes, Rows } from '../run/rows.ts';
import type { DriverChoice } from '../worlds/live/contract.ts';
import type { Played } from '../worlds/live/play.ts';
import type { StackChoice } from '../worlds/live/stacks/stack.ts';
import { driverOf, driverProblems, saturated } from './drivers.ts';
import type { Words } from './numbers.ts';
import type { Progress } from './progress.ts';
import type { ScenarioWords } from './scenario-options.ts';

/** Longest wait for what is under way when arrivals have stopped, beside what the application itself lets pass before it acts on a failure. */
const DRAIN_S = 60;
const DEFAULT_MINUTES = '2';

/** Words of a live run where the user said nothing: two minutes, one seed, the strategy that mixes platforms. */
export function liveDefaults(words: ScenarioWords): ScenarioWords {
  if (words.world !== 'live') return words;
  const hasLength = words.minutes !== undefined || words.duration !== undefined || words.full === true;
  return {
    ...words,
    seeds: words.seeds ?? '1',
    strategy: words.strategy ?? 'hybrid',
    ...(hasLength ? {} : { minutes: DEFAULT_MINUTES }),
  };
}

/** The scenario as this machine can play it: an instance is one process with one core, the drain is short, the rate fits. */
export async function fitted(
  scenario: Scenario,
  axes: Axes,
  words: ScenarioWords,
): Promise<{ scenario: Scenario; axes: Axes; fit: Fit }> {
  const { fitMachine } = await import('../run/fit-machine.ts');
  const fit = fitMachine(scenario, {
    rate: Math.max(...axes.rates),
    isExact: words.exact === true,
    isEmulated: words.functions === 'emulator',
  });
  const parameters = { 'server.cores': 1, ...scenario.parameters };
  return {
    scenario: { ...scenario, drain_s: Math.min(DRAIN_S + longestWaitS(scenario), scenario.drain_s), parameters },
    axes: { ...axes, rates: axes.rates.map((rate) => rate * fit.factor) },
    fit,
  };
}

function longestWaitS({ application: { operations, events } }: Scenario): number {
  const failing = [...Object.values(operations), ...Object.values(events).flatMap(({ consumers }) => Object.values(consumers))];
  return Math.max(0, ...failing.map(({ on_failure }) => on_failure?.after_s ?? 0));
}

const OPTIONS = ['stack', 'endpoint', 'aws', 'functions', 'confirmTarget', 'exact'] as const;
const FUNCTIONS = ['own', 'emulator'] as const;

/** Which parts were asked for; words that say nothing sensible are complained about. */
async function stackOf(words: ScenarioWords, read: Words): Promise<StackChoice> {
  const { AWS_BACKENDS, STACK_NAMES } = await import('../worlds/live/stacks/index.ts');
  for (const option of OPTIONS)
    if (words[option] !== undefined && words.world !== 'live')
      read.complain(`--${option.replace('T', '-t')}`, `${words[option]}`, '--world live beside it');
  const one = <T extends string>(option: string, text: string | undefined, known: readonly T[]): T => {
    if (text !== undefined) read.names(option, text, { known, nearest: (name) => nearest(name, known) });
    return known.find((name) => name === text) ?? (known[0] as T);
  };
  const name = one('--stack', words.stack, STACK_NAMES);
  const url = words.endpoint ?? (/:\/\//.test(words.aws ?? '') ? words.aws : undefined);
  const isFound = name === 'endpoint' || url !== undefined;
  const backend = url === words.aws ? AWS_BACKENDS[0] : one('--aws', words.aws, AWS_BACKENDS);
  if (words.endpoint !== undefined && words.aws !== undefined)
    read.complain('--endpoint', words.endpoint, 'either --endpoint or --aws');
  if (url !== undefined && !/^https?:\/\/[^/]/.test(url)) read.complain('--endpoint', url, 'a URL such as http://127.0.0.1:4566');
  const aws = isFound ? 'url' : backend;
  const functions = one('--functions', words.functions, FUNCTIONS);
  if (name === 'compose') complainBeside(words, read);
  if (functions === 'emulator' && aws === 'embedded' && name !== 'compose')
    read.complain(
      '--functions',
      functions,
      '--aws ministack or a URL beside it: the embedded endpoint has no functions but our own',
    );
  return { name, aws, functions, ...(url === undefined ? {} : { endpoint: url }), confirmed: words.confirmTarget ?? [] };
}

/** The containers have their own AWS endpoint. */
function complainBeside(words: ScenarioWords, read: Words): void {
  const expected = 'none beside --stack compose: COMPOSE_PROFILES names its AWS endpoint';
  if (words.aws !== undefined) read.complain('--aws', words.aws, expected);
  if (words.endpoint !== undefined) read.complain('--endpoint', words.endpoint, expected);
}

/** What a live run is played on and sent by. */
export async function partsOf(words: ScenarioWords, read: Words): Promise<{ stack: StackChoice; driver?: DriverChoice }> {
  const stack = await stackOf(words, read);
  const driver = await driverOf(words, read);
  return { stack, ...(driver === undefined ? {} : { driver }) };
}

/** What of the plans real parts cannot do. */
export async function liveProblems({ rows }: Rows): Promise<Problem[]> {
  const { refusalsOf } = await import('../worlds/live/refusals.ts');
  return rows.flatMap((row) => refusalsOf(row.plan));
}

/** The rows as a driver plays them. Throws: InputError with all that real parts or this driver cannot do. */
export async function liveRows(rows: Rows, driver: DriverChoice | undefined): Promise<Rows> {
  const problems = [...(await liveProblems(rows)), ...(await driverProblems(rows, driver))];
  if (problems.length > 0) throw new InputError(problems);
  return driver?.name === 'autocannon' ? saturated(rows) : rows;
}

/** The live world over a stack that is up, and how to take it down. */
export interface OpenedWorld {
  world: {
    name: 'live';
    runCells(cells: readonly Cell[], o: CellsOptions): Promise<CellResult[]>;
    told(): Promise<Report['live']>;
  };
  /** Where the stack's own collector takes traces, if it has one. */
  collector: string | undefined;
  end(): Promise<void>;
}

interface LiveWanted {
  stack: StackChoice;
  progress: Progress;
  fit: Fit;
  rows: Rows;
  /** Who sends the load, if it is not the own driver. */
  driver?: DriverChoice;
}

/**
 * Brings the stack up that the cells need.
 *
 * Throws: UnavailableError that names the part, its last words and what to do; everything else is down again then.
 */
export async function openLive(o: LiveWanted): Promise<OpenedWorld> {
  const { playLive } = await import('../worlds/live/play.ts');
  const { requireModels } = await import('../worlds/live/own-work-bundles.ts');
  const { openStack } = await import('../worlds/live/stacks/index.ts');
  const { controllerOf } = await import('../measure/summary.ts');
  const say = (text: string) => o.progress.say(text);
  const { factor, cores_needed, cores } = o.fit;
  const what = o.driver?.name === 'autocannon' ? 'what pools are sized for' : 'the load';
  if (factor < 1)
    say(`${what} is scaled by ${factor} to keep this machine at 60 %: ${cores_needed.toFixed(1)} of ${cores} cores`);
  const plans = o.rows.rows.map((row) => row.plan);
  const sender = o.driver === undefined ? {} : { driver: o.driver };
  for (const plan of plans) requireModels(plan);
  const stack = await openStack({ choice: o.stack, plans, say });
  const { toldOf } = await import('../worlds/live/told.ts');
  const driver: Played['driver'] = [];
  const runs: Played['saturated'] = [];
  const away: Played['away'] = [];
  const notes = new Set<string>();
  const runCells = async (cells: readonly Cell[], options: CellsOptions) => {
    const played = await playLive(cells, { ...options, ...sender, stack, controllerOf, say });
    for (const note of played.notes) notes.add(note);
    driver.push(...played.driver);
    runs.push(...played.saturated);
    away.push(...played.away);
    return played.results;
  };
  const { closed_loop } = o.rows;
  const told = () =>
    toldOf(stack, {
      scale: o.fit,
      sent_by: o.driver?.name ?? 'own',
      driver,
      notes: [...notes],
      away,
      ...(closed_loop ? { saturation: { runs, ...closed_loop } } : {}),
    });
  return {
    world: { name: 'live', runCells, told },
    collector: stack.collector,
    end: () => stack.end(),
  };
}
