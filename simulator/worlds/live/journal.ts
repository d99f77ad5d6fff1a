import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
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

  close(): void {
    closeSync(this.fd);
  }
}

/** Every line of every process's journal. */
export function* journalled(folder: string): Generator<LiveEffect> {
  for (const line of linesIn(folder, 'journal-')) yield JSON.parse(line) as LiveEffect;
}

/** The lines of all files whose names begin so; a last line that a kill cut off is no line. */
export function* linesIn(folder: string, beginning: string): Generator<string> {
  for (const file of readdirSync(folder)
    .filter((name) => name.startsWith(beginning))
    .sort()) {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    lines.pop();
    yield* lines;
  }
}
