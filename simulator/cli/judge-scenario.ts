import { strategyName } from '../domain/scenario.ts';
import { exitCodeOf } from '../measure/verdict.ts';
import { loadNamed } from '../run/load.ts';
import { writeWhole } from '../run/outputs.ts';
import type { JudgeWords } from './judge-options.ts';
import { outputOf } from './output.ts';
import { prepare, progressOf, simulate } from './scenario.ts';

/** Plays a scenario with every controller as a row of its own and prints its report: latency, cost, objectives, elasticity. */
export async function judgeScenario(
  name: string,
  words: JudgeWords & { controller: string },
  signal: AbortSignal,
): Promise<number> {
  const { FORMATS } = await import('../../reports/index.ts');
  const progress = progressOf(words.quiet === true);
  const own = (await loadNamed(name, [])).strategies.map(strategyName);
  const { strategy = own.includes('hybrid') ? 'hybrid' : undefined, controller, seeds, minutes, threads } = words;
  const given = Object.fromEntries(
    Object.entries({ strategy, controller, seeds, minutes, threads }).filter(([, value]) => value !== undefined),
  );
  const prepared = await prepare(name, { world: 'virtual', set: [], fault: [], ...given });
  const report = await simulate(prepared, { progress, signal });
  if (words.json !== undefined) writeWhole(words.json, FORMATS.json.render(report, { stable: words.stable === true }));
  process.stdout.write(`${FORMATS.terminal.render(report, outputOf(process.stdout))}\n`);
  return exitCodeOf(report);
}
