import { backendInWords, pickBackend } from '../../models/backend.ts';
import { train } from '../../models/training/train.ts';
import type { NeuralModel } from '../domain/neural-model.ts';
import { InputError } from '../domain/problem.ts';
import { COUNTS_FROM, type Series } from '../judge/series.ts';
import type { Progress } from './progress.ts';

/**
 * For each trace that counts a network trained on all the others, none of which it has seen anything of: what is learnt cannot be tuned to a name.
 *
 * Throws: InputError for a single trace.
 */
export async function leaveOneOut(
  series: readonly Series[],
  o: { progress: Progress; signal: AbortSignal },
): Promise<(NeuralModel | undefined)[]> {
  const left = series.filter(counts).length;
  if (series.length < 2 || left === 0)
    throw new InputError([
      {
        path: '--leave-one-out',
        message: `there are ${series.length} traces, ${left} of which count`,
        expected: 'two or more, at least one of 1,400 points',
      },
    ]);
  const backend = await pickBackend();
  o.progress.say(`training on all traces but one, ${left} times; TensorFlow.js on ${backendInWords(backend)}`);
  const models: (NeuralModel | undefined)[] = [];
  let done = 0;
  for (const one of series) {
    if (!counts(one)) {
      models.push(undefined);
      continue;
    }
    const others = series.filter((other) => other !== one);
    const shown = (share: number) =>
      o.progress.show({ share: (done + share) / left, done, cells: left, of: `networks trained (now without ${one.name})` });
    const heard = ({ epoch, epochs }: { epoch: number; epochs: number }) => shown(epoch / epochs);
    models.push(await train({ backend, series: others, on: `all traces but ${one.name}`, seed: 1, signal: o.signal, heard }));
    done++;
  }
  o.progress.clear();
  return models;
}

function counts({ values }: Series): boolean {
  return values.length >= COUNTS_FROM;
}
