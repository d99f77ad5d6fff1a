import { dirname } from 'node:path';
import type { Calibration } from '../domain/calibration.ts';
import type { MeteredRun } from '../measure/calibrate/calibrate.ts';
import { counted } from '../measure/words.ts';
import { loadNamed } from '../run/load.ts';
import type { Block } from '../worlds/live/blocks.ts';
import { BLOCK_S, blocksOf, CALIBRATION_FILE, conditionsOf, openBlocks, strategiesIn } from './blocks.ts';
import { noteDone } from './ends.ts';
import { EXIT } from './exit-codes.ts';
import { Words } from './numbers.ts';
import type { CalibrateWords } from './parity-options.ts';
import { progressOf } from './scenario.ts';

const STRATEGIES = 'all-servers,all-functions';
const DEFAULT_MINUTES = 2;

/** Runs `calibrate`: plays metered blocks of every placement, and writes what they measured; returns the exit code. */
export async function calibrateCommand(name: string, words: CalibrateWords, signal: AbortSignal): Promise<number> {
  const progress = progressOf(words.quiet === true, 'measuring');
  const read = new Words();
  const out = words.out ?? CALIBRATION_FILE;
  if (out === '') read.complain('--out', '', 'a file');
  const minutes = read.amount('--minutes', words.minutes, { minimum: 1 / 3, maximum: 120, default: DEFAULT_MINUTES });
  const loaded = await loadNamed(name, words.set);
  const strategies = await strategiesIn(read, words, { scenario: loaded, fallback: STRATEGIES });
  const seeds = Math.max(1, Math.round((minutes * 60) / BLOCK_S));
  const blocks = await blocksOf(read, words, { loaded, strategies, seeds, share: 1, hasWholeVcpus: true });
  const [rate = 1] = blocks.axes.rates;
  const { prepareFolder, writeWhole } = await import('../run/outputs.ts');
  prepareFolder(dirname(out), '--out FILE');
  const { cellsOf } = await import('../run/rows.ts');
  const cells = cellsOf(blocks.scenario, blocks.rows, blocks.axes);
  progress.say(`${loaded.name}: ${counted(cells.length, 'block')} of ${BLOCK_S} s at x${rate}, ${strategies.join(', ')}`);
  const { playBlocks } = await import('../worlds/live/blocks.ts');
  const stack = await openBlocks(blocks, progress);
  const done: Block[] = [];
  const tally = { lost: 0 };
  try {
    const repeated = (why: string) => progress.say(`a block is played again: ${why}`);
    for await (const block of playBlocks(cells, { stack, signal, repeated, driftMax: blocks.driftMax }, tally)) {
      done.push(block);
      noteDone(`${done.length} of ${cells.length} blocks were measured, and nothing of them is kept`);
      progress.show({ share: done.length / cells.length, done: done.length, cells: cells.length, of: 'blocks' });
    }
  } finally {
    await stack.end();
  }
  progress.clear();
  if (done.length < cells.length) {
    console.error(
      `The machine is too noisy to be calibrated: ${tally.lost} of ${tally.lost + done.length} blocks were lost, the last ones because the ` +
        'reference burn drifted or the driver was late. Nothing is written; stop what runs beside it, or try a quieter hour.',
    );
    return EXIT.unclear;
  }
  const runs = done.flatMap(({ cell, metered }) => (metered ? [{ plan: cell.plan, metered }] : []));
  const calibration = await calibrationOf(runs, { scenario: loaded.name, strategies, rate });
  writeWhole(out, `${JSON.stringify(calibration, null, 2)}\n`);
  console.log(tableOf(calibration, done, { out, lost: tally.lost }));
  return tally.lost > done.length ? EXIT.unclear : EXIT.met;
}

/** What metered runs say of this machine, all together and for each placement alone. */
export async function calibrationOf(
  runs: readonly MeteredRun[],
  o: Pick<Calibration, 'scenario' | 'strategies' | 'rate'>,
): Promise<Calibration> {
  const { Calibrator } = await import('../measure/calibrate/calibrate.ts');
  const { thisMachine } = await import('../run/calibration.ts');
  const machine = thisMachine();
  const valuesOf = (some: readonly MeteredRun[]) => new Calibrator(some, machine.cores).values();
  const under = (strategy: string) =>
    valuesOf(runs.filter(({ plan }) => plan.strategy === strategy)).map((value) => ({ ...value, strategy }));
  return {
    schema: 'calibration@1',
    machine,
    taken_at: new Date().toISOString(),
    ...o,
    seconds: runs.length * BLOCK_S,
    values: [...valuesOf(runs), ...(o.strategies.length > 1 ? o.strategies.flatMap(under) : [])],
  };
}

function tableOf({ values }: Calibration, done: readonly Block[], o: { out: string; lost: number }): string {
  const together = values.filter((v) => v.strategy === undefined);
  const apart = values.length > together.length ? ['The file has them for each placement alone, too, which count there'] : [];
  const wide = Math.max(...together.map((v) => v.path.length));
  const lines = together.map((v) => {
    const points = v.quantiles;
    const near = (q: number) => points?.find(([share]) => share >= q)?.[1];
    const text = points ? `p50 ${near(0.5)}, p95 ${near(0.95)}` : JSON.stringify(v.value);
    return `  ${v.path.padEnd(wide)}  ${text} ${v.unit}, n = ${v.n}`;
  });
  const { busy, lateness_p99_ms, drift_max } = conditionsOf(done);
  return [
    `Measured on this machine in ${done.length} blocks of ${BLOCK_S} s (${o.lost} more were lost)`,
    ...lines,
    ...apart,
    `cores busy ${(busy * 100).toFixed(0)} %, driver at most ${lateness_p99_ms.toFixed(2)} ms late at its p99, burn drift at most ${(drift_max * 100).toFixed(1)} %`,
    `Written to ${o.out}. Next: npm run parity hello -- --calibration ${o.out}`,
  ].join('\n');
}
