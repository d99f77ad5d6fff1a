import '../simulator/run/v8-flags.ts';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { modelA, modelC } from './models.ts';
import { cellOf, type Measured, runPlain, runProduct } from './models-run.ts';
import { socialPeakCell } from './social-peak-cell.ts';

/**
 * Requests a second of the product's engine against a plain one, on models A and C, and nanoseconds per event of `social-peak`.
 *
 * Rounds are interleaved and every round draws afresh (its own seed); the ratio is the median of the rounds' ratios, because the speed of a
 * shared machine drifts more than engines differ.
 */
const ROUNDS = 7;
/** Shorter rounds before, which are not counted: the compiler settles during the first few. */
const WARM_UP = 3;

interface Row {
  model: string;
  product_requests_per_s: number;
  plain_requests_per_s: number;
  ratio: number;
  ratios: number[];
}

function timed(run: () => Measured): { seconds: number; measured: Measured } {
  const began = performance.now();
  const measured = run();
  return { seconds: (performance.now() - began) / 1000, measured };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(model: 'a' | 'c', seed: number, requests: number): { product: number; plain: number } {
  const cell = cellOf(model === 'a' ? modelA(requests) : modelC(requests), seed);
  const isProductFirst = seed % 2 === 0;
  const first = timed(() => (isProductFirst ? runProduct(cell) : runPlain(cell, model)));
  const second = timed(() => (isProductFirst ? runPlain(cell, model) : runProduct(cell)));
  const [product, plain] = isProductFirst ? [first, second] : [second, first];
  if (
    product.measured.requests !== plain.measured.requests ||
    product.measured.latency.sum_us !== plain.measured.latency.sum_us
  ) {
    throw new Error(`model ${model}, seed ${seed}: the engines disagree`);
  }
  return { product: product.measured.requests / product.seconds, plain: plain.measured.requests / plain.seconds };
}

function compare(model: 'a' | 'c', requests: number): Row {
  for (let seed = 1; seed <= WARM_UP; seed++) round(model, seed, requests / 4);
  const rounds = Array.from({ length: ROUNDS }, (_, i) => round(model, 10 + i, requests));
  const ratios = rounds.map((r) => r.product / r.plain);
  return {
    model: model.toUpperCase(),
    product_requests_per_s: Math.round(median(rounds.map((r) => r.product))),
    plain_requests_per_s: Math.round(median(rounds.map((r) => r.plain))),
    ratio: Number(median(ratios).toFixed(2)),
    ratios: ratios.map((r) => Number(r.toFixed(2))),
  };
}

function socialPeak(): { ns_per_event: number; events_per_s: number; requests_per_s: number } {
  runProduct(socialPeakCell(1));
  const runs = [2, 3, 4].map((seed) => {
    const cell = socialPeakCell(seed);
    const { seconds, measured } = timed(() => runProduct(cell));
    return { perEvent: (seconds * 1e9) / measured.events, requests: measured.requests / seconds };
  });
  const ns = median(runs.map((r) => r.perEvent));
  return {
    ns_per_event: Math.round(ns),
    events_per_s: Math.round(1e9 / ns),
    requests_per_s: Math.round(median(runs.map((r) => r.requests))),
  };
}

const isJson = process.argv.includes('--json');
const requests = Number(process.argv.find((a) => a.startsWith('--requests='))?.split('=')[1] ?? 400_000);
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
const version = process.env.npm_package_version ?? 'unknown';
const models = [compare('a', requests), compare('c', requests)];
const peak = socialPeak();
if (isJson)
  console.log(JSON.stringify({ schema: 'bench@1', version, machine, rounds: ROUNDS, models, social_peak: peak }, null, 2));
else {
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${ROUNDS} interleaved rounds, medians`);
  for (const m of models) {
    const [product, plain] = [m.product_requests_per_s, m.plain_requests_per_s].map((n) => (n / 1e6).toFixed(2));
    console.log(`model ${m.model}: ${product} M requests/s, plain engine ${plain} M: ${m.ratio} x (${m.ratios.join(', ')})`);
  }
  console.log(`social-peak (hybrid): ${peak.ns_per_event} ns per event, ${(peak.requests_per_s / 1e6).toFixed(2)} M requests/s`);
}
