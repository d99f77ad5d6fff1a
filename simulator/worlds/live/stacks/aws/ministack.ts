import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../../../../domain/problem.ts';
import type { AwsAddress, RunningPart } from '../../contract.ts';
import { findProgram } from '../find-program.ts';
import { freePorts } from '../free-port.ts';
import type { Keeper } from '../keeper.ts';
import { everyService, REGION, type Service, TEST_CREDENTIALS } from './address.ts';
import { probe } from './probe.ts';

/** Environment variable with the program's path, where it is not on PATH. */
const PROGRAM = 'MINISTACK';
export const MINISTACK_HINT = `python3 -m venv .ministack && .ministack/bin/pip install ministack==1.5.33, then ${PROGRAM}=.ministack/bin/ministack`;
const READY_MS = 20_000;
const LOOK_MS = 50;
const KNOCK_MS = 300;
const GRACE_MS = 3_000;

/** Where MiniStack's program is on this machine, or undefined. */
export function ministackProgram(env: NodeJS.ProcessEnv): string | undefined {
  return env[PROGRAM] ?? findProgram('ministack', [], env.PATH ?? '');
}

/**
 * Starts MiniStack on a free port of loopback in a folder of its own, which goes with it: it leaves a folder for each function behind.
 *
 * Ready is what answers real calls. By default it listens on all interfaces, so that is looked at after the start.
 * Throws: UnavailableError when the program is not there, dies, is not ready in time, or can be reached from outside.
 */
export async function startMinistack(o: {
  env: NodeJS.ProcessEnv;
  keeper: Keeper;
  services: readonly Service[];
}): Promise<RunningPart<AwsAddress>> {
  const command = ministackProgram(o.env);
  if (command === undefined)
    throw new UnavailableError(`MiniStack is not installed: ${MINISTACK_HINT}; or use the embedded stack, which needs nothing`);
  const folder = mkdtempSync(join(o.keeper.folder, 'ministack-'));
  const [port] = (await freePorts(1)) as [number];
  const env = { PATH: process.env.PATH ?? '', HOME: folder, ...settings(folder, port) };
  const program = await o.keeper
    .start<undefined>({
      name: 'MiniStack',
      command,
      args: [],
      env,
      cwd: folder,
      ready: { on: 'port', port },
      ready_ms: READY_MS,
      stop: 'SIGTERM',
      grace_ms: GRACE_MS,
      orphaned: 'KILL',
    })
    .catch((error: unknown) => {
      remove(folder);
      throw error;
    });
  const stop = async () => {
    await program.stop();
    remove(folder);
  };
  const address: AwsAddress = {
    backend: 'ministack',
    functions: 'emulator',
    region: REGION,
    ...TEST_CREDENTIALS,
    endpoints: everyService(`http://127.0.0.1:${port}`),
  };
  try {
    await untilReady(address, o.services, program.log);
    await insistOnLoopback(port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...program, address, stop };
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function settings(folder: string, port: number): Record<string, string> {
  const state = join(folder, 'state');
  mkdirSync(state);
  return {
    TMPDIR: folder,
    STATE_DIR: state,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: 'local',
    LAMBDA_ACCOUNT_CONCURRENCY: '1000',
    LOG_LEVEL: 'WARNING',
  };
}

async function untilReady(address: AwsAddress, services: readonly Service[], log: () => string): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    try {
      return await probe(address, services);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      if (Date.now() > until)
        throw new UnavailableError(
          `MiniStack was not ready within ${READY_MS / 1000} s: ${error.message}\nThe last it said:\n${log() || '(nothing)'}`,
        );
      await sleep(LOOK_MS);
    }
  }
}

/** Throws: UnavailableError when the port also answers at an address that other machines can reach. */
async function insistOnLoopback(port: number): Promise<void> {
  const outside = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter((a) => !a.internal && a.family === 'IPv4'),
  );
  for (const { address } of outside)
    if (await answers(address, port))
      throw new UnavailableError(
        `MiniStack listens at ${address}:${port}, where other machines reach it, though it was told 127.0.0.1: not used`,
      );
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: KNOCK_MS });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false));
  });
}
