import { dirname, join } from 'node:path';
import type { Format } from '../../reports/index.ts';
import { nearest } from '../domain/nearest.ts';
import { InputError } from '../domain/problem.ts';
import type { Profile } from '../domain/profile.ts';
import type { Report } from '../domain/report.ts';
import type { Scenario } from '../domain/scenario.ts';
import { counted } from '../measure/words.ts';
import type { Heard } from '../run/cells.ts';
import type { Fit } from '../run/fit-machine.ts';
import type { LedgerFile } from '../run/outputs.ts';
import type { Axes, Rows } from '../run/rows.ts';
import type { PlayOptions } from '../run/scenario.ts';
import type { DriverChoice } from '../worlds/live/contract.ts';
import type { StackChoice } from '../worlds/live/stacks/stack.ts';
import { calibrated, tellCalibration } from './calibration.ts';
import { offerCollector, toCollector, tracesWanted } from './collector.ts';
import { noteDone } from './ends.ts';
import { fitted, liveDefaults, liveRows, openLive, partsOf } from './live.ts';
import { Words } from './numbers.ts';
import { outputOf } from './output.ts';
import { Progress, screenOf } from './progress.ts';
import type { ScenarioWords } from './scenario-options.ts';
import { versionOf } from './version.ts';

const FORMAT_NAMES = ['terminal', 'html', 'json', 'markdown'];
const WORLDS = ['virtual', 'live'];

/** Runs `scenario NAME`: load, check, play, write, print; returns the exit code. */
export async function scenarioCommand(name: string, words: ScenarioWords, signal: AbortSignal): Promise<number> {
  const progress = progressOf(words.quiet === true, words.world === 'live' ? 'playing' : 'simulating');
  progress.say(`${name}: loading`);
  const prepared = await prepare(name, words);
  const { scenario, files } = prepared;
  await tellCalibration(scenario, progress);
  const folder = files.length > 0 ? (words.out ?? join('reports', 'runs', scenario.name)) : undefined;
  const { openLedger, prepareFolder, writeWhole } = await import('../run/outputs.ts');
  if (folder !== undefined) prepareFolder(folder);
  const ledger = words.ledger === undefined ? {} : { ledger: openLedger(words.ledger) };
  const isNew = words.profile !== undefined && prepared.axes.profile === undefined;
  if (words.profile !== undefined && isNew) prepareFolder(dirname(words.profile), '--profile FILE');
  const keep = (profile: Profile) => writeWhole(words.profile ?? '', `${JSON.stringify(profile)}\n`);
  const live = prepared.fit && (await openLive({ ...prepared, fit: prepared.fit, progress }));
  const say = (text: string) => progress.say(text);
  offerCollector(live?.collector, say);
  const axes = { ...prepared.axes, traces: tracesWanted(words) };
  const playing = simulate(
    { ...prepared, axes },
    { ...ledger, ...(isNew ? { learnt: keep } : {}), progress, signal, ...(live ? { world: live.world } : {}) },
  );
  // The collector may be one of the parts that go with the run.
  const report = await playing.then((played) => toCollector(played, say).then(() => played)).finally(live?.end);
  ledger.ledger?.finish();
  if (words.sensitivity) report.sensitivity = await studied({ ...prepared, verdict: report.verdict.chosen }, words, signal);
  await deliver(report, { folder, files, words });
  const { exitCodeOf } = await import('../measure/verdict.ts');
  return exitCodeOf(report, words.require);
}

/** Where progress is told, unless nobody wants to hear it. */
export function progressOf(isQuiet: boolean, doing?: string): Progress {
  return new Progress(isQuiet ? undefined : screenOf(process.stderr), doing);
}

/** Plays what was prepared and says how far it is. */
export async function simulate(
  { axes, scenario, rows }: Prepared,
  o: {
    ledger?: LedgerFile;
    learnt?: PlayOptions['learnt'];
    progress: Progress;
    signal: AbortSignal;
    world?: PlayOptions['world'];
  },
): Promise<Report> {
  const { progress, signal } = o;
  const cells = `${counted(rows.rows.length, 'placement')} x ${counted(axes.seeds.length, 'seed')}`;
  progress.say(`${scenario.name}: ${cells}, ${lengthInWords(rows, axes)}`);
  const { playScenario } = await import('../run/scenario.ts');
  const heard: Heard = (p) => {
    noteDone(`${p.done} of ${p.cells} cells were done`);
    progress.show(p);
  };
  const report = await playScenario(scenario, axes, {
    ...(axes.threads === undefined ? {} : { threads: axes.threads }),
    ...(o.ledger === undefined ? {} : { ledger: o.ledger }),
    ...(o.learnt === undefined ? {} : { learnt: o.learnt }),
    ...(o.world === undefined ? {} : { world: o.world }),
    rows,
    heard,
    signal,
    version: versionOf(),
    startedAt: new Date().toISOString(),
  });
  progress.clear();
  return report;
}

type Studied = Pick<Prepared, 'axes' | 'scenario' | 'rows'> & { verdict: string | null };

/** Half and double of everything that has no evidence: with the first seed only, unless seeds were asked for. */
async function studied(o: Studied, words: ScenarioWords, signal: AbortSignal): Promise<Report['sensitivity']> {
  const { playStudy, studyOf } = await import('../run/sensitivity.ts');
  const { scenario, rows, verdict } = o;
  const axes = words.seeds === undefined ? { ...o.axes, seeds: o.axes.seeds.slice(0, 1) } : o.axes;
  const progress = progressOf(words.quiet === true);
  progress.say(`${scenario.name}: sensitivity, compiling half and double of everything assumed or demanded`);
  const study = studyOf(scenario, rows);
  const changes = counted(study.comparisons.length - 1, 'change');
  progress.say(`${scenario.name}: ${changes} x ${counted(axes.seeds.length, 'seed')}`);
  const heard: Heard = (p) => {
    noteDone(`${p.done} of ${p.cells} cells of the sensitivity study were done`);
    progress.show(p);
  };
  const threads = axes.threads === undefined ? {} : { threads: axes.threads };
  const sensitivity = await playStudy(scenario, axes, { ...threads, rows, study, verdict, heard, signal });
  progress.clear();
  return sensitivity;
}

/** Minutes that are played, and why they are fewer than were asked for. */
function lengthInWords({ duration_s, cut_start_s }: Rows, { length_s }: Axes): string {
  const length = duration_s < 120 ? `${Math.round(duration_s)} s` : counted(Math.round((duration_s / 60) * 10) / 10, 'minute');
  if (length_s === undefined) return `${length} each`;
  if (length_s > duration_s) return `${length} each, which is the whole run`;
  return `${length} each from ${Math.round(cut_start_s)} s on`;
}

export interface Prepared {
  axes: Axes;
  scenario: Scenario;
  rows: Rows;
  /** Formats that become files. */
  files: string[];
  /** Of a live run: where its parts are. */
  stack: StackChoice;
  /** Who sends the load of a live run, if it is not the own driver. */
  driver?: DriverChoice;
  /** Of a live run: how its load fits on this machine. */
  fit?: Fit;
}

/** Reads all words, loads and compiles. Throws: InputError with everything that is wrong anywhere. */
export async function prepare(name: string, said: ScenarioWords): Promise<Prepared> {
  const words = liveDefaults(said);
  const { loadNamed } = await import('../run/load.ts');
  const { rowsOf } = await import('../run/rows.ts');
  const read = new Words();
  const loaded = await settled(read, async () => calibrated(await loadNamed(name, words.set, words.fault), words));
  const full = words.full ? loaded?.full : undefined;
  const axes = await axesOf(words, read, { loaded, factor: full?.rate ?? 1 });
  const files = filesOf(words, read);
  if (!WORLDS.includes(words.world)) read.names('--world', words.world, known(WORLDS));
  if (words.require !== undefined && !axes.strategies.includes(words.require))
    read.names('--require', words.require, known(axes.strategies));
  if (words.full && loaded && full === undefined) read.complain('--full', name, 'a scenario that describes a full run');
  const parts = await partsOf(words, read);
  if (words.out === '') read.complain('--out', '', 'a folder');
  if (words.ledger === '') read.complain('--ledger', '', 'a file');
  if (words.profile === '') read.complain('--profile', '', 'a file');
  const asked = loaded && (full ? fullOf(loaded, words.fault.length) : loaded);
  const fit = asked && words.world === 'live' ? await settled(read, () => fitted(asked, axes, words)) : undefined;
  const played = asked && { scenario: asked, axes, ...fit };
  const compiled = played && (await settled(read, async () => rowsOf(played.scenario, played.axes)));
  const rows = compiled && fit ? await settled(read, () => liveRows(compiled, parts.driver)) : compiled;
  if (read.problems.length > 0 || played === undefined || rows === undefined) throw new InputError(read.problems);
  return { ...played, rows, files, ...parts };
}

async function axesOf(words: ScenarioWords, read: Words, o: { loaded: Scenario | undefined; factor: number }): Promise<Axes> {
  const { STRATEGIES } = await import('../strategies/index.ts');
  const { CONTROLLERS } = await import('../controllers/index.ts');
  const { strategyName } = await import('../domain/scenario.ts');
  const own = (o.loaded?.strategies ?? []).map(strategyName);
  const strategies = read.names('--strategy', words.strategy, known([...new Set([...own, ...Object.keys(STRATEGIES)])]));
  const length_s = lengthOf(words, read);
  const threads = words.threads && read.whole('--threads', words.threads, { minimum: 1, maximum: 256, default: 1 });
  const { readProfile } = await import('../run/profile.ts');
  const profile = words.profile ? await settled(read, async () => readProfile(words.profile as string)) : undefined;
  return {
    ...(profile ? { profile } : {}),
    strategies: [strategies, own, Object.keys(STRATEGIES)].find((names) => names.length > 0) ?? [],
    controllers: read.names('--controller', words.controller, known(Object.keys(CONTROLLERS))),
    rates: read.factors('--rate', words.rate).map((rate) => rate * o.factor),
    seeds: seedsOf(words, read, o.loaded?.seeds ?? 5),
    wantsLedger: words.ledger !== undefined,
    traces: tracesWanted(words),
    ...(length_s === undefined ? {} : { length_s }),
    ...(threads ? { threads } : {}),
  };
}

/**
 * Formats to write. With `--json` nothing is written unless `--out`, `--format` or `--open` asks for it.
 */
function filesOf(words: ScenarioWords, read: Words): string[] {
  const wanted = read.names('--format', words.format, known(FORMAT_NAMES));
  const files = (wanted.length > 0 ? wanted : FORMAT_NAMES).filter((format) => format !== 'terminal');
  if (words.open && !files.includes('html')) read.complain('--open', words.format ?? '', 'html among --format');
  const isAsked = words.format !== undefined || words.out !== undefined || words.open === true;
  return words.json && !isAsked ? [] : files;
}

function known(names: readonly string[]): { known: readonly string[]; nearest(name: string): string | undefined } {
  return { known: names, nearest: (name) => nearest(name, names) };
}

/** What `work` gives, or its problems added to those of the words. */
async function settled<T>(read: Words, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
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

/** The long run: the shape of the load is stretched over it, and with it when the scenario's own faults begin; the last `said` are not its own. */
function fullOf(scenario: Scenario, said: number): Scenario {
  const { full, workload } = scenario;
  if (full === undefined) return scenario;
  const factor = full.duration_s / workload.duration_s;
  const own = scenario.faults.length - said;
  const faults = scenario.faults.map((fault, i) => (i < own ? { ...fault, at_s: fault.at_s * factor } : fault));
  const arrivals = stretched(workload.arrivals, factor);
  return { ...scenario, faults, workload: { ...workload, duration_s: full.duration_s, arrivals } };
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
async function deliver(report: Report, o: { folder: string | undefined; files: string[]; words: ScenarioWords }): Promise<void> {
  const { FORMATS } = await import('../../reports/index.ts');
  const { writeWhole } = await import('../run/outputs.ts');
  const { folder, words } = o;
  const stable = words.stable === true;
  for (const name of folder === undefined ? [] : o.files) {
    const format: Format = FORMATS[name as keyof typeof FORMATS];
    const text = await format.render(report, { colour: false, width: 120, stable });
    if (folder !== undefined && format.file !== null) writeWhole(join(folder, format.file), text);
  }
  const page = folder !== undefined && o.files.includes('html') ? join(folder, 'report.html') : undefined;
  if (words.json) process.stdout.write(FORMATS.json.render(report, { stable }));
  else if (words.format === undefined || words.format.includes('terminal')) {
    const shown = { ...outputOf(process.stdout), ...(page ? { page } : {}) };
    process.stdout.write(`${FORMATS.terminal.render(report, shown)}\n`);
  }
  if (words.open && page) await openPage(page);
}

async function openPage(page: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(opener, [page], { detached: true, stdio: 'ignore' });
  child.on('error', () => console.error(`could not open ${page}: ${opener} is not there`));
  child.on('exit', (code) => code && console.error(`could not open ${page}: ${opener} ended with ${code}`));
  child.unref();
}
