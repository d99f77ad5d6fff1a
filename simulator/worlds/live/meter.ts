import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Leg } from '../../domain/leg.ts';
import { wallMs } from './clock.ts';
import { linesIn } from './journal.ts';

/** Rows are kept at most so long before they are written, since a function's process may end without a word. */
const FLUSH_MS = 100;

/** What a leg is, before it is known how long it took. */
export type LegNamed = Omit<Leg, 'on' | 'at_ms' | 'ms'>;

/** Writes down how long every leg took in this process: only in runs that a calibration makes. */
export class Meter {
  private readonly file: string;
  private readonly on: string;
  private rows: Leg[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(folder: string, name: string) {
    this.on = `${name}-${process.pid}`;
    this.file = join(folder, `legs-${this.on}.ndjson`);
    this.timer = setInterval(() => this.flush(), FLUSH_MS).unref();
  }

  /** Notes a leg that began at `began_ms` (wall time) and is over now. */
  note(leg: LegNamed, began_ms: number): void {
    const at_ms = wallMs();
    this.rows.push({ ...leg, on: this.on, at_ms, ms: at_ms - began_ms });
  }

  /** What `work` comes to, its time noted. */
  async timed<T>(leg: LegNamed, work: () => Promise<T>): Promise<T> {
    const began = wallMs();
    try {
      return await work();
    } finally {
      this.note(leg, began);
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.flush();
  }

  private flush(): void {
    if (this.rows.length === 0) return;
    const lines = this.rows.map((row) => JSON.stringify(row)).join('\n');
    this.rows = [];
    appendFileSync(this.file, `${lines}\n`);
  }
}

/** What `work` comes to, timed where this run has a meter. */
export function timed<T>(meter: Meter | undefined, leg: LegNamed, work: () => Promise<T>): Promise<T> {
  return meter === undefined ? work() : meter.timed(leg, work);
}

/** Every leg that the processes of a run have written down. */
export function legsIn(folder: string): Leg[] {
  return Array.from(linesIn(folder, 'legs-'), (line) => JSON.parse(line) as Leg);
}
