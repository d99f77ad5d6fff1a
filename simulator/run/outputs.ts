import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
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
export function prepareFolder(folder: string, option = '--out DIR'): void {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    makeFolder(resolve(folder));
    writeFileSync(probe, '');
    unlinkSync(probe);
  } catch (error) {
    throw new UnavailableError(`cannot write to ${folder}: ${wordsOf(error)}; choose another place with ${option}`);
  }
}

/** One folder after the other: what Node makes in one go never comes back below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Writes a file whole or not at all: into a temporary name beside it, then renamed. */
export function writeWhole(path: string, text: string): void {
  const file = new Unfinished(path);
  file.write(text);
  file.finish();
}

/** Who takes effects, cell after cell. */
export interface LedgerFile {
  write(cell: { strategy: string; controller?: string; rate: number; seed: number }, effects: readonly Effect[]): void;
  /** The file is there, whole, from here on. */
  finish(): void;
}

/** How a ledger is written: what stands first, and a cell with an effect as a line with its end. */
export interface LedgerForm {
  head: string;
  line(effect: object): string;
  /** What chose the place, for messages. */
  option: string;
}

const JSON_LINES: LedgerForm = { head: '', line: (effect) => `${JSON.stringify(effect)}\n`, option: '--ledger FILE' };

/**
 * Opens a ledger of one line per effect, before anything is simulated; it gets its name when it is whole.
 *
 * Throws: UnavailableError that says what to do, here and while writing.
 */
export function openLedger(path: string, form: LedgerForm = JSON_LINES): LedgerFile {
  prepareFolder(dirname(resolve(path)), form.option);
  const file = new Unfinished(path);
  if (existsSync(path) && statSync(path).isDirectory()) file.fail({ code: 'EISDIR' });
  return ledgerInto(form, { write: (text) => file.write(text), finish: () => file.finish() });
}

/** A ledger into anything that takes text: in slices, as a run has more effects than one text can hold. */
export function ledgerInto(form: Omit<LedgerForm, 'option'>, to: { write(text: string): unknown; finish(): void }): LedgerFile {
  if (form.head !== '') to.write(form.head);
  return {
    write(cell, effects) {
      for (let from = 0; from < effects.length; from += 10_000)
        to.write(
          effects
            .slice(from, from + 10_000)
            .map((e) => form.line({ ...cell, ...e }))
            .join(''),
        );
    },
    finish: () => to.finish(),
  };
}

/** Removes what a broken-off run has half written. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

/** A file under a temporary name beside its own. Every way that it can fail takes it away and throws UnavailableError. */
class Unfinished {
  private readonly path: string;
  private readonly temporary: string;
  private readonly fd: number;

  constructor(path: string) {
    this.path = path;
    this.temporary = join(dirname(resolve(path)), `.${process.pid}-${process.hrtime.bigint()}.part`);
    unfinished.add(this.temporary);
    this.fd = this.guarded(() => openSync(this.temporary, 'w'));
  }

  write(text: string): void {
    this.guarded(() => writeFileSync(this.fd, text));
  }

  finish(): void {
    this.guarded(() => {
      closeSync(this.fd);
      renameSync(this.temporary, this.path);
    });
    unfinished.delete(this.temporary);
  }

  fail(error: unknown): never {
    rmSync(this.temporary, { force: true });
    unfinished.delete(this.temporary);
    throw new UnavailableError(`cannot write ${this.path}: ${wordsOf(error)}`);
  }

  private guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      return this.fail(error);
    }
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
    ENOENT: 'nothing can be made there',
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
