import { z } from 'zod';
import { InputError, type Problem } from './problem.ts';

const row = z.array(z.number());
const layer = z.strictObject({ weights: z.array(row).min(1), bias: row.min(1) });

/** A weights file, as `npm run train` writes it. */
export const NeuralModelSchema = z.strictObject({
  schema: z.literal('neural-quantiles@1'),
  /** What it was trained on and how, for the person who finds the file. */
  trained: z.strictObject({
    on: z.string(),
    points: z.int().positive(),
    step_s: z.number().positive(),
    seed: z.int(),
    epochs: z.int().positive(),
  }),
  quantiles: z.array(z.number().gt(0).lt(1)).min(2),
  /** Each input becomes (x - mean) / deviation, at most 5 away from 0. */
  inputs: z.strictObject({ mean: row, deviation: z.array(z.number().positive()) }),
  layers: z.array(layer).min(1),
});

/**
 * A neural network that gives quantiles of a later load: layers of weights [in][out] and biases, ReLU between them.
 *
 * Plain JSON. What goes in and what comes out is said in models/forecast/neural/.
 */
export type NeuralModel = z.infer<typeof NeuralModelSchema>;

/**
 * The model of a JSON text; `inputs` is how many inputs this version computes.
 *
 * Throws: InputError with what is wrong, `file` as its path.
 */
export function neuralModelOf(text: string, { file, inputs }: { file: string; inputs: number }): NeuralModel {
  const expected = 'a file written by `npm run train`';
  const refuse = (problems: Omit<Problem, 'path'>[]) => new InputError(problems.map((p) => ({ path: file, expected, ...p })));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse([{ message: 'is not JSON' }]);
  }
  const named = (value as { schema?: unknown } | null)?.schema;
  if (typeof named !== 'string' || !named.startsWith('neural-quantiles@')) throw refuse([{ message: 'is no neural model' }]);
  if (named !== 'neural-quantiles@1')
    throw refuse([{ message: `has schema ${named}; this version reads neural-quantiles@1`, expected: 'to be trained again' }]);
  const parsed = NeuralModelSchema.safeParse(value);
  if (!parsed.success)
    throw refuse(parsed.error.issues.slice(0, 5).map((i) => ({ message: `${i.path.join('.') || 'the file'}: ${i.message}` })));
  const wrong = misshapen(parsed.data, inputs);
  if (wrong !== undefined) throw refuse([{ message: wrong }]);
  return parsed.data;
}

/** What does not fit together, in words. */
function misshapen(model: NeuralModel, inputs: number): string | undefined {
  const { mean, deviation } = model.inputs;
  if (mean.length !== inputs || deviation.length !== inputs)
    return `has ${mean.length} inputs, this version computes ${inputs}: train it again`;
  if (model.quantiles.some((q, i) => i > 0 && q <= (model.quantiles[i - 1] as number))) return 'its quantiles do not rise';
  let width = inputs;
  for (const [i, { weights, bias }] of model.layers.entries()) {
    if (weights.length !== width || weights.some((line) => line.length !== bias.length))
      return `layers.${i} does not take ${width} inputs to ${bias.length} outputs`;
    width = bias.length;
  }
  return width === model.quantiles.length ? undefined : `gives ${width} outputs for ${model.quantiles.length} quantiles`;
}
