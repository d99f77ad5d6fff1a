import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { CPU_PERIOD_MS } from '../../../../domain/cpu-quota.ts';

/**
 * Gives a process its part of one vCPU, in proportion to its function's memory.
 *
 * `cgroup`: the kernel holds all of it back, whatever it does. `stretch`: nobody does, so a component's burn pauses as the kernel would have it pause,
 * for the share that it learns from `PLACEMENT_CPU_SHARE` (1 under `cgroup`); that leaves out CPU that is not burnt on purpose (SDK calls, JSON).
 */
export interface CpuShare {
  readonly by: 'cgroup' | 'stretch';
  /** From the end of INIT on, which the service runs at full speed. */
  limit(id: string, pid: number, share: number): void;
  release(id: string): void;
}

const PREFIX = 'placement-lambda-';
const PERIOD_US = 1000 * CPU_PERIOD_MS;
/** The least quota that the kernel takes. */
const QUOTA_MIN_US = 1_000;

/** Where control groups lie in version 2 and in version 1, and how each is told a quota. */
const HIERARCHIES: readonly { root: string; limit: (folder: string, quotaUs: number) => void }[] = [
  { root: '/sys/fs/cgroup', limit: (folder, quotaUs) => write(`${folder}/cpu.max`, `${quotaUs} ${PERIOD_US}`) },
  {
    root: '/sys/fs/cgroup/cpu',
    limit: (folder, quotaUs) => {
      write(`${folder}/cpu.cfs_period_us`, String(PERIOD_US));
      write(`${folder}/cpu.cfs_quota_us`, String(quotaUs));
    },
  },
];

/** Only into files that the kernel has put there: elsewhere a write would make an ordinary file. */
function write(file: string, text: string): void {
  writeFileSync(file, text, { flag: 'r+' });
}

/** By control groups where this process may make them, else by pauses. `wanted` leaves out the attempt. */
export function cpuShare(wanted: 'auto' | 'stretch' = 'auto'): CpuShare {
  const found = wanted === 'auto' && HIERARCHIES.find(({ root, limit }) => isWritable(root, limit));
  if (!found) return { by: 'stretch', limit: () => undefined, release: () => undefined };
  const folderOf = (id: string) => `${found.root}/${PREFIX}${process.pid}-${id}`;
  return {
    by: 'cgroup',
    limit: (id, pid, share) => {
      if (share >= 1) return;
      mkdirSync(folderOf(id));
      found.limit(folderOf(id), Math.max(QUOTA_MIN_US, Math.round(share * PERIOD_US)));
      write(`${folderOf(id)}/cgroup.procs`, String(pid));
    },
    release: (id) => remove(folderOf(id)),
  };
}

/** Tries it, since a file's mode says little about control groups; empty ones that a killed runtime left behind are taken away. */
function isWritable(root: string, limit: (folder: string, quotaUs: number) => void): boolean {
  if (!existsSync(root)) return false;
  for (const name of readdirSync(root)) if (name.startsWith(PREFIX) && isOrphan(name)) remove(`${root}/${name}`);
  const folder = `${root}/${PREFIX}${process.pid}-probe`;
  try {
    mkdirSync(folder);
    limit(folder, PERIOD_US);
    return true;
  } catch {
    return false;
  } finally {
    remove(folder);
  }
}

/** Whether the runtime whose process id stands in a group's name is gone. */
function isOrphan(name: string): boolean {
  try {
    process.kill(Number.parseInt(name.slice(PREFIX.length), 10), 0);
    return false;
  } catch {
    return true;
  }
}

/** The kernel refuses to take away a group with a process in it. */
function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there, or still in use.
  }
}
