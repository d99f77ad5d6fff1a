import { describe, expect, it } from 'vitest';
import { combined } from '../../models/forecast/combined.ts';
import { ewma } from '../../models/forecast/ewma.ts';
import { aggregation, update, weighted } from '../../models/forecast/learning/boa.ts';
import { answerOf, fitTrees } from '../../models/forecast/learning/quantile-trees.ts';
import { learn, leastSquares, predicted } from '../../models/forecast/learning/recursive-least-squares.ts';
import { push, quantileOf, rolling } from '../../models/forecast/learning/rolling.ts';
import { along, draws, times } from './series.ts';

describe('a rolling window', () => {
  it('has the quantiles of its sorted values, whatever came before', () => {
    const draw = draws(5);
    const window = rolling(20);
    const values = times(200, () => Math.floor(10 * draw()));
    values.forEach((value, i) => {
      push(window, value);
      const sorted = values.slice(Math.max(0, i - 19), i + 1).sort((a, b) => a - b);
      expect(window.sorted).toEqual(sorted);
    });
    expect(quantileOf(window, 0.95)).toBe(window.sorted[18]);
    expect(quantileOf(window, 1)).toBe(window.sorted[19]);
    expect(quantileOf(rolling(3), 0.5)).toBe(0);
  });
});

describe('recursive least squares', () => {
  it('finds the weights of a linear law, and other ones after it has changed', () => {
    const draw = draws(9);
    const model = leastSquares(3, 0);
    const input = () => [1, draw(), draw()];
    const teach = (weights: readonly number[]) => {
      for (let i = 0; i < 400; i++) {
        const x = input();
        learn(model, x, { target: x.reduce((sum, value, k) => sum + value * (weights[k] as number), 0), forgetting: 0.97 });
      }
    };
    teach([2, -1, 4]);
    expect(predicted(model, [1, 1, 1])).toBeCloseTo(5, 3);
    teach([0, 3, 3]);
    expect(predicted(model, [1, 1, 1])).toBeCloseTo(6, 3);
  });
});

describe('Bernstein online aggregation', () => {
  /** Pinball loss at .95 of experts with constant answers against values that an adversary turns round halfway. */
  function play(values: readonly number[], experts: readonly number[]) {
    const state = aggregation(experts.length);
    const loss = (answer: number, value: number) => Math.max(0.95 * (value - answer), 0.05 * (answer - value));
    const sums = { own: 0, experts: experts.map(() => 0) };
    for (const value of values) {
      const mean = weighted(state, experts);
      sums.own += loss(mean, value);
      sums.experts = sums.experts.map((sum, k) => sum + loss(experts[k] as number, value));
      update(state, experts, { gradient: mean < value ? -0.95 : 0.05, mean });
    }
    return { ...sums, state };
  }

  it('stays within the square-root bound of the best expert, however the sequence turns', () => {
    const experts = times(21, (k) => k / 20);
    const draw = draws(2);
    const random = times(4000, () => draw());
    for (const values of [random, times(4000, (i) => (i < 2000 ? 0 : 1)), times(4000, (i) => i % 2)]) {
      const { own, experts: sums } = play(values, experts);
      const squares = 4000 * 0.95 ** 2;
      expect(own - Math.min(...sums)).toBeLessThan(3 * Math.sqrt(squares * Math.log(21)) + 10);
    }
    // Where the best is clearly best it costs next to nothing.
    const { own, experts: sums } = play(random, experts);
    expect(own / Math.min(...sums)).toBeLessThan(1.1);
  });

  it('keeps weights that are shares, and gives them to what was right', () => {
    const { state } = play(
      times(2000, () => 0.5),
      [0, 0.5, 1],
    );
    expect(state.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(Math.abs(weighted(state, [0, 0.5, 1]) - 0.5)).toBeLessThan(0.02);
  });

  it('leaves out who does not answer yet; a late expert has to prove himself as slowly as the others have', () => {
    const draw = draws(13);
    const state = aggregation(3);
    const round = (late: number | null) => {
      const answers = [10, 6 + 2 * draw(), late];
      const mean = weighted(state, answers);
      update(state, answers, { gradient: mean < 7 ? -0.95 : 0.05, mean });
      return { mean, answers };
    };
    for (let i = 0; i < 500; i++) {
      const { mean, answers } = round(null);
      const others = (state.weights[0] as number) + (state.weights[1] as number);
      expect(weighted(state, answers)).toBeCloseTo(weighted(state, [...answers.slice(0, 2), 0]) / others, 9);
      expect(mean).toBeLessThanOrEqual(10);
    }
    const before = state.weights[2] as number;
    round(7);
    expect(Math.abs((state.weights[2] as number) - before)).toBeLessThan(0.02);
    for (let i = 0; i < 3000; i++) round(7);
    expect(state.weights[2]).toBeGreaterThan(0.9);
    expect(state.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  });
});

describe('boosted quantile trees', () => {
  const draw = draws(21);
  const xs = Float64Array.from({ length: 2000 }, () => draw());
  const noise = Float64Array.from({ length: 2000 }, () => draw());
  const options = { quantile: 0.9, trees: 60, depth: 3, rate: 0.15, leafMin: 20 };

  it('fit a step function and its upper quantile', () => {
    const targets = xs.map((x, i) => (x < 0.5 ? 10 : 30) + (noise[i] as number));
    const trees = fitTrees({ columns: [noise.map(() => 1), xs], targets }, options);
    expect(Math.abs(answerOf(trees, [1, 0.2]) - 10.9)).toBeLessThan(0.3);
    expect(Math.abs(answerOf(trees, [1, 0.8]) - 30.9)).toBeLessThan(0.3);
    expect(JSON.parse(JSON.stringify(trees))).toEqual(trees);
    expect(fitTrees({ columns: [noise.map(() => 1), xs], targets }, options)).toEqual(trees);
  });

  it('answer a constant where there is nothing to tell rows apart', () => {
    const trees = fitTrees({ columns: [new Float64Array(50)], targets: new Float64Array(50).fill(4) }, options);
    expect(answerOf(trees, [7])).toBe(4);
  });
});

describe('adaptive conformal inference', () => {
  const draw = draws(31);
  /** Noise that grows fourfold and a level that shifts. */
  const drifting = times(3000, (i) => 100 + (i > 1500 ? 80 : 0) + (draw() + draw() - 1) * (10 + 30 * (i / 3000)));

  it.each([
    ['ewma', ewma],
    ['combined', combined],
  ])('covers what it says in the long run on drifting noise: %s', (_, definition) => {
    const given = along(definition, drifting, 1).slice(500);
    const covered = given.filter(({ value, upper95 }) => value <= upper95).length / given.length;
    expect(Math.abs(covered - 0.95)).toBeLessThan(0.02);
  });
});
