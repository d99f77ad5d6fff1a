import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { FORECASTERS } from '../../models/forecast/index.ts';
import { neuralForecaster } from '../../models/forecast/neural/neural.ts';
import type { FluidDefinition } from '../domain/fluid.ts';
import type { TraceScore } from '../domain/judgement.ts';
import type { NeuralModel } from '../domain/neural-model.ts';
import { judgeTrace } from '../judge/judge-trace.ts';
import { aiWith } from '../judge/policies/ai.ts';
import { POLICIES } from '../judge/policies/index.ts';
import type { Series } from '../judge/series.ts';

/** What a thread is handed: a series, what to vary, and the names of the policies to judge. */
export interface TraceOrder {
  number: number;
  series: Series;
  lag?: number;
  kappa: number;
  policies: string[];
  /** A trained network: judged as a forecaster, and among the experts of one more policy. */
  model?: NeuralModel;
}

/** Names of what a model adds. */
const WITH_MODEL = { policy: 'ai-neural', forecaster: 'neural' } as const;

/** What comes back: one more policy or forecaster done, the scores, or what went wrong. */
export type TraceReply =
  | { number: number; done: true }
  | { number: number; score: TraceScore }
  | { number: number; error: string };

const port = parentPort;
port?.on('message', (order: TraceOrder) => {
  const { number } = order;
  const reply = (message: TraceReply) => port.postMessage(message);
  try {
    const policies = Object.fromEntries(order.policies.map((name) => [name, POLICIES[name] as FluidDefinition]));
    const done = () => reply({ number, done: true });
    const { model } = order;
    const own = model && { policy: aiWith(model), forecaster: neuralForecaster(model) };
    const score = judgeTrace({
      ...order,
      policies: own ? { ...policies, [WITH_MODEL.policy]: own.policy } : policies,
      forecasters: own ? { ...FORECASTERS, [WITH_MODEL.forecaster]: own.forecaster } : FORECASTERS,
      now: () => performance.now(),
      done,
    });
    reply({ number, score });
  } catch (error) {
    reply({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
