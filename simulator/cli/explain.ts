import { type Calibration, machineInWords } from '../domain/calibration.ts';
import { nearest } from '../domain/nearest.ts';
import { InputError } from '../domain/problem.ts';
import { strategyName } from '../domain/scenario.ts';
import { explainLines } from '../plan/explain-lines.ts';
import { otherMachine, readCalibration } from '../run/calibration.ts';
import { loadNamed } from '../run/load.ts';
import { rowsOf } from '../run/rows.ts';
import { STRATEGIES } from '../strategies/index.ts';

/** Words of `explain`, as commander hands them over. */
export interface ExplainWords {
  strategy?: string;
  set: string[];
  fault: string[];
  calibration?: string;
  json?: boolean;
}

/** The plan of one strategy in words: every component, hop, size and parameter, with why and from where. */
export async function explainText(name: string, words: ExplainWords): Promise<string> {
  if (Object.hasOwn(STRATEGIES, name) && words.strategy === undefined)
    return explainText('social-peak', { ...words, strategy: name });
  const loaded = await loadNamed(name, words.set, words.fault);
  const calibration = words.calibration === undefined ? undefined : readCalibration(words.calibration);
  const scenario = calibration === undefined ? loaded : { ...loaded, calibration };
  const own = scenario.strategies.map(strategyName);
  const known = [...new Set([...own, ...Object.keys(STRATEGIES)])];
  const strategy = words.strategy ?? (own.includes('hybrid') ? 'hybrid' : own[0]);
  if (strategy === undefined || !known.includes(strategy)) {
    const suggestion = nearest(strategy ?? '', known);
    const message = `there is no '${strategy}'`;
    throw new InputError([
      { path: '--strategy', message, expected: `one of ${known.join(', ')}`, ...(suggestion ? { suggestion } : {}) },
    ]);
  }
  const { rows } = rowsOf(scenario, { strategies: [strategy], controllers: [], rates: [1], seeds: [1], wantsLedger: false });
  const plan = rows[0]?.plan;
  if (plan === undefined) throw new Error('a strategy without a plan and without problems');
  if (words.json) return JSON.stringify(plan, null, 2);
  return [...(calibration === undefined ? [] : calibrationLines(calibration)), ...explainLines(plan)].join('\n');
}

function calibrationLines(calibration: Calibration): string[] {
  const { machine, taken_at, values } = calibration;
  const whose = otherMachine(calibration) ?? `was measured on this machine (${machineInWords(machine)})`;
  return [`The calibration of ${values.length} numbers ${whose}, ${taken_at.slice(0, 10)}`, ''];
}
