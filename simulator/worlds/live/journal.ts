import { closeSync, fstatSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveEffect } from './contract.ts';

/**
 * Effects that no store keeps (shown, published, worked off, ...), one JSON line each in a file of this process.
 *
 * Written before the process goes on, so that a killed worker has told everything that it did.
 */
export class Journal {
  private readonly fd: number;
  constructor(folder: string, name: string) {
    this.fd = openSync(join(folder, `journal-${name}-${process.pid}.ndjson`), 'a');
  }

  write(effect: LiveEffect): void {
    writeSync(this.fd, `${JSON.stringify(effect)}\n`);
  }

  /** A component's own code or model failed. */
  failed(component: string, message: string): void {
    writeSync(this.fd, `${JSON.stringify({ failed: component, message } satisfies Failure)}\n`);
  }

  /** Something that who started the run wants to know. */
  tell(told: string): void {
    writeSync(this.fd, `${JSON.stringify({ told } satisfies Told)}\n`);
  }

  close(): void {
    closeSync(this.fd);
  }
}

interface Told {
  told: string;
}

interface Failure {
  failed: string;
  message: string;
}

/** What all journals of a run say: each failure once, with how often, and each thing told once. */
export interface Journalled {
  effects: LiveEffect[];
  failures: { component: string; message: string; count: number }[];
  told: string[];
}

/** What every process's journal says. */
export function journalled(folder: string): Journalled {
  const effects: LiveEffect[] = [];
  const failures = new Map<string, { component: string; message: string; count: number }>();
  const told = new Set<string>();
  for (const text of linesIn(folder, 'journal-')) {
    const line = JSON.parse(text) as LiveEffect | Failure | Told;
    if ('told' in line) {
      told.add(line.told);
      continue;
    }
    if ('effect' in line) {
      effects.push(line);
      continue;
    }
    const known = failures.get(`${line.failed} ${line.message}`);
    if (known) known.count++;
    else failures.set(`${line.failed} ${line.message}`, { component: line.failed, message: line.message, count: 1 });
  }
  return { effects, failures: [...failures.values()].sort((a, b) => b.count - a.count), told: [...told] };
}

/**
 * The lines of all files whose names begin so; a last line that a kill cut off is no line.
 *
 * `read` is how many bytes of each file are known: who asks again with the same one gets what has come since.
 */
export function* linesIn(folder: string, beginning: string, read = new Map<string, number>()): Generator<string> {
  for (const file of readdirSync(folder)
    .filter((name) => name.startsWith(beginning))
    .sort()) {
    const from = read.get(file) ?? 0;
    const bytes = bytesOf(join(folder, file), from);
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    read.set(file, from + whole.length);
    const lines = whole.toString().split('\n');
    lines.pop();
    yield* lines;
  }
}

function bytesOf(file: string, from: number): Buffer {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(fstatSync(fd).size - from);
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
  } finally {
    closeSync(fd);
  }
}
