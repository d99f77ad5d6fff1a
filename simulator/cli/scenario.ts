import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Format } from '../../reports/index.ts';
import { nearest } from '../domain/nearest.ts';
import { InputError, UnavailableError } from '../domain/problem.ts';
import type { Report } from '../domain/report.ts';
import type { Scenario } from '../domain/scenario.ts';
import { counted } from '../measure/words.ts';
import type { Axes } from '../run/rows.ts';
import { Words } from './numbers.ts';
import { Progress } from './progress.ts';
import type { ScenarioWords } from './scenario-options.ts';

const FORMAT_NAMES = ['terminal', 'html', 'json', 'markdown'];

/** Runs `scenario NAME`: load, check, play, write, print; returns the exit code. */
export async function scenarioCommand(name: string, words: ScenarioWords, signal: AbortSignal): Promise<number> {
  const isPlain = words.json === true;
  const stderr = {
    write: (text: string) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
  };
  const progress = new Progress(words.quiet ? undefined : stderr);
  if (words.world !== 'virtual')
    throw new UnavailableError(`the ${words.world} world is not there yet; leave out --world for the virtual one`);
  progress.say(`${name}: loading`);
  const { axes, scenario, formats, ledger } = await prepare(name, words);
  const { rowsOf } = await import('../run/rows.ts');
  const rows = rowsOf(scenario, axes);
  const folder = isPlain ? undefined : (words.out ?? join('reports', 'runs', scenario.name));
  const { prepareFolder, writeLedger } = await import('../run/outputs.ts');
  if (folder !== undefined && formats.some((f) => f !== 'terminal')) prepareFolder(folder);
  const length_s = axes.length_s ?? scenario.workload.duration_s;
  const long = length_s % 60 === 0 ? counted(length_s / 60, 'minute') : counted(length_s, 'second');
  progress.say(
    `${scenario.name}: ${counted(rows.rows.length, 'placement')} x ${counted(axes.seeds.length, 'seed')}, ${long} each`,
  );
  const { playScenario } = await import('../run/scenario.ts');
  const threads = words.threads === undefined ? {} : { threads: Number(words.threads) };
  const heard = (p: { share: number; done: number; cells: number }) => progress.show(p);
  const played = await playScenario(scenario, axes, {
    ...threads,
    rows,
    heard,
    signal,
    version: versionOf(),
    startedAt: new Date().toISOString(),
  });
  progress.clear();
  if (ledger !== undefined) writeLedger(ledger, played.ledger);
  await deliver(played.report, { folder, formats, words });
  const { exitCodeOf } = await import('../measure/verdict.ts');
  return exitCodeOf(played.report, words.require);
}

interface Prepared {
  axes: Axes;
  scenario: Scenario;
  formats: string[];
  ledger: string | undefined;
}

async function prepare(name: string, words: ScenarioWords): Promise<Prepared> {
  const { loadNamed } = await import('../run/load.ts');
  const { STRATEGIES } = await import('../strategies/index.ts');
  const { CONTROLLERS } = await import('../controllers/index.ts');
  const read = new Words();
  const loaded = await settled(loadNamed(name, words.set), read);
  const own = (loaded?.strategies ?? []).map((s) => (typeof s === 'string' ? s : s.name));
  const strategies = [...new Set([...own, ...Object.keys(STRATEGIES)])];
  const wanted = read.names('--strategy', words.strategy, { known: strategies, nearest: (n) => nearest(n, strategies) });
  const controllers = Object.keys(CONTROLLERS);
  const axes = {
    strategies: wanted.length > 0 ? wanted : own,
    controllers: read.names('--controller', words.controller, { known: controllers, nearest: (n) => nearest(n, controllers) }),
    rates: read.factors('--rate', words.rate),
    seeds: seedsOf(words, read, loaded?.seeds ?? 5),
    wantsLedger: words.ledger !== undefined,
  };
  const formats = read.names('--format', words.format, { known: FORMAT_NAMES, nearest: (n) => nearest(n, FORMAT_NAMES) });
  const length_s = lengthOf(words, read);
  read.whole('--threads', words.threads, { minimum: 1, maximum: 256, default: 1 });
  if (words.require !== undefined && !axes.strategies.includes(words.require)) {
    read.complain('--require', words.require, `a placement of this run: ${axes.strategies.join(', ')}`);
  }
  if (words.full && loaded && loaded.full === undefined) read.complain('--full', name, 'a scenario that describes a full run');
  if (read.problems.length > 0 || loaded === undefined) throw new InputError(read.problems);
  const scenario = words.full ? fullOf(loaded) : loaded;
  const rates = words.full && loaded.full ? axes.rates.map((r) => r * (loaded.full?.rate ?? 1)) : axes.rates;
  const cut = length_s === undefined ? {} : { length_s };
  return {
    axes: { ...axes, rates, ...cut },
    scenario,
    formats: formats.length > 0 ? formats : FORMAT_NAMES,
    ledger: words.ledger,
  };
}

/** The scenario, or its problems added to those of the words. */
async function settled(loading: Promise<Scenario>, read: Words): Promise<Scenario | undefined> {
  try {
    return await loading;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    read.problems.push(...error.problems);
    return undefined;
  }
}

function seedsOf(words: ScenarioWords, read: Words, fallback: number): number[] {
  const first = read.whole('--seed', words.seed, { minimum: 0, maximum: 2_000_000_000, default: 1 });
  const count = read.whole('--seeds', words.seeds, { minimum: 1, maximum: 10_000, default: fallback });
  return Array.from({ length: count }, (_, i) => first + i);
}

function lengthOf(words: ScenarioWords, read: Words): number | undefined {
  const duration = read.duration('--duration', words.duration);
  const minutes = read.duration('--minutes', words.minutes === undefined ? undefined : `${words.minutes}m`);
  if (duration !== undefined && minutes !== undefined)
    read.complain('--minutes', words.minutes ?? '', 'either --duration or --minutes');
  return duration ?? minutes;
}

/** The long run: the shape of the load is stretched over it. */
function fullOf(scenario: Scenario): Scenario {
  const { full, workload } = scenario;
  if (full === undefined) return scenario;
  const factor = full.duration_s / workload.duration_s;
  return { ...scenario, workload: { ...workload, duration_s: full.duration_s, arrivals: stretched(workload.arrivals, factor) } };
}

function stretched(arrivals: Scenario['workload']['arrivals'], factor: number): Scenario['workload']['arrivals'] {
  const along = (points: [number, number][]) => points.map(([t, v]): [number, number] => [t * factor, v]);
  switch (arrivals.kind) {
    case 'ramp':
      return { ...arrivals, points: along(arrivals.points) };
    case 'step':
      return { ...arrivals, steps: along(arrivals.steps) };
    case 'flash-crowd':
      return { ...arrivals, base: stretched(arrivals.base, factor), at_s: arrivals.at_s * factor };
    case 'trace':
      return { ...arrivals, points: along(arrivals.points ?? []) };
    default:
      return arrivals;
  }
}

/** Writes the files and prints what was asked for. */
async function deliver(
  report: Report,
  o: { folder: string | undefined; formats: string[]; words: ScenarioWords },
): Promise<void> {
  const { FORMATS } = await import('../../reports/index.ts');
  const { writeWhole } = await import('../run/outputs.ts');
  const stable = o.words.stable === true;
  if (o.folder === undefined) {
    process.stdout.write(FORMATS.json.render(report, { stable }));
    return;
  }
  const page = o.formats.includes('html') ? join(o.folder, 'report.html') : undefined;
  for (const name of o.formats) {
    const format: Format = FORMATS[name as keyof typeof FORMATS];
    if (format.file !== null)
      writeWhole(join(o.folder, format.file), await format.render(report, { colour: false, width: 120, stable }));
  }
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  const width = process.stdout.columns ?? 120;
  if (o.formats.includes('terminal')) {
    process.stdout.write(`${FORMATS.terminal.render(report, { colour, width, ...(page ? { page } : {}) })}\n`);
  }
  if (o.words.open && page) await openPage(page);
}

async function openPage(page: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(opener, [page], { detached: true, stdio: 'ignore' });
  child.on('error', () => console.error(`could not open ${page}: ${opener} is not there`));
  child.unref();
}

/** Version of this package, from source or from the bundle. */
export function versionOf(): string {
  const require = createRequire(import.meta.url);
  for (const path of ['../../package.json', '../package.json', './package.json']) {
    try {
      const found = require(path) as { name?: string; version?: string };
      if (found.name === 'placement-lab' && found.version) return found.version;
    } catch {
      // The bundle lies one folder higher than the source.
    }
  }
  return '0.0.0';
}
