import { describe, expect, it } from 'vitest';
import { BACKENDS, backendInWords } from '../../models/backend.ts';
import { INPUTS, inputsOf } from '../../models/forecast/neural/inputs.ts';
import { outputsOf, quantilesOf } from '../../models/forecast/neural/network.ts';
import { neuralForecaster, neuralQuantile } from '../../models/forecast/neural/neural.ts';
import { ordersOf } from '../../models/forecast/orders/orders.ts';
import { rowsOf } from '../../models/training/rows.ts';
import { outputsByTensorFlow, train } from '../../models/training/train.ts';
import { neuralModelOf } from '../../simulator/domain/neural-model.ts';
import { InputError } from '../../simulator/domain/problem.ts';
import { installed } from './installed.ts';
import { flat } from './networks.ts';
import { along, draws, seriesOf, times } from './series.ts';

const backend = await installed();

const draw = draws(5);
const wave = times(700, (i) => 100 + 60 * Math.sin((2 * Math.PI * i) / 24) + 8 * draw());
const read = (value: unknown) => neuralModelOf(JSON.stringify(value), { file: 'load.json', inputs: INPUTS });

describe('what the network sees', () => {
  it('is as many numbers as are promised, whatever the horizon and however short the series', () => {
    for (const values of [[3], wave.slice(0, 60), wave])
      for (const h of [1, 24]) {
        const row = inputsOf(seriesOf(values), h);
        expect(row).toHaveLength(INPUTS);
        expect(row.every(Number.isFinite)).toBe(true);
      }
  });

  it('is the same for a load ten times as high, and what it says is ten times as much', () => {
    const [one, ten] = [seriesOf(wave), seriesOf(wave.map((y) => 10 * y))];
    inputsOf(ten, 3).forEach((value, i) => void expect(value).toBeCloseTo(inputsOf(one, 3)[i]!, 9));
    const model = flat(0.3);
    expect(neuralQuantile(model, ten, 3)(0.9)).toBeCloseTo(10 * neuralQuantile(model, one, 3)(0.9), 6);
  });

  it('has no example whose inputs lie before the tail and whose target within it', () => {
    // Before the tail the load is always 1, within it always 1000: an example to learn from that knew of it would have a target above 0.
    const values = times(500, (i) => (i < 400 ? 1 : 1000));
    const { learn, stop } = rowsOf([values], { seed: 1, most: 4000 });
    expect(learn.count).toBeGreaterThan(500);
    expect(stop.count).toBeGreaterThan(100);
    expect(learn.targets.every((target) => target === 0)).toBe(true);
  });
});

describe('a network', () => {
  it('without anything learnt says the newest load, at every probability', () => {
    const at = neuralQuantile(flat(0), seriesOf([4, 9, 7]), 1);
    for (const probability of [0.1, 0.5, 0.7, 0.999]) expect(at(probability)).toBeCloseTo(7, 6);
  });

  it('never gives a higher quantile that is lower, whatever its weights', () => {
    const model = flat(0, [0.5, 0.8, 0.9, 0.95]);
    for (const line of model.layers[0]!.weights) line.splice(0, line.length, ...line.map(() => 4 * draw() - 2));
    for (let k = 0; k < 50; k++) {
      const values = quantilesOf(
        model,
        times(INPUTS, () => 6 * draw() - 3),
      );
      expect([...values].sort((a, b) => a - b)).toEqual(values);
    }
  });

  it('is a forecaster whose bound holds', () => {
    const given = along(neuralForecaster(flat(0)), wave, 1).slice(200);
    const held = given.filter(({ value, upper95 }) => value <= upper95).length / given.length;
    expect(Math.abs(held - 0.95)).toBeLessThan(0.03);
  });

  it('that is always far off costs the orders next to nothing, since they give it no weight', () => {
    const cost = (model?: ReturnType<typeof flat>) => {
      const orders = ordersOf({ lag: 2, kappa: 20, hasTrees: false, model });
      const state = orders.initial();
      const demand = wave.map((y) => y / 8);
      const wanted = demand.map((d) => orders.order(state, d).wanted);
      return demand.slice(300).reduce((sum, d, i) => {
        const ready = Math.min(wanted[i + 299]!, wanted[i + 298]!);
        return sum + ready + 20 * Math.max(0, Math.ceil(d) - ready);
      }, 0);
    };
    expect(cost(flat(2))).toBeLessThan(1.03 * cost());
    expect(cost(flat(-2))).toBeLessThan(1.03 * cost());
  });
});

describe('a weights file', () => {
  it('is taken as it was written', () => expect(read(flat(0.2))).toEqual(flat(0.2)));

  it.each([
    ['no JSON', 'weights', /load.json: is not JSON/],
    ['something else', { schema: 'report@1' }, /is no neural model/],
    [
      'a later version',
      { ...flat(0), schema: 'neural-quantiles@2' },
      /has schema neural-quantiles@2; this version reads neural-quantiles@1/,
    ],
    ['text for a weight', { ...flat(0), layers: [{ weights: [['a']], bias: [0] }] }, /layers.0.weights.0.0/],
    ['other inputs', { ...flat(0), inputs: { mean: [0], deviation: [1] } }, /has 1 inputs, this version computes \d+/],
    ['quantiles that fall', flat(0, [0.9, 0.5]), /its quantiles do not rise/],
    [
      'a layer of the wrong width',
      { ...flat(0), layers: [{ weights: [[1, 2, 3]], bias: [0, 0, 0] }] },
      /layers.0 does not take \d+ inputs/,
    ],
    ['too few outputs', { ...flat(0), quantiles: [0.5, 0.6, 0.7, 0.8] }, /gives 3 outputs for 4 quantiles/],
  ])('is refused: %s', (_, value, message) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const refused = () => neuralModelOf(text, { file: 'load.json', inputs: INPUTS });
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(message);
  });
});

describe.skipIf(backend === undefined)('a trained network', () => {
  const trained = (seed = 1) =>
    train({ backend: backend!, seed, on: 'a wave', series: [{ values: wave.slice(0, 560), step_s: 60 }] });

  it('answers in plain TypeScript as in TensorFlow.js, within 1e-5', async () => {
    const model = read(await trained());
    const rows = times(200, (k) => inputsOf(seriesOf(wave.slice(0, 60 + 3 * k)), 1 + (k % 24)));
    // Far outside of what it has seen as well.
    rows.push(
      times(INPUTS, () => 1000),
      times(INPUTS, () => -1000),
    );
    const theirs = outputsByTensorFlow(backend!.tf, model, rows);
    const apart = rows.map((row, i) => Math.max(...outputsOf(model, row).map((own, k) => Math.abs(own - theirs[i]![k]!))));
    expect(Math.max(...apart)).toBeLessThan(1e-5);
  }, 120_000);

  it('has learnt the wave: twelve steps ahead it errs less than half as much as the last value', async () => {
    const model = await trained();
    const error = (mean: (series: ReturnType<typeof seriesOf>) => number) =>
      times(120, (i) => Math.abs(wave[568 + i + 11]! - mean(seriesOf(wave.slice(0, 568 + i))))).reduce((a, b) => a + b, 0);
    expect(error((series) => neuralQuantile(model, series, 12)(0.5))).toBeLessThan(0.5 * error((s) => s.values.at(-1)!));
  }, 120_000);

  it('is the same for the same seed, and another for another', async () => {
    const [one, again, other] = [await trained(), await trained(), await trained(2)];
    expect(again).toEqual(one);
    expect(other.layers).not.toEqual(one.layers);
  }, 120_000);
});

describe.skipIf(backend === undefined)('the backend', () => {
  it('is the best that is there, and says why the better ones are not', async () => {
    const { name, missed } = backend!;
    expect(missed.map((one) => one.name)).toEqual(BACKENDS.slice(0, BACKENDS.indexOf(name)));
    for (const { name: better, because } of missed) expect(backendInWords(backend!)).toContain(`${better}: ${because}`);
  });

  it('may be the plain one', async () => {
    const plain = await installed('cpu');
    expect(plain?.name).toBe('cpu');
    expect([...(await plain!.tf.add(plain!.tf.tensor([1, 2], [2]), 1).data())]).toEqual([2, 3]);
    await installed();
  });
});
