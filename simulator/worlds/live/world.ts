import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { abortOf } from '../../domain/abort.ts';
import type { Cell, CellResult } from '../../domain/cell.ts';
import type { Leg, Metered } from '../../domain/leg.ts';
import type { Saturation } from '../../domain/live-report.ts';
import { InputError, UnavailableError } from '../../domain/problem.ts';
import { OUTCOME, Recorder } from '../../measure/recorder.ts';
import { wait, wallMs } from './clock.ts';
import { resultOf } from './close.ts';
import type { DriverChoice, RunningPart, RunSheet } from './contract.ts';
import { Deployment } from './deployment.ts';
import { untilQuiet, wordsOf } from './drain.ts';
import { type Absence, Faults } from './faults.ts';
import { Fits } from './fits.ts';
import { endsOf } from './function-metrics.ts';
import { type Journalled, journalled } from './journal.ts';
import { legsIn } from './legs.ts';
import { Operate } from './operate.ts';
import { preludeOf } from './prelude.ts';
import { emulatorProblems } from './refusals.ts';
import { saturationOf } from './saturation.ts';
import { isUnanswered } from './stacks/aws/failures.ts';
import type { Listening, Stack } from './stacks/stack.ts';
import { tracesOf } from './traces.ts';
import { inTurns, type TurnRow, type Turns, turnRows } from './turns.ts';
import type { Action, Driven } from './users.ts';
import { tell } from './wire.ts';

/** How one live cell is played. */
export interface LiveOptions {
  stack: Stack;
  /** Begins the names of everything that the run makes. */
  namespace: string;
  /** Rounds of the burn loop that make one CPU millisecond of the reference core. */
  burn_per_ms: number;
  /** Sends in turns with another version that has the machine in between, from a wall time (ms) that both agree on when both are up. */
  turns?: Turns;
  begin?(): Promise<number>;
  /** Hears the share of run time that is over. */
  progress?(share: number): void;
  driver?: DriverChoice;
  /** Brings back every leg of every request, out of their spans, which cost a little: only a calibration wants it. */
  isMetered?: boolean;
  say?(text: string): void;
  signal?: AbortSignal;
}

/** A cell's result, and how well its driver kept its times. */
export interface LiveResult {
  result: CellResult;
  lateness: Driven['lateness'];
  /** What components' own code and models said when they failed, the most frequent first, and what the platform said of functions that it ended. */
  failures: Journalled['failures'];
  /** What else went wrong, in words. */
  told: string[];
  /** When parts that faults took away were not there. */
  away: Absence[];
  /** Of a run in turns: what came of every action. */
  turns: TurnRow[];
  /** Of a run that was measured leg by leg. */
  metered?: Metered;
  /** Of a run by a closed loop. */
  saturation?: Saturation;
}

/** What helps where a part is up and does not answer. */
const BUSY =
  'It is away, or has more to do than this machine can: try a lower --rate, or --functions own where an emulator runs functions';
/** How long the news of a part's death may take. */
const DEATH_MS = 1500;
/** How much longer than the drain a driver may take to give up on its last requests. */
const DRIVER_MS = 60_000;
/** Time between the driver's start and run time 0. */
const START_DELAY_MS = 300;
/** k6 reads its script and makes its users first. */
const K6_DELAY_MS = 5000;
const LOOK_EVERY_MS = 1000;

/**
 * Runs one cell against the real parts of a stack: deploys, drives, controls, drains, reads back, takes away.
 *
 * Throws: InputError for faults that this stack cannot do, UnavailableError when a part is missing or dies, and the signal's reason; what was
 * made for this run is gone then, too.
 */
export async function runCell(cell: Cell, o: LiveOptions): Promise<LiveResult> {
  const { stack, signal } = o;
  const problems = stack.addresses.aws?.functions === 'emulator' ? emulatorProblems(cell.plan) : [];
  if (problems.length > 0) throw new InputError(problems);
  const sheet: RunSheet = {
    schema: 'run-sheet@1',
    plan: cell.plan,
    seed: cell.seed,
    rate: cell.rate,
    namespace: o.namespace,
    folder: join(stack.folder, 'runs', o.namespace),
    epoch_ms: wallMs(),
    burn_per_ms: o.burn_per_ms,
    addresses: stack.addresses,
    ...(o.driver === undefined && (o.isMetered || cell.traces !== undefined) ? { isTraced: true } : {}),
  };
  const deployment = new Deployment(stack, sheet);
  const { aborted, release } = abortOf(signal);
  const fits = new Fits();
  const playing = play(cell, { ...o, sheet, deployment, fits });
  const played = Promise.race([playing, stack.broken, aborted]).finally(() => {
    release();
    return fits.close();
  });
  const result = await played.catch(async (error: unknown) => {
    const why = signal?.aborted ? error : await reasonOf(error, { cell, stack });
    // What broke the run is told, not what that keeps from being taken away.
    await deployment.takeAway().catch(() => undefined);
    throw why;
  });
  await deployment.takeAway();
  return result;
}

/** Why a run failed: the death of a part where there was one, which those that use it notice before it is told here. */
async function reasonOf(error: unknown, { cell, stack }: { cell: Cell; stack: Stack }): Promise<unknown> {
  const death = await Promise.race([stack.broken, wait(DEATH_MS)]).catch((reason: unknown) => reason);
  const why = death ?? error;
  return isUnanswered(why) ? new UnavailableError(`${cell.plan.strategy}: ${(why as Error).message}. ${BUSY}`) : why;
}

type Playing = LiveOptions & { sheet: RunSheet; deployment: Deployment; fits: Fits };

async function play(cell: Cell, o: Playing): Promise<LiveResult> {
  const { deployment, sheet } = o;
  const prelude = preludeOf(cell);
  const actions = o.turns ? inTurns(prelude.actions, o.turns) : prelude.actions;
  const recorder = new Recorder(cell.plan);
  await deployment.open(prelude);
  o.say?.(`metrics: http://127.0.0.1:${deployment.gatewayPort}/metrics, instances at /metrics/targets`);
  const { fleets } = deployment;
  const resized = (part: number, wanted: number) => void fleets.get(part)?.resize(wanted).catch(o.stack.fail);
  const operate = new Operate(cell.plan, { fleets, resized, fit: (name, job) => o.fits.fit(name, job) });
  if (operate.wantsDoor) await deployment.watchDoor(prelude.first_session);
  writeFileSync(join(sheet.folder, 'actions.json'), JSON.stringify(actions));
  const users = await deployment.startDriver(o.driver);
  const start_ms = (await o.begin?.()) ?? wallMs() + (o.driver?.name === 'k6' ? K6_DELAY_MS : START_DELAY_MS);
  const existedBefore = { at_ms: wallMs(), machine_s: deployment.existed_s() };
  const faults = new Faults({ plan: cell.plan, folder: sheet.folder, deployment, stack: o.stack });
  faults.begin(start_ms);
  await tell(users.address.port, '/control/start', { start_ms });
  // A stack may outlive the run: what a fault has stopped comes back, however the run ends.
  const existedAfter = await operateUntilDriven(cell, { ...o, users, start_ms, operate, recorder }).finally(() =>
    Promise.all([users.stop(), faults.close()]),
  );
  const drained_ms = await drained(cell, { ...o, start_ms });
  const [gateway, workers, functions] = await Promise.all([
    deployment.gatewayState(),
    deployment.workerStates(),
    deployment.functions.metrics(),
  ]);
  const walking = await deployment.rest();
  const offset = start_ms - sheet.epoch_ms;
  const { effects, left, actions: queued } = await deployment.parts.readBack(drained_ms + offset);
  const driven = JSON.parse(readFileSync(join(sheet.folder, 'driven.json'), 'utf8')) as Driven;
  const { effects: noted, failures, told } = journalled(sheet.folder);
  const all = [...effects, ...noted].map((line) => ({ ...line, at_ms: line.at_ms - offset }));
  // Seen somewhat before the run and somewhat after it: as much as existed on average, for as long as the run was.
  const share = cell.plan.duration_ms / (existedAfter.at_ms - existedBefore.at_ms);
  const machine_s = new Map(
    [...existedAfter.machine_s].map(([i, s]) => [i, (s - (existedBefore.machine_s.get(i) ?? 0)) * share]),
  );
  const underWay = new Set([...walking, ...queued]);
  const found = { driven, effects: all, left, underWay, gateway, workers, functions, machine_s, operate, drained_ms };
  const turns = o.turns ? turnRows(driven.rows, { turns: o.turns, actions, served: OUTCOME.served }) : [];
  const metered = o.isMetered && {
    legs: counted(legsIn(sheet.folder, sheet), { actions, warmup_ms: cell.plan.warmup_ms }),
    latency_ms: latenciesOf(actions, driven),
    boots_ms: new Map([...fleets].map(([i, fleet]) => [i, fleet.boots_ms])),
  };
  const saturation =
    o.driver?.name === 'autocannon' &&
    saturationOf(cell, driven, { connections: o.driver.connections, asked: prelude.actions.length, drained_ms });
  const result = resultOf(cell, recorder, found);
  // Other drivers write no spans, and a trace begins with its user's.
  if (cell.traces !== undefined && o.driver === undefined) {
    const { folder, namespace } = sheet;
    const run = { folder, namespace, actions: prelude.actions, rows: driven.rows, offset_ms: offset, start_ms };
    result.traces = tracesOf(cell, recorder, run);
  }
  return {
    result,
    lateness: driven.lateness,
    turns,
    failures: [...failures, ...endsOf(cell.plan, functions)],
    told: [...told, ...operate.told],
    away: faults.away,
    ...(metered ? { metered } : {}),
    ...(saturation ? { saturation } : {}),
  };
}

/** Legs of actions that figures count, without the first seconds, in which everything starts at once; and of those that met a cold start. */
function counted(legs: readonly Leg[], o: { actions: readonly Action[]; warmup_ms: number }): Leg[] {
  const late = o.actions.filter(({ at_ms }) => at_ms >= o.warmup_ms).map(({ index }) => index);
  const kept = new Set([...late, ...legs.flatMap(({ leg, action }) => (leg === 'init' ? [action] : []))]);
  return legs.filter(({ action }) => kept.has(action));
}

/** By number of the action: from its intended time to its answer, of those that were served at the first attempt. */
function latenciesOf(actions: readonly Action[], { rows }: Driven): Map<number, number> {
  return new Map(
    rows.flatMap(({ outcome, attempts, at_ms, done_ms }, i): [number, number][] =>
      outcome === OUTCOME.served && attempts === 1 ? [[actions[i]?.index ?? -1, done_ms - at_ms]] : [],
    ),
  );
}

/** Machine-seconds that had existed at a wall time, by part. */
interface Existed {
  at_ms: number;
  machine_s: Map<number, number>;
}

type Driving = Playing & { users: RunningPart<Listening>; start_ms: number; operate: Operate; recorder: Recorder };

/**
 * Looks once a second and lets controllers decide, until the driver has its answers or has waited long enough.
 *
 * Returns the machine-seconds that existed when arrivals stopped.
 */
async function operateUntilDriven(cell: Cell, o: Driving): Promise<Existed> {
  const { deployment, operate, start_ms, users } = o;
  const { duration_ms } = cell.plan;
  let sampled_ms = 0;
  let existed: Existed | undefined;
  for (;;) {
    await wait(LOOK_EVERY_MS - Math.max(0, (wallMs() - start_ms) % LOOK_EVERY_MS));
    const look = await deployment.look(start_ms);
    const at_ms = look.at_s * 1000;
    if (at_ms <= duration_ms + LOOK_EVERY_MS / 2) {
      if (at_ms >= sampled_ms) {
        operate.sample(look);
        sampled_ms += o.recorder.sliceMs;
      }
      operate.control(look);
      o.progress?.(Math.min(1, at_ms / duration_ms));
      continue;
    }
    if (existed === undefined)
      o.say?.(`${cell.plan.strategy}: the load is over, what is under way has ${seconds(cell.plan.drain_ms)}`);
    existed ??= { at_ms: wallMs(), machine_s: deployment.existed_s() };
    const { isDone } = await tell<{ isDone: boolean }>(users.address.port, '/control/state');
    if (isDone) return existed;
    if (at_ms > duration_ms + cell.plan.drain_ms + DRIVER_MS)
      throw new UnavailableError(
        `${cell.plan.strategy}: the driver still waits for answers ${(DRIVER_MS + cell.plan.drain_ms) / 1000} s after the last request. ${BUSY}`,
      );
  }
}

/** Waits until nothing is left to do, or the drain is over, and says what is left then; run time when it was. */
async function drained({ plan }: Cell, o: Playing & { start_ms: number }): Promise<number> {
  const end_ms = plan.duration_ms + plan.drain_ms;
  const seen = await untilQuiet(() => o.deployment.underWay(), { until_ms: o.start_ms + end_ms });
  const at_ms = wallMs() - o.start_ms;
  if (seen.open.size > 0)
    o.say?.(
      `${plan.strategy}: still under way ${seconds(plan.drain_ms)} after the load, so it is ended and counted as pending: ${wordsOf(seen)}. ` +
        `What consumers had is read back when their queue shows it again, ${seconds(o.deployment.parts.hidden_ms)} later at most`,
    );
  return at_ms;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
