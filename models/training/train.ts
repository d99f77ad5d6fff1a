import type { Tensor, Variable } from '@tensorflow/tfjs';
import { Stream } from '../../simulator/domain/draws.ts';
import type { NeuralModel } from '../../simulator/domain/neural-model.ts';
import { UnavailableError } from '../../simulator/domain/problem.ts';
import type { Backend, Tensors } from '../backend.ts';
import { INPUTS } from '../forecast/neural/inputs.ts';
import { INPUT_MAX } from '../forecast/neural/network.ts';
import { type Rows, rowsOf, spreadOf } from './rows.ts';

const QUANTILES = [0.5, 0.65, 0.8, 0.9, 0.95, 0.975, 0.99];
const HIDDEN = [48, 48];
const BATCH = 256;
const RATE = 0.002;
const ROWS_MAX = 24_000;
/** Batches until an end is made in any case: half a minute or less. */
const BATCHES_MAX = 4000;
const EPOCHS_MAX = 200;
/** Epochs without a better loss on the tail after which nothing more is expected. */
const PATIENCE = 8;
/** Of the last layer's first biases: quantiles begin close to each other. */
const NARROW = -2;

export interface Training {
  backend: Backend;
  /** Loads in equal steps, oldest first. */
  series: readonly { values: ArrayLike<number>; step_s: number }[];
  /** What the file says that it was trained on. */
  on: string;
  seed: number;
  signal?: AbortSignal | undefined;
  /** Told after every epoch: the loss on the tail and the best so far. */
  heard?(o: { epoch: number; epochs: number; loss: number; best: number }): void;
}

/**
 * Trains a network of quantiles on earlier load: pinball loss, Adam, stopped when the last fifth of each series is no longer foretold better.
 *
 * Throws: UnavailableError where the signal breaks it off.
 */
export async function train(o: Training): Promise<NeuralModel> {
  const { tf } = o.backend;
  const { learn, stop } = rowsOf(
    o.series.map(({ values }) => values),
    { seed: o.seed, most: ROWS_MAX },
  );
  const inputs = spreadOf(learn);
  const variables = initial(tf, o.seed);
  const adam = tf.train.adam(RATE);
  const order = Uint32Array.from({ length: learn.count }, (_, i) => i);
  const stream = new Stream(o.seed, 'order of examples');
  const judged = batchOf(tf, stop, { inputs, order: Uint32Array.from({ length: stop.count }, (_, i) => i) });
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, layers: [] as NeuralModel['layers'] };
  const epochs = Math.min(EPOCHS_MAX, Math.ceil((BATCHES_MAX * BATCH) / Math.max(1, learn.count)));
  for (let epoch = 1; epoch <= epochs && epoch - best.epoch <= PATIENCE; epoch++) {
    shuffle(order, stream);
    for (let from = 0; from < order.length; from += BATCH) {
      if (o.signal?.aborted) throw new UnavailableError('the training was broken off');
      const batch = batchOf(tf, learn, { inputs, order: order.subarray(from, from + BATCH) });
      adam.minimize(() => pinball(tf, variables, batch), true).dispose();
      for (const tensor of Object.values(batch)) tensor.dispose();
    }
    const loss = tf.tidy(() => pinball(tf, variables, judged).dataSync()[0] as number);
    if (loss < best.loss) best = { loss, epoch, layers: layersOf(variables) };
    o.heard?.({ epoch, epochs, loss, best: best.loss });
    await new Promise(setImmediate);
  }
  for (const tensor of [...variables, ...Object.values(judged)]) tensor.dispose();
  adam.dispose();
  if (best.epoch === 0) throw new RangeError('the training found no finite loss');
  const points = o.series.reduce((sum, { values }) => sum + values.length, 0);
  const step_s = o.series[0]?.step_s ?? 1;
  const trained = { on: o.on, points, step_s, seed: o.seed, epochs: best.epoch };
  return { schema: 'neural-quantiles@1', trained, quantiles: QUANTILES, inputs, layers: best.layers };
}

/** What TensorFlow.js makes of a model's layers for rows of inputs: what plain TypeScript has to give as well. */
export function outputsByTensorFlow(tf: Tensors, model: NeuralModel, rows: readonly number[][]): number[][] {
  const flat = Float32Array.from(rows.flat());
  const output = tf.tidy(() => {
    const layers = model.layers.flatMap(({ weights, bias }) => [
      tf.tensor(weights.flat(), [weights.length, bias.length]),
      tf.tensor(bias, [1, bias.length]),
    ]);
    return forward(tf, layers, tf.tensor(scaled(flat, model.inputs), [rows.length, INPUTS])).dataSync();
  });
  const width = model.quantiles.length;
  return rows.map((_, i) => [...output.subarray(i * width, (i + 1) * width)]);
}

/** Weights and biases in turn. */
function initial(tf: Tensors, seed: number): Variable[] {
  const stream = new Stream(seed, 'first weights');
  const widths = [INPUTS, ...HIDDEN, QUANTILES.length];
  return widths.slice(1).flatMap((outputs, l) => {
    const given = widths[l] as number;
    const isLast = l === HIDDEN.length;
    const most = Math.sqrt(6 / given) * (isLast ? 0.1 : 1);
    const weights = Float32Array.from({ length: given * outputs }, () => (2 * stream.next() - 1) * most);
    const bias = Float32Array.from({ length: outputs }, (_, k) => (isLast && k > 0 ? NARROW : 0));
    return [tf.variable(tf.tensor(weights, [given, outputs])), tf.variable(tf.tensor(bias, [1, outputs]))];
  });
}

function forward(tf: Tensors, layers: readonly Tensor[], inputs: Tensor): Tensor {
  let values = inputs;
  for (let l = 0; l < layers.length; l += 2) {
    const sums = tf.add(tf.matMul(values, layers[l] as Tensor), layers[l + 1] as Tensor);
    values = l + 2 < layers.length ? tf.relu(sums) : sums;
  }
  return values;
}

/** Mean pinball loss over examples and quantiles; each quantile is the one below plus the softplus of its output. */
function pinball(tf: Tensors, variables: readonly Variable[], { inputs, targets }: Record<'inputs' | 'targets', Tensor>): Tensor {
  const outputs = forward(tf, variables, inputs);
  const count = inputs.shape[0] as number;
  const steps = tf.slice(outputs, [0, 1], [count, QUANTILES.length - 1]);
  const raised = tf.log(tf.add(tf.exp(steps), 1));
  const increments = tf.concat([tf.slice(outputs, [0, 0], [count, 1]), raised], 1);
  const sums = QUANTILES.flatMap((_, from) => QUANTILES.map((_, to) => (from <= to ? 1 : 0)));
  const quantiles = tf.matMul(increments, tf.tensor(sums, [QUANTILES.length, QUANTILES.length]));
  const errors = tf.sub(targets, quantiles);
  const above = tf.mul(errors, tf.tensor(QUANTILES, [1, QUANTILES.length]));
  return tf.mean(tf.maximum(above, tf.sub(above, errors)));
}

function batchOf(
  tf: Tensors,
  rows: Rows,
  o: { inputs: NeuralModel['inputs']; order: Uint32Array },
): Record<'inputs' | 'targets', Tensor> {
  const picked = new Float32Array(o.order.length * INPUTS);
  o.order.forEach((row, i) => void picked.set(rows.inputs.subarray(row * INPUTS, (row + 1) * INPUTS), i * INPUTS));
  const targets = Float32Array.from(o.order, (row) => rows.targets[row] as number);
  return {
    inputs: tf.tensor(scaled(picked, o.inputs), [o.order.length, INPUTS]),
    targets: tf.tensor(targets, [o.order.length, 1]),
  };
}

function scaled(flat: Float32Array, { mean, deviation }: NeuralModel['inputs']): Float32Array {
  return flat.map((value, i) => {
    const away = (value - (mean[i % INPUTS] as number)) / (deviation[i % INPUTS] as number);
    return Math.max(-INPUT_MAX, Math.min(INPUT_MAX, away));
  });
}

function layersOf(variables: readonly Variable[]): NeuralModel['layers'] {
  return variables.flatMap((variable, i) => {
    if (i % 2 === 1) return [];
    const width = variable.shape[1] as number;
    const flat = [...variable.dataSync()];
    const weights = Array.from({ length: flat.length / width }, (_, row) => flat.slice(row * width, (row + 1) * width));
    return [{ weights, bias: [...(variables[i + 1] as Variable).dataSync()] }];
  });
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, stream: Stream): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(stream.next() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
