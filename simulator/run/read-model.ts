import { readFileSync, statSync } from 'node:fs';
import { INPUTS } from '../../models/forecast/neural/inputs.ts';
import { type NeuralModel, neuralModelOf } from '../domain/neural-model.ts';
import { InputError } from '../domain/problem.ts';

const FILE_MAX = 10_000_000;

/**
 * The weights that `train` wrote to a file; `named` is what problems call it.
 *
 * Throws: InputError for a file that is not there, too large, or no model of this version.
 */
export function readModel(file: string, named = file): NeuralModel {
  const refused = (message: string) => new InputError([{ path: named, message, expected: 'a file written by `npm run train`' }]);
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > FILE_MAX) throw refused(`has ${size} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as { code?: string };
    throw refused(code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`);
  }
  return neuralModelOf(text, { file: named, inputs: INPUTS });
}
