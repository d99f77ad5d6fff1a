import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSheet } from './contract.ts';

/** Name of the environment variable that tells a process which run it belongs to: the folder of the run's sheet. */
export const RUN_FOLDER = 'PLACEMENT_RUN_FOLDER';

export function writeSheet(sheet: RunSheet): void {
  writeFileSync(join(sheet.folder, 'run.json'), JSON.stringify(sheet));
}

/** The sheet of the run that this process was started for. Throws: Error when it was started by hand. */
export function readSheet(folder = process.env[RUN_FOLDER]): RunSheet {
  if (folder === undefined) throw new Error(`${RUN_FOLDER} is not set: this program is started by a live run, not by hand`);
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunSheet;
}
