import { InputError } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { counted } from '../measure/words.ts';
import type { Progress } from './progress.ts';
import type { ScenarioWords } from './scenario-options.ts';

/** The scenario with what `--calibration` names, for the virtual world. */
export async function calibrated(
  scenario: Scenario,
  { calibration: file, world }: Pick<ScenarioWords, 'calibration' | 'world'>,
): Promise<Scenario> {
  if (file === undefined) return scenario;
  if (world === 'live') {
    const message = 'is for the virtual world: real parts take the time that they take';
    throw new InputError([{ path: '--calibration', message, expected: 'no --world live beside it' }]);
  }
  const { readCalibration } = await import('../run/calibration.ts');
  return { ...scenario, calibration: readCalibration(file) };
}

/** Says where measured numbers come from. */
export async function tellCalibration({ calibration }: Scenario, progress: Progress): Promise<void> {
  if (calibration === undefined) return;
  const { otherMachine } = await import('../run/calibration.ts');
  const words = otherMachine(calibration) ?? `was taken on this machine on ${calibration.taken_at.slice(0, 10)}`;
  progress.say(`the calibration of ${counted(calibration.values.length, 'number')} ${words}`);
}
