import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Effect } from '../domain/cell.ts';
import { UnavailableError } from '../domain/problem.ts';

/** Files that are being written now: removed when the run is broken off. */
const unfinished = new Set<string>();

/**
 * Makes sure that `folder` exists and takes files, before anything is simulated.
 *
 * Throws: UnavailableError that says what to do.
 */
export function prepareFolder(folder: string): void {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, '');
    unlinkSync(probe);
  } catch (error) {
    throw new UnavailableError(`cannot write to ${folder}: ${wordsOf(error)}; choose another folder with --out DIR`);
  }
}

/** Writes a file whole or not at all: into a temporary name beside it, then renamed. */
export function writeWhole(path: string, text: string): void {
  within(path, (fd) => {
    writeFileSync(fd, text);
  });
}

/** Writes the ledger as one JSON line per effect, cell after cell. */
export function writeLedger(
  path: string,
  cells: readonly { strategy: string; seed: number; effects: readonly Effect[] }[],
): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  within(path, (fd) => {
    for (const { strategy, seed, effects } of cells) {
      for (let from = 0; from < effects.length; from += 10_000) {
        const lines = effects.slice(from, from + 10_000).map((e) => `${JSON.stringify({ strategy, seed, ...e })}\n`);
        writeSync(fd, lines.join(''));
      }
    }
  });
}

/** Removes what a broken-off run has half written. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

function within(path: string, write: (fd: number) => void): void {
  const temporary = join(dirname(resolve(path)), `.${process.pid}-${Math.floor(process.hrtime()[1])}.part`);
  unfinished.add(temporary);
  try {
    const fd = openSync(temporary, 'w');
    try {
      write(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    throw new UnavailableError(`cannot write ${path}: ${wordsOf(error)}`);
  } finally {
    unfinished.delete(temporary);
  }
}

function wordsOf(error: unknown): string {
  const code = (error as { code?: string }).code ?? '';
  const words: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'part of the path is a file',
    EISDIR: 'it is a folder',
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
