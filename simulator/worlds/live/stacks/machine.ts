import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { MachinePart } from '../../../domain/machine-part.ts';
import { MINISTACK_HINT, ministackProgram } from './aws/ministack.ts';
import { findProgram } from './find-program.ts';
import { HOW_TO_GET_K6, k6Program } from './k6-program.ts';
import { findPostgres, HOW_TO_GET_POSTGRES } from './postgres-binaries.ts';
import { findRabbitmq, HOW_TO_GET_RABBITMQ } from './rabbitmq-program.ts';

/** How long a program may take to say its version; a daemon that hangs is as good as none. */
const ANSWER_MS = 5_000;

/** One thing to look for: what was found, or undefined. */
interface Probe {
  enables: string;
  get: string;
  look(): string | undefined | Promise<string | undefined>;
}

/**
 * What the live world can use, in the order in which a stack is built up.
 *
 * `rabbitmq-server` is never asked for its version, since it would start a broker: its folder says which one it is.
 */
const PROBES: Readonly<Record<string, Probe>> = {
  Node: { enables: 'everything', get: 'https://nodejs.org, 20.19 or later', look: () => process.version },
  cores: {
    enables: 'a live run plans to use at most 60 % of them',
    get: 'a larger machine',
    look: () => String(availableParallelism()),
  },
  memory: { enables: 'parts and workers of a live run', get: 'a larger machine', look: () => gigabytes(totalmem()) },
  'temporary folder': {
    enables: "data of a run's parts, removed at its end",
    get: 'free space, or another folder: TMPDIR=/somewhere',
    look: () => {
      const { bavail, bsize } = statfsSync(tmpdir());
      return bavail * bsize > 1e9 ? `${tmpdir()}, ${gigabytes(bavail * bsize)} free` : undefined;
    },
  },
  PostgreSQL: {
    enables: 'stores on postgres in the embedded stack',
    get: HOW_TO_GET_POSTGRES,
    look: () => {
      const root = findPostgres();
      return root && (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
    },
  },
  'rabbitmq-server': {
    enables: 'channels on rabbitmq in the embedded stack',
    get: HOW_TO_GET_RABBITMQ,
    look: () => {
      const path = findRabbitmq();
      const version = path && /rabbitmq_server-([\d.]+)/.exec(realpathSync(path))?.[1];
      return version ?? path;
    },
  },
  setpriv: {
    enables: 'parts that end even when the process that keeps them is killed (Linux)',
    get: 'Linux: the package util-linux; there is none for macOS',
    look: () => findProgram('setpriv'),
  },
  'cgroup v2': {
    enables: 'the CPU share of functions by the kernel; without it their work pauses by itself',
    get: 'Linux with a delegated cgroup: systemd-run --user --scope -p Delegate=yes npm run ...',
    look: ownCgroup,
  },
  python3: { enables: 'ministack', get: 'https://www.python.org', look: () => said('python3', ['--version']) },
  ministack: {
    enables: 'an emulator of AWS beside the own endpoint',
    get: MINISTACK_HINT,
    look: () => ministackProgram(process.env),
  },
  docker: {
    enables: '--stack compose, with Compose',
    get: 'https://docs.docker.com/engine/install; the daemon has to run',
    look: () => said('docker', ['version', '--format', '{{.Server.Version}}']),
  },
  'docker compose': {
    enables: '--stack compose',
    get: 'the plugin, version 2: https://docs.docker.com/compose/install',
    look: () => said('docker', ['compose', 'version', '--short']),
  },
  k6: {
    enables: '--driver k6: a second driver, which sends the same schedule',
    get: HOW_TO_GET_K6,
    look: async () => {
      const path = k6Program();
      const version = path && /v[\d.]+/.exec((await said(path, ['version'])) ?? '')?.[0];
      return version && `${version}, ${path}`;
    },
  },
  autocannon: {
    enables: '--driver autocannon: what a placement sustains at most',
    get: 'npm ci: it is one of the packages of this one',
    look: () => packageVersion('autocannon'),
  },
};

/** Looks at this machine: changes nothing, starts nothing that stays. */
export function lookAtMachine(): Promise<MachinePart[]> {
  const looks = Object.entries(PROBES).map(async ([name, { enables, get, look }]): Promise<MachinePart> => {
    const found = await look();
    return found === undefined
      ? { name, isHere: false, found: 'not here', enables, get }
      : { name, isHere: true, found, enables };
  });
  return Promise.all(looks);
}

/** The version of an installed package; undefined where it is not there, or keeps that to itself. */
export function packageVersion(name: string): string | undefined {
  try {
    return (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** The first line that a program (its name, or its path) says when it is asked; undefined when it fails, hangs or is not there. */
function said(name: string, words: string[]): Promise<string | undefined> {
  const program = isAbsolute(name) ? name : findProgram(name);
  if (program === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    execFile(program, words, { timeout: ANSWER_MS, killSignal: 'SIGKILL' }, (error, stdout) => {
      resolve(error ? undefined : stdout.trim().split('\n')[0] || undefined);
    });
  });
}

/** The folder of this process in the one hierarchy, if the CPU controller is there and we may make groups below it. */
function ownCgroup(): string | undefined {
  try {
    const path = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    if (path === undefined) return undefined;
    const folder = join('/sys/fs/cgroup', path);
    accessSync(folder, constants.W_OK);
    return readFileSync(join(folder, 'cgroup.controllers'), 'utf8').split(/\s/).includes('cpu') ? folder : undefined;
  } catch {
    return undefined;
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
