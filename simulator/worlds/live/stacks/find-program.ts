import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program on PATH (or on another `path`) or in one of `more` folders; undefined where there is none that may be run. */
export function findProgram(name: string, more: readonly string[] = [], path = process.env.PATH): string | undefined {
  const folders = [...more, ...(path ?? '').split(delimiter)].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
