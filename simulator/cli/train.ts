import { type Backend, backendInWords, pickBackend } from '../../models/backend.ts';
import { FORECASTERS } from '../../models/forecast/index.ts';
import { neuralForecaster } from '../../models/forecast/neural/neural.ts';
import { train } from '../../models/training/train.ts';
import { actionsOf, countHistory } from '../../workloads/history.ts';
import type { Worth } from '../domain/judgement.ts';
import type { NeuralModel } from '../domain/neural-model.ts';
import { InputError } from '../domain/problem.ts';
import { HistorySchema, type Scenario } from '../domain/scenario.ts';
import { judgeForecaster } from '../judge/forecasts.ts';
import type { Series } from '../judge/series.ts';
import { counted } from '../measure/words.ts';
import { loadNamed } from '../run/load.ts';
import { writeWhole } from '../run/outputs.ts';
import { Words } from './numbers.ts';
import { outputOf } from './output.ts';
import { Progress, screenOf } from './progress.ts';
import { readTrace } from './read-traces.ts';
import type { TrainWords } from './train-options.ts';

/** Of each series, what the training does not see. */
const KEPT_BACK = 0.15;
const LEAST = 200;
const RIVALS = ['last-value', 'ridge-ar', 'combined'];

/** Runs `train`: writes the weights, and prints what they are worth. */
export async function trainCommand(words: TrainWords, signal: AbortSignal): Promise<void> {
  const read = new Words();
  const seed = read.whole('--seed', words.seed, { minimum: 0, maximum: 2_147_483_647, default: 1 });
  const days = read.whole('--days', words.days, { minimum: 1, maximum: 365, default: 14 });
  const step_s = read.amount('--step', words.step, { minimum: 1, maximum: 3600, default: 60 });
  if ((words.scenario === undefined) === (words.data.length === 0))
    read.problems.push({
      path: 'command line',
      message: 'says neither or both of --data and --scenario',
      expected: 'one of them',
    });
  if (read.problems.length > 0) throw new InputError(read.problems);
  const given = seriesIn(words.data);
  const scenario = words.scenario === undefined ? undefined : await loadNamed(words.scenario, []);
  const backend = await pickBackend();
  const progress = new Progress(words.quiet ? undefined : screenOf(process.stderr), 'training');
  const series = scenario === undefined ? given : [playedBefore(scenario, { days, step_s, progress })];
  const model = await trained(series, { backend, seed, signal, progress });
  const file = words.out ?? 'neural.json';
  writeWhole(file, `${JSON.stringify(model)}\n`);
  const worth = series.flatMap((one) => worthOn(one, model));
  if (words.json) {
    console.log(
      JSON.stringify(
        { schema: 'training@1', file, backend: backend.name, missed: backend.missed, trained: model.trained, worth },
        null,
        2,
      ),
    );
    return;
  }
  const { trainingText } = await import('../../reports/training.ts');
  const about = { file, backend: backendInWords(backend), points: model.trained.points, epochs: model.trained.epochs };
  process.stdout.write(trainingText({ about, worth }, outputOf(process.stdout)));
}

/** A network on the first part of each series. */
async function trained(
  series: readonly Series[],
  o: { backend: Backend; seed: number; signal: AbortSignal; progress: Progress },
): Promise<NeuralModel> {
  const { backend, seed, signal, progress } = o;
  progress.say(`${counted(series.length, 'series', 'series')}, TensorFlow.js on ${backendInWords(backend)}`);
  const model = await train({
    backend,
    seed,
    signal,
    on: series.map(({ name }) => name).join(', '),
    series: series.map(({ values, step_s }) => ({ values: values.subarray(0, splitOf(values)), step_s })),
    heard: ({ epoch, epochs }) => progress.show({ share: epoch / epochs, done: epoch, cells: epochs, of: 'epochs at most' }),
  });
  progress.clear();
  return model;
}

function worthOn({ name, values, step_s }: Series, model: NeuralModel): Worth[] {
  const split = splitOf(values);
  const setting = { history: values.subarray(0, split), load: values.subarray(split), step_s };
  const all = { neural: neuralForecaster(model), ...Object.fromEntries(RIVALS.map((rival) => [rival, FORECASTERS[rival]])) };
  return Object.entries(all).flatMap(([who, definition]) =>
    definition ? [{ series: name, name: who, accuracy: judgeForecaster(definition, setting) }] : [],
  );
}

function splitOf(values: Float64Array): number {
  return Math.floor((1 - KEPT_BACK) * values.length);
}

function seriesIn(files: readonly string[]): Series[] {
  const read = files.map(readTrace);
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []));
  const series = read.flatMap((one) => ('problems' in one ? [] : [one]));
  for (const { name, values } of series) if (values.length < LEAST) problems.push(tooShort(`--data ${name}`, values.length));
  if (problems.length > 0) throw new InputError(problems);
  return series;
}

/** Load of earlier evenings: those that a history of the scenario would have, and more of them where more days are asked for. */
function playedBefore(scenario: Scenario, o: { days: number; step_s: number; progress: Progress }): Series {
  const { name, workload, application } = scenario;
  const { duration_s } = workload;
  const steps = Math.floor(duration_s / o.step_s) * o.days;
  if (steps < LEAST) throw new InputError([tooShort(`--scenario ${name}`, steps, ': more --days or a shorter --step')]);
  o.progress.say(`counting ${counted(o.days, 'earlier day')} of ${name}`);
  const heard = (day: number) => o.progress.show({ share: day / o.days, done: day, cells: o.days, of: 'days counted' });
  const counts = countHistory({
    workload,
    operations: Object.keys(application.operations),
    history: { ...(scenario.history ?? HistorySchema.parse({ days: 1 })), days: o.days },
    step_s: o.step_s,
    ...{ rate: 1, start_s: 0, duration_s, actions_max: Number.POSITIVE_INFINITY, heard },
  });
  const values = actionsOf(counts);
  o.progress.clear();
  if (!values.some((value) => value > 0)) throw new InputError([{ path: `--scenario ${name}`, message: 'nobody comes' }]);
  return { name, step_s: o.step_s, values };
}

function tooShort(path: string, steps: number, more = '') {
  return { path, message: `has ${steps} steps`, expected: `at least ${LEAST}${more}` };
}
