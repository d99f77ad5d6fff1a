import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Calibration } from '../domain/calibration.ts';
import type { Cell } from '../domain/cell.ts';
import type { Parity } from '../domain/parity.ts';
import type { Plan } from '../domain/plan.ts';
import { InputError } from '../domain/problem.ts';
import type { BlockResult } from '../measure/parity.ts';
import { counted } from '../measure/words.ts';
import { otherMachine, readCalibration, thisMachine } from '../run/calibration.ts';
import { loadNamed } from '../run/load.ts';
import { cellsOf, rowsOf } from '../run/rows.ts';
import type { Block } from '../worlds/live/blocks.ts';
import { BLOCK_S, type Blocks, blocksOf, CALIBRATION_FILE, conditionsOf, openBlocks, strategiesIn } from './blocks.ts';
import { noteDone } from './ends.ts';
import { EXIT } from './exit-codes.ts';
import { Words } from './numbers.ts';
import { outputOf } from './output.ts';
import type { ParityWords } from './parity-options.ts';
import type { Progress } from './progress.ts';
import { progressOf } from './scenario.ts';

/** Samples an operation that the smallest scenario is held to. */
const HELLO_SAMPLES = 20_000;
/** As many samples as the blocks have. */
const EVERY = Number.MAX_SAFE_INTEGER;
const DEFAULT_MINUTES = 10;
const MINUTES_MAX = 24 * 60;
/** Of the rate that keeps a fifth of the cores busy, which is calibrated by default. */
const SHARE = 0.7;

/** A block that counts, as it is kept in the output folder. */
type Kept = Pick<Block, 'lateness' | 'drift' | 'busy'> & { key: string; seed: number; live: BlockResult };

interface Prepared {
  blocks: Blocks;
  rate: number;
  calibration: Calibration;
  /** At the settings that the calibration has not seen. */
  live: Plan;
  virtual: Plan;
  settings: string[];
  samples: number;
  folder: string;
  /** What blocks must have in common to be added up. */
  key: string;
}

/** Runs `parity NAME`: real blocks until there are enough samples, then the same requests in the virtual world; returns the exit code. */
export async function parityCommand(name: string, words: ParityWords, signal: AbortSignal): Promise<number> {
  const progress = progressOf(words.quiet === true, 'playing');
  const prepared = await prepare(name, words);
  const { prepareFolder, writeWhole } = await import('../run/outputs.ts');
  prepareFolder(prepared.folder);
  const file = join(prepared.folder, 'blocks.ndjson');
  if (words.again) rmSync(file, { force: true });
  const kept = keptIn(file, prepared.key);
  const lost = await playLive(prepared, { kept, file, progress, signal });
  const parity = await compared(prepared, { kept, lost, signal });
  const { parityMarkdown, parityText } = await import('../../reports/parity.ts');
  const json = `${JSON.stringify(parity, null, 2)}\n`;
  writeWhole(join(prepared.folder, 'parity.json'), json);
  writeWhole(join(prepared.folder, 'parity.md'), parityMarkdown(parity));
  process.stdout.write(words.json ? json : parityText(parity, outputOf(process.stdout)));
  return exitOf(parity);
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
    default: isHello ? HELLO_SAMPLES : EVERY,
  });
  const hasSamples = isHello || words.samples !== undefined;
  const length = { minimum: 1 / 3, maximum: MINUTES_MAX, default: hasSamples ? MINUTES_MAX : DEFAULT_MINUTES };
  const minutes = read.amount('--minutes', words.minutes, length);
  const workers = read.whole('--workers', words.workers, { minimum: 0, maximum: 64, default: 1 });
  const memory_mb = words.memory && read.whole('--memory', words.memory, { minimum: 128, maximum: 10_240, default: 1_024 });
  const calibration = readCalibration(words.calibration ?? CALIBRATION_FILE);
  const other = otherMachine(calibration);
  if (other !== undefined) throw new InputError([{ path: '--calibration', message: other, expected: 'npm run calibrate first' }]);
  const loaded = await loadNamed(name, words.set);
  const [strategy] = await strategiesIn(read, words, { scenario: loaded, fallback: 'all-servers' });
  const seeds = Math.max(1, Math.round((minutes * 60) / BLOCK_S));
  const blocks = await blocksOf(read, words, { loaded, strategies: strategy ? [strategy] : [], seeds, share: SHARE });
  const { timedAs, unseen } = await import('../plan/parity-plans.ts');
  const settings = { workers, ...(memory_mb ? { memory_mb } : {}) };
  const [rate = 1] = blocks.axes.rates;
  const asked = blocks.rows.rows[0]?.plan as Plan;
  const live = unseen(asked, settings);
  const parameters = { 'host.cores': calibration.machine.cores, ...blocks.scenario.parameters };
  const measured = { ...blocks.scenario, parameters, calibration };
  const calibrated = rowsOf(measured, { ...blocks.axes, seeds: [1] }).rows[0]?.plan as Plan;
  const folder = words.out ?? join('reports', 'runs', `parity-${loaded.name}`);
  const key = createHash('sha256')
    .update(JSON.stringify(['blocks@2', live, rate]))
    .digest('hex')
    .slice(0, 16);
  const virtual = timedAs(live, calibrated);
  return { blocks, rate, calibration, live, virtual, settings: inWords(asked, live, rate), samples, folder, key };
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

function keptIn(file: string, key: string): Kept[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Kept).filter((block) => block.key === key);
}

/** Plays blocks that are not kept yet until every operation has enough samples; how many were lost. */
async function playLive(
  p: Prepared,
  o: { kept: Kept[]; file: string; progress: Progress; signal: AbortSignal },
): Promise<number> {
  const { kept, progress } = o;
  const known = new Set(kept.map((block) => block.seed));
  const cells = cellsFor(p, p.live).filter((cell) => !known.has(cell.seed));
  if (kept.length > 0) progress.say(`${counted(kept.length, 'block')} are there from before (--again forgets them)`);
  if (cells.length === 0 || isEnough(p, kept)) return 0;
  const most = `up to ${counted(cells.length, 'block')} of ${BLOCK_S} s at x${p.rate}`;
  const until = p.samples < EVERY ? `, until every operation has ${counted(p.samples, 'sample')}` : '';
  progress.say(`${p.live.scenario} under ${p.live.strategy}: ${most}${until}; not calibrated: ${p.settings.join(', ')}`);
  const { playBlocks } = await import('../worlds/live/blocks.ts');
  const stack = await openBlocks(p.blocks, progress);
  const tally = { lost: 0 };
  try {
    const repeated = (why: string) => progress.say(`a block is played again: ${why}`);
    for await (const block of playBlocks(cells, { stack, signal: o.signal, repeated, driftMax: p.blocks.driftMax }, tally)) {
      const { lateness, drift, busy, result } = block;
      const live = { operations: result.operations, lags: result.lags };
      const row: Kept = { key: p.key, seed: block.cell.seed, lateness, drift, busy, live };
      appendFileSync(o.file, `${JSON.stringify(row)}\n`);
      kept.push(row);
      noteDone(`${counted(kept.length, 'block')} are kept in ${o.file}, and the same command goes on with them`);
      const share = Math.max(shareOf(p, kept), kept.length / (cells.length + known.size));
      progress.show({ share, done: kept.length, cells: Math.ceil(kept.length / share), of: 'blocks' });
      if (isEnough(p, kept)) break;
    }
  } finally {
    await stack.end();
    progress.clear();
  }
  return tally.lost;
}

/** The cells of a plan, one a block: each plays the same window with a seed of its own. */
function cellsFor({ blocks, rate }: Prepared, plan: Plan): Cell[] {
  const rows = { ...blocks.rows, rows: [{ plan, rate }] };
  return cellsOf(blocks.scenario, rows, blocks.axes);
}

function isEnough(p: Prepared, kept: readonly Kept[]): boolean {
  return shareOf(p, kept) >= 1;
}

/** Samples of the rarest operation, of those wanted. */
function shareOf({ samples }: Prepared, kept: readonly Kept[]): number {
  const names = kept[0]?.live.operations.map((_, i) => i) ?? [];
  const counts = names.map((i) => kept.reduce((sum, { live }) => sum + (live.operations[i]?.latency.count ?? 0), 0));
  return counts.length === 0 ? 0 : Math.min(...counts) / samples;
}

/** The same requests in the virtual world, and both side by side. */
async function compared(p: Prepared, o: { kept: readonly Kept[]; lost: number; signal: AbortSignal }): Promise<Parity> {
  const { kept, lost } = o;
  const { isWithin, parityRows } = await import('../measure/parity.ts');
  const { runCells } = await import('../run/cells.ts');
  const bySeed = new Map(kept.map((block) => [block.seed, block]));
  const cells = cellsFor(p, p.virtual).filter((cell) => bySeed.has(cell.seed));
  const results = await runCells(cells, { signal: o.signal });
  const pairs = results.map((virtual, i) => ({ live: (bySeed.get((cells[i] as Cell).seed) as Kept).live, virtual }));
  const operations = parityRows(pairs);
  const within = isWithin(operations);
  const isNoisy = lost > kept.length;
  const { calibration } = p;
  return {
    schema: 'parity@1',
    scenario: p.live.scenario,
    strategy: p.live.strategy,
    machine: thisMachine(),
    settings: p.settings,
    calibration: { taken_at: calibration.taken_at, rate: calibration.rate, values: calibration.values.length },
    rate: p.rate,
    blocks: { kept: kept.length, lost, seconds: BLOCK_S },
    conditions: conditionsOf(kept),
    operations,
    verdict: isNoisy ? 'too noisy' : within === null ? 'cannot tell' : within ? 'within the aims' : 'outside the aims',
  };
}
