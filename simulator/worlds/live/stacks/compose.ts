import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { AwsAddress } from '../contract.ts';
import { ADDRESSES } from '../run-sheet.ts';
import { probe } from './aws/probe.ts';
import { functionZip, programFolder } from './bundle.ts';
import { collectorOf, insideOf, outsideOf } from './compose/addresses.ts';
import { engineVersions } from './compose/engine.ts';
import { ComposeProject, shared } from './compose/project.ts';
import { runningProject } from './compose/running.ts';
import { Seats } from './compose/seats.ts';
import { bringUp } from './compose/up.ts';
import { watchEnds } from './compose/watch.ts';
import { Deaths } from './deaths.ts';
import { type StackWanted, startOf } from './embedded.ts';
import { type Keeper, openKeeper, programOf } from './keeper.ts';
import type { Stack } from './stack.ts';

/** How long containers may take to go. */
const DOWN_MS = 60_000;
/** How often the AWS endpoint is asked before it counts as missing. */
const PROBES = 3;

/**
 * The stack of `compose/compose.yaml`: what `npm run stack up` has brought up, which then stays, or one of its own, which goes at the end.
 *
 * The driver and what follows failures run on this machine; gateway, workers and functions run in containers.
 * Throws: UnavailableError that says what is missing, or which container did not become healthy and its last words.
 */
export async function openCompose(o: StackWanted): Promise<Stack> {
  await engineVersions();
  const deaths = new Deaths();
  const keeper = await openKeeper({ died: (name, message) => deaths.heard(name, message) });
  try {
    return await withKeeper(keeper, { ...o, deaths });
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

async function withKeeper(keeper: Keeper, o: StackWanted & { deaths: Deaths }): Promise<Stack> {
  const { deaths, say } = o;
  const found = await runningProject();
  const project = found ?? (await ComposeProject.fresh(shared(join(keeper.folder, 'compose'))));
  if (found) say(`using the stack ${project.name} that is up`);
  else {
    await endWith(keeper, project);
    await bringUp(project, say);
  }
  const runs = project.env.PLACEMENT_RUNS as string;
  const { functions } = o.choice;
  const containers = await project.containers();
  const addresses = outsideOf(project, functions, containers);
  const collector = collectorOf(containers);
  await probed(addresses.aws);
  const seats = new Seats(project, { hostCores: availableParallelism() });
  const watch = watchEnds(project, { seats, deaths });
  const folder = await programFolder();
  const inside = { [ADDRESSES]: JSON.stringify(insideOf(project, functions)) };
  return {
    name: 'compose',
    addresses,
    inside,
    ...(collector === undefined ? {} : { collector }),
    folder: runs,
    start: (program, start) => {
      if (program === 'driver' || program === 'follow-ups') return startOf(keeper, { ...start, folder, program, deaths });
      const env = { ...inside, ...start.env };
      return seats.take({ ...start, env, program, service: serviceOf(project, program, start) });
    },
    share: shared,
    functionZip,
    broken: deaths.broken,
    fail: (error) => deaths.fail(error),
    disturb: {
      stopBroker: () => watch.without('rabbitmq', () => project.stop('rabbitmq')),
      crashPostgres: () => watch.without('postgres', () => project.kill('postgres', 'SIGQUIT')),
    },
    async end() {
      watch.stop();
      rmSync(join(runs, 'runs'), { recursive: true, force: true });
      await keeper.end();
    },
  };
}

function serviceOf(project: ComposeProject, program: 'gateway' | 'worker', o: { isGpu?: boolean }) {
  return o.isGpu && project.profiles.includes('gpu') ? 'gpu-worker' : program;
}

/** From now on the project goes with the run: what sees to that is there before the first container. */
async function endWith(keeper: Keeper, project: ComposeProject): Promise<void> {
  await keeper.start({
    name: 'compose-end',
    command: process.execPath,
    args: [...programOf('compose-end'), project.env.PLACEMENT_RUNS as string],
    env: Object.fromEntries(Object.entries(project.env).filter((pair): pair is [string, string] => pair[1] !== undefined)),
    cwd: keeper.folder,
    ready: { on: 'json-line' },
    ready_ms: 20_000,
    stop: 'SIGTERM',
    grace_ms: DOWN_MS,
    orphaned: 'QUIT',
  });
}

/** Its health check has passed already, so an endpoint that is slow to answer gets more time before it is given up. */
async function probed(aws: AwsAddress): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await probe(aws, ['sqs', 'dynamodb', 's3', 'lambda']);
    } catch (error) {
      if (tries === PROBES) throw error;
    }
  }
}
