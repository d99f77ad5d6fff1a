import { FORECASTERS } from '../../models/forecast/index.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import type { Judgement } from '../domain/judgement.ts';
import { nearest } from '../domain/nearest.ts';
import type { NeuralModel } from '../domain/neural-model.ts';
import { InputError } from '../domain/problem.ts';
import { RIVAL } from '../judge/judge-trace.ts';
import { meansOf } from '../judge/means.ts';
import { POLICIES } from '../judge/policies/index.ts';
import type { Series } from '../judge/series.ts';
import { SHORTAGE_COST } from '../measure/elasticity.ts';
import { counted } from '../measure/words.ts';
import { readModel } from '../run/read-model.ts';
import { judgeTraces } from '../run/traces.ts';
import { noteDone } from './ends.ts';
import { EXIT } from './exit-codes.ts';
import type { JudgeWords } from './judge-options.ts';
import { Words } from './numbers.ts';
import { outputOf } from './output.ts';
import { Progress, screenOf } from './progress.ts';
import { readTraces } from './read-traces.ts';

/** Runs `judge`: on recorded traces with the fluid protocol, or in the virtual world; returns the exit code. */
export async function judgeCommand(words: JudgeWords, signal: AbortSignal): Promise<number> {
  const read = new Words();
  const isScenario = words.scenario !== undefined;
  if (isScenario === (words.traces !== undefined))
    read.problems.push({
      path: 'command line',
      message: 'says neither or both of --traces and --scenario',
      expected: 'one of them',
    });
  const misplaced = isScenario
    ? (['lag', 'kappa', 'model', 'leaveOneOut'] as const)
    : (['strategy', 'seeds', 'minutes'] as const);
  const other = isScenario ? '--traces' : '--scenario';
  for (const name of misplaced)
    if (words[name] !== undefined) {
      const option = name === 'leaveOneOut' ? 'leave-one-out' : name;
      read.complain(`--${option}`, String(words[name]), `no such option without ${other}`);
    }
  if (words.model !== undefined && words.leaveOneOut)
    read.problems.push({ path: 'command line', message: 'says both --model and --leave-one-out', expected: 'one of them' });
  const known = isScenario ? Object.keys(CONTROLLERS) : Object.keys(POLICIES);
  const controllers = read.names('--controllers', words.controllers, { known, nearest: (name) => nearest(name, known) });
  if (words.json === '') read.complain('--json', '', 'a file');
  const chosen = controllers.length > 0 ? controllers : known;
  if (isScenario) {
    if (read.problems.length > 0) throw new InputError(read.problems);
    return (await import('./judge-scenario.ts')).judgeScenario(
      words.scenario ?? '',
      { ...words, controller: chosen.join(',') },
      signal,
    );
  }
  return judgeFolder(words, { read, policies: [...new Set([RIVAL, ...chosen])], signal });
}

async function judgeFolder(words: JudgeWords, o: { read: Words; policies: string[]; signal: AbortSignal }): Promise<number> {
  const { read, policies, signal } = o;
  const lag = words.lag === undefined ? undefined : read.whole('--lag', words.lag, { minimum: 1, maximum: 1000, default: 1 });
  const kappa = read.amount('--kappa', words.kappa, { minimum: 1, maximum: 1_000_000, default: SHORTAGE_COST });
  const threads = words.threads && read.whole('--threads', words.threads, { minimum: 1, maximum: 256, default: 1 });
  const series = tracesOf(words.traces, read);
  const model = modelOf(words.model, read);
  if (read.problems.length > 0 || series === undefined) throw new InputError(read.problems);
  const progress = new Progress(words.quiet ? undefined : screenOf(process.stderr), 'judging');
  progress.say(`${counted(series.length, 'trace')} x ${counted(policies.length, 'policy', 'policies')}`);
  const models = words.leaveOneOut
    ? await (await import('./leave-one-out.ts')).leaveOneOut(series, { progress, signal })
    : series.map(() => model);
  const more = 2 * models.filter((one) => one !== undefined).length;
  const all = series.length * (policies.length + Object.keys(FORECASTERS).length) + more;
  const orders = series.map((one, i) => {
    const own = models[i];
    return { series: one, kappa, policies, ...(lag === undefined ? {} : { lag }), ...(own === undefined ? {} : { model: own }) };
  });
  const heard = (done: number) => {
    noteDone(`${done} of ${all} policies and forecasters were judged`);
    progress.show({ share: done / all, done, cells: all, of: 'policies and forecasters' });
  };
  const traces = await judgeTraces(orders, { heard, signal, ...(threads ? { threads } : {}) });
  progress.clear();
  const judgement: Judgement = { schema: 'judgement@1', kappa, lag: lag ?? null, traces, means: meansOf(traces) };
  await deliver(words.stable ? withoutClock(judgement) : judgement, words.json);
  return judgement.means.policies.length > 0 ? EXIT.met : EXIT.unclear;
}

function tracesOf(folder: string | undefined, read: Words): Series[] | undefined {
  if (folder === undefined) return undefined;
  try {
    return readTraces(folder);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    read.problems.push(...error.problems);
    return undefined;
  }
}

/** The network of `--model`; undefined without one or where it cannot be taken, which is complained about. */
function modelOf(file: string | undefined, read: Words): NeuralModel | undefined {
  if (file === undefined) return undefined;
  try {
    return readModel(file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    read.problems.push(...error.problems);
    return undefined;
  }
}

/** The same without how long decisions took. */
function withoutClock(judgement: Judgement): Judgement {
  const traces = judgement.traces.map((trace) => ({
    ...trace,
    policies: trace.policies.map(({ decision_ms_p99: _, refit_ms_max: __, ...policy }) => policy),
  }));
  return { ...judgement, traces };
}

async function deliver(judgement: Judgement, file: string | undefined): Promise<void> {
  const { judgementText } = await import('../../reports/judgement.ts');
  const { writeWhole } = await import('../run/outputs.ts');
  if (file !== undefined) writeWhole(file, `${JSON.stringify(judgement, null, 2)}\n`);
  process.stdout.write(judgementText(judgement, outputOf(process.stdout)));
}
