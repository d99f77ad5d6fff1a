import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Calibration } from '../domain/calibration.ts';
import type { Cell } from '../domain/cell.ts';
import type { Parity } from '../domain/parity.ts';
import type { Plan } from '../domain/plan.ts';
import { InputError } from '../domain/problem.ts';
import { counted } from '../measure/words.ts';
import { otherMachine, readCalibration, thisMachine } from '../run/calibration.ts';
import { loadNamed } from '../run/load.ts';
import { rowsOf } from '../run/rows.ts';
import { BLOCK_S, blocksOf, CALIBRATION_FILE, conditionsOf, openBlocks, strategiesIn } from './blocks.ts';
import { calibrationOf } from './calibrate.ts';
import { noteDone } from './ends.ts';
import { EXIT } from './exit-codes.ts';
import { Words } from './numbers.ts';
import { outputOf } from './output.ts';
import { cellsFor, isKept, type Kept, keep, keptIn, lostBefore, type Played, played, runsOf, turnsOf } from './parity-blocks.ts';
import type { ParityWords } from './parity-options.ts';
import type { Progress } from './progress.ts';
import { progressOf } from './scenario.ts';

/** Samples an operation that the smallest scenario is held to. */
const HELLO_SAMPLES = 20_000;
/** As many samples as the blocks have. */
const AS_MANY = Number.MAX_SAFE_INTEGER;
const DEFAULT_MINUTES = 10;
const MINUTES_MAX = 24 * 60;
/** Of the rate that keeps a fifth of the cores busy, which is calibrated by default. */
const SHARE = 0.7;

interface Prepared {
  /** At settings that no calibration has seen. */
  live: Played;
  /** As they differ from what sizing gives, in words. */
  settings: string[];
  samples: number;
  folder: string;
  /** From a file. */
  calibration?: Calibration;
  /** Without a file: what is calibrated meanwhile, with a block before each `every`. */
  calibrating?: Played & { every: number };
}

/** Runs `parity NAME`: real blocks until there are enough samples, then the same requests in the virtual world; returns the exit code. */
export async function parityCommand(name: string, words: ParityWords, signal: AbortSignal): Promise<number> {
  const progress = progressOf(words.quiet === true, 'playing');
  const prepared = await prepare(name, words);
  const { prepareFolder, writeWhole } = await import('../run/outputs.ts');
  prepareFolder(prepared.folder);
  const file = join(prepared.folder, 'blocks.ndjson');
  if (words.again) rmSync(file, { force: true });
  const kept = keptIn(file, plansOf(prepared));
  const lost = await playLive(prepared, { kept, file, progress, signal });
  const calibration = prepared.calibration ?? (await calibrated(prepared, kept));
  const parity = await compared(prepared, { calibration, kept, lost, signal });
  const { parityMarkdown, parityText } = await import('../../reports/parity.ts');
  const writeJson = (to: string, value: unknown) => {
    const json = `${JSON.stringify(value, null, 2)}\n`;
    writeWhole(join(prepared.folder, to), json);
    return json;
  };
  if (prepared.calibrating && calibration.values.length > 0) writeJson('calibration.json', calibration);
  const json = writeJson('parity.json', parity);
  writeWhole(join(prepared.folder, 'parity.md'), parityMarkdown(parity));
  process.stdout.write(words.json ? json : parityText(parity, outputOf(process.stdout)));
  return exitOf(parity);
}

function plansOf({ live, calibrating }: Prepared): Played[] {
  return calibrating ? [live, calibrating] : [live];
}

function exitOf({ verdict }: Parity): number {
  if (verdict === 'within the aims') return EXIT.met;
  return verdict === 'outside the aims' ? EXIT.failed : EXIT.unclear;
}

/** Reads all words, compiles both plans. Throws: InputError with what is wrong. */
async function prepare(name: string, words: ParityWords): Promise<Prepared> {
  const read = new Words();
  const isHello = name === 'hello' && words.minutes === undefined;
  const samples = read.whole('--samples', words.samples, {
    minimum: 1,
    maximum: 10_000_000,
    default: isHello ? HELLO_SAMPLES : AS_MANY,
  });
  const hasSamples = isHello || words.samples !== undefined;
  const length = { minimum: 1 / 3, maximum: MINUTES_MAX, default: hasSamples ? MINUTES_MAX : DEFAULT_MINUTES };
  const minutes = read.amount('--minutes', words.minutes, length);
  const workers = read.whole('--workers', words.workers, { minimum: 0, maximum: 64, default: 1 });
  const memory_mb = words.memory && read.whole('--memory', words.memory, { minimum: 128, maximum: 10_240, default: 1_024 });
  const { calibrateEvery, rate: _live, ...others } = words;
  const every = read.whole('--calibrate-every', calibrateEvery, { minimum: 1, maximum: 1000, default: 0 });
  if (calibrateEvery !== undefined && words.calibration !== undefined)
    read.complain('--calibrate-every', calibrateEvery, 'no --calibration beside it');
  const calibration = calibrateEvery === undefined ? calibrationIn(words.calibration) : undefined;
  const loaded = await loadNamed(name, words.set);
  const [strategy] = await strategiesIn(read, words, { scenario: loaded, fallback: 'all-servers' });
  const seeds = Math.max(1, Math.round((minutes * 60) / BLOCK_S));
  const of = { loaded, strategies: strategy ? [strategy] : [], seeds };
  const blocks = await blocksOf(read, words, { ...of, share: SHARE });
  const { unseen } = await import('../plan/parity-plans.ts');
  const [rate = 1] = blocks.axes.rates;
  const asked = blocks.rows.rows[0]?.plan as Plan;
  const live = played(blocks, unseen(asked, { workers, ...(memory_mb ? { memory_mb } : {}) }), rate);
  const folder = words.out ?? join('reports', 'runs', `parity-${loaded.name}`);
  const prepared: Prepared = { live, settings: inWords(asked, live.plan, rate), samples, folder };
  if (calibration) {
    // What it cannot be compiled with is said before anything is played.
    await virtualOf(prepared, calibration);
    return { ...prepared, calibration };
  }
  const measured = await blocksOf(read, others, { ...of, share: 1, hasWholeVcpus: true });
  const [own = 1] = measured.axes.rates;
  return { ...prepared, calibrating: { ...played(measured, measured.rows.rows[0]?.plan as Plan, own), every } };
}

function calibrationIn(file = CALIBRATION_FILE): Calibration {
  const calibration = readCalibration(file);
  const other = otherMachine(calibration);
  if (other !== undefined) throw new InputError([{ path: '--calibration', message: other, expected: 'npm run calibrate first' }]);
  return calibration;
}

/** The live plan with the times of a calibration. Throws: InputError when it does not fit the scenario. */
async function virtualOf({ live }: Prepared, calibration: Calibration): Promise<Plan> {
  const { timedAs } = await import('../plan/parity-plans.ts');
  const { scenario, axes } = live.blocks;
  const parameters = { 'host.cores': calibration.machine.cores, ...scenario.parameters };
  const timed = rowsOf({ ...scenario, parameters, calibration }, { ...axes, seeds: [1] }).rows[0]?.plan as Plan;
  return timedAs(live.plan, timed);
}

/** How the plan differs from what sizing gives, and how fast it is loaded. */
function inWords(asked: Plan, live: Plan, rate: number): string[] {
  const changed = live.parts.flatMap((part, i) => {
    const before = asked.parts[i];
    if (part.sizing && part.sizing.initial !== before?.sizing?.initial)
      return [`${part.path} ${part.sizing.initial} instead of ${before?.sizing?.initial}`];
    const { memory_mb } = part.values;
    return memory_mb === before?.values.memory_mb ? [] : [`${part.path} ${memory_mb} MB instead of ${before?.values.memory_mb}`];
  });
  return [`x${rate}`, ...changed];
}

/** Plays blocks that are not kept yet until every operation has enough samples; how many were lost. */
async function playLive(
  p: Prepared,
  o: { kept: Kept[]; file: string; progress: Progress; signal: AbortSignal },
): Promise<number> {
  const { kept, progress } = o;
  const { live, calibrating } = p;
  const turns = turnsOf(live, calibrating);
  const left = turns.filter((turn) => !isKept(turn, kept));
  if (kept.length > 0) progress.say(`${counted(kept.length, 'block')} are there from before (--again forgets them)`);
  if (left.length === 0 || isEnough(p, kept)) return lostBefore(kept);
  const most = `up to ${counted(left.length, 'block')} of ${BLOCK_S} s at x${live.rate}`;
  const until = p.samples < AS_MANY ? `, until every operation has ${counted(p.samples, 'sample')}` : '';
  const more = calibrating ? `, one at x${calibrating.rate} to calibrate before each ${calibrating.every}` : '';
  progress.say(
    `${live.plan.scenario} under ${live.plan.strategy}: ${most}${until}${more}; not calibrated: ${p.settings.join(', ')}`,
  );
  const { playBlocks } = await import('../worlds/live/blocks.ts');
  const stack = await openBlocks(live.blocks, progress);
  const tally = { lost: 0 };
  const before = lostBefore(kept);
  const done = () => Math.max(shareOf(p, kept), kept.length / turns.length);
  const from = done();
  const byCell = new Map(left.map(({ cell, of }) => [cell, of]));
  try {
    const repeated = (why: string) => progress.say(`a block is played again: ${why}`);
    for await (const block of playBlocks(
      [...byCell.keys()],
      { stack, signal: o.signal, repeated, driftMax: live.blocks.driftMax },
      tally,
    )) {
      const of = byCell.get(block.cell) ?? live;
      const lost = before + tally.lost - lostBefore(kept);
      kept.push(keep(o.file, block, { key: of.key, calibrates: of === calibrating, lost }));
      noteDone(`${counted(kept.length, 'block')} are kept in ${o.file}, and the same command goes on with them`);
      progress.show({ share: done(), from, done: kept.length, cells: Math.ceil(kept.length / done()), of: 'blocks' });
      if (isEnough(p, kept)) break;
    }
  } finally {
    await stack.end();
    progress.clear();
  }
  return before + tally.lost;
}

function isEnough(p: Prepared, kept: readonly Kept[]): boolean {
  return shareOf(p, kept) >= 1;
}

/** Samples of the rarest operation, of those wanted. */
function shareOf({ samples, live }: Prepared, kept: readonly Kept[]): number {
  const rows = liveOf(kept, live).map((row) => row.live.operations);
  const counts = (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i]?.latency.count ?? 0), 0));
  return counts.length === 0 ? 0 : Math.min(...counts) / samples;
}

/** The blocks that are compared. */
function liveOf(kept: readonly Kept[], live: Played): Kept[] {
  return kept.filter(({ key }) => key === live.key);
}

/** What the blocks in between have measured. */
async function calibrated({ calibrating }: Prepared, kept: readonly Kept[]): Promise<Calibration> {
  if (calibrating === undefined) throw new Error('neither a file nor blocks to calibrate with');
  const { plan, rate } = calibrating;
  return calibrationOf(runsOf(kept, calibrating), { scenario: plan.scenario, strategies: [plan.strategy], rate });
}

/** The same requests in the virtual world, and both side by side. */
async function compared(
  p: Prepared,
  o: { calibration: Calibration; kept: readonly Kept[]; lost: number; signal: AbortSignal },
): Promise<Parity> {
  const { calibration, lost } = o;
  const { plan, rate } = p.live;
  const kept = liveOf(o.kept, p.live);
  const { isWithin, parityRows } = await import('../measure/parity.ts');
  const { runCells } = await import('../run/cells.ts');
  const bySeed = new Map(kept.map((block) => [block.seed, block]));
  const cells = cellsFor(p.live, await virtualOf(p, calibration)).filter((cell) => bySeed.has(cell.seed));
  const results = await runCells(cells, { signal: o.signal });
  const pairs = results.map((virtual, i) => ({ live: (bySeed.get((cells[i] as Cell).seed) as Kept).live, virtual }));
  const operations = parityRows(pairs);
  const within = isWithin(operations);
  const isNoisy = lost > o.kept.length;
  return {
    schema: 'parity@1',
    scenario: plan.scenario,
    strategy: plan.strategy,
    machine: thisMachine(),
    settings: p.settings,
    calibration: {
      taken_at: calibration.taken_at,
      rate: calibration.rate,
      values: calibration.values.length,
      ...(p.calibrating ? { blocks: o.kept.length - kept.length } : {}),
    },
    rate,
    blocks: { kept: kept.length, lost, seconds: BLOCK_S },
    conditions: conditionsOf(kept),
    operations,
    verdict: isNoisy ? 'too noisy' : within === null ? 'cannot tell' : within ? 'within the aims' : 'outside the aims',
  };
}
