import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wallMs } from '../clock.ts';

/**
 * What a fault does to a component meanwhile: factors on its computing and on its waiting, the share of its calls that fail, and of its
 * messages after which it dies before it can acknowledge.
 */
export interface Disturbance {
  slow: number;
  wait: number;
  errors: number;
  deaths: number;
}

const NONE: Disturbance = { slow: 1, wait: 1, errors: 0, deaths: 0 };
const LOOK_EVERY_MS = 100;
const FILE = 'disturbances.json';

/** Tells every process of the run, by component name. */
export function disturb(folder: string, now: Readonly<Record<string, Disturbance>>): void {
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(now));
  renameSync(`${file}.new`, file);
}

/** What is disturbed at the moment, as a process sees it: it looks at the run's folder ten times a second, and only when it works. */
export class Disturbances {
  private readonly file: string;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private changedAt = 0;
  private now: Readonly<Record<string, Disturbance>> = {};

  constructor(folder: string) {
    this.file = join(folder, FILE);
  }

  of(component: string): Disturbance {
    const now = wallMs();
    if (now - this.lookedAt >= LOOK_EVERY_MS) {
      this.lookedAt = now;
      this.look();
    }
    return this.now[component] ?? NONE;
  }

  private look(): void {
    const changedAt = statSync(this.file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changedAt === this.changedAt) return;
    this.changedAt = changedAt;
    this.now = JSON.parse(readFileSync(this.file, 'utf8'));
  }
}
