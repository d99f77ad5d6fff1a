import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { uniform } from '../../simulator/domain/draws.ts';
import { findPostgres } from '../../simulator/worlds/live/stacks/postgres-binaries.ts';
import { findRabbitmq } from '../../simulator/worlds/live/stacks/rabbitmq-program.ts';

/** How a run is ended: by its own end, kill -9 of the command line, SIGTERM, and Ctrl-C, which reaches its whole process group. */
const ENDS = ['whole', 'SIGKILL', 'whole', 'SIGTERM', 'whole', 'SIGINT'] as const;
const RUNS = 20;
/** A run is over by itself after so long, on a machine that does nothing else. */
const RUN_MS = 14_000;
/** Parts have 15 s to end before they are killed. */
const PATIENCE_MS = 40_000;
const SEED = 20_261_130;

const CLI = fileURLToPath(new URL('../../simulator/cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'placement-lab-teardown-'));
// Servers that refuse to run as root run as nobody, who has to get to its own folder in it.
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withBroker = { ...hello, name: 'with-broker', overrides: { events: { 'entry-signed': { channel: 'rabbitmq' } } } };
const scenario = join(folder, 'with-broker.json');
writeFileSync(scenario, JSON.stringify(withBroker));

/** What a run has of the machine: processes by id, listening sockets by inode. */
interface Held {
  pids: Set<number>;
  sockets: Set<string>;
}

/** Processes that work in the run's folder, know of it, or were started by one that does. */
function processesOf(place: string, known: ReadonlySet<number>): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isOurs = (pid: string) => {
    const told = ['environ', 'cmdline'].some((file) => read(`/proc/${pid}/${file}`).includes(place));
    const parent = Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1]);
    return told || known.has(parent) || link(`/proc/${pid}/cwd`).startsWith(place);
  };
  return all
    .filter(isOurs)
    .map(Number)
    .filter((pid) => pid !== process.pid && isAlive(pid));
}

function isAlive(pid: number): boolean {
  const state = read(`/proc/${pid}/stat`).split(') ')[1]?.[0];
  return state !== undefined && state !== 'Z';
}

/** Inodes of sockets that listen, with their ports. */
function listening(): Map<string, number> {
  const lines = ['tcp', 'tcp6'].flatMap((file) => read(`/proc/net/${file}`).split('\n').slice(1));
  const rows = lines.map((line) => line.trim().split(/\s+/)).filter((row) => row[3] === '0A');
  return new Map(rows.map((row) => [`socket:[${row[9]}]`, Number.parseInt(row[1]?.split(':')[1] ?? '', 16)]));
}

/** Notes what the run has now. */
function note(place: string, held: Held): void {
  for (const pid of processesOf(place, held.pids)) held.pids.add(pid);
  const open = listening();
  for (const pid of held.pids)
    for (const socket of list(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`)))
      if (open.has(socket)) held.sockets.add(socket);
}

/** What is left of it, in words. */
function leftOf(place: string, held: Held): string[] {
  const pids = new Set([...held.pids, ...processesOf(place, held.pids)]);
  const processes = [...pids].filter(isAlive).map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
  const ports = [...listening()].filter(([socket]) => held.sockets.has(socket)).map(([, port]) => `port ${port}`);
  const files = list(place).filter((name) => name.startsWith('placement-lab-'));
  const groups = ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu'].flatMap(list).filter((name) => isGroupOf(name, pids));
  return [...processes, ...ports, ...files, ...groups];
}

/** Control groups carry the process id of the runtime that made them. */
function isGroupOf(name: string, pids: ReadonlySet<number>): boolean {
  return pids.has(Number(/^placement-lambda-(\d+)-/.exec(name)?.[1]));
}

const canTell = process.platform === 'linux' && findPostgres() !== undefined;
if (!canTell) writeSync(2, 'skipped: the teardown proof needs Linux, whose /proc it reads, and PostgreSQL from npm\n');
const hasBroker = findRabbitmq() !== undefined;
if (!hasBroker) writeSync(2, 'every run without a broker: RabbitMQ is not installed\n');

describe.skipIf(!canTell)('a live run that is over', () => {
  const ends = Array.from({ length: RUNS }, (_, i) => ENDS[i % ENDS.length] as (typeof ENDS)[number]);
  it.each(ends.map((end, i) => [i, end] as const))(
    'number %i (%s) has left no process, port, file or control group',
    async (number, end) => {
      const place = join(folder, `run-${number}-`);
      mkdirSync(place, { mode: 0o711 });
      const name = hasBroker && number % 4 > 1 ? scenario : 'hello';
      const { child, said } = start(name, place);
      const held: Held = { pids: new Set(), sockets: new Set() };
      const moment_ms = Math.round(uniform(SEED + number) * RUN_MS);
      const began = performance.now();
      let isOver = false;
      void once(child, 'exit').then(() => {
        isOver = true;
      });
      for (let isTold = end === 'whole'; !isOver; await sleep(50)) {
        note(place, held);
        if (isTold || performance.now() - began < moment_ms) continue;
        isTold = true;
        if (end === 'SIGINT') process.kill(-(child.pid as number), end);
        else if (end !== 'whole') child.kill(end);
      }
      const until = performance.now() + PATIENCE_MS;
      while (leftOf(place, held).length > 0 && performance.now() < until) await sleep(100);
      const how = end === 'whole' ? `ended with ${child.exitCode}` : `${end} after ${moment_ms} ms`;
      writeSync(2, `${number}: ${how}; it had ${held.pids.size} processes and ${held.sockets.size} ports\n`);
      expect(leftOf(place, held), said.join('')).toEqual([]);
      if (end === 'whole') expect(held.sockets.size, said.join('')).toBeGreaterThan(4);
    },
  );
});

/** A command line in a process group of its own, as a shell starts it. */
function start(name: string, place: string): { child: ChildProcess; said: string[] } {
  const words = ['live', name, '--strategy', 'all-functions', '--duration', '3s', '--rate', 'x0.2', '--json'];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: place, NO_COLOR: '1' };
  const args = ['--import', import.meta.resolve('tsx'), CLI, ...words];
  const child = spawn(process.execPath, args, { cwd: place, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr?.on('data', (text: Buffer) => void said.push(text.toString()));
  return { child, said };
}

function read(file: string): string {
  return attempt(() => readFileSync(file, 'utf8'), '');
}

function link(path: string): string {
  return attempt(() => readlinkSync(path), '');
}

function list(path: string): string[] {
  return existsSync(path) ? attempt(() => readdirSync(path), []) : [];
}

/** What is gone meanwhile has nothing to say. */
function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
