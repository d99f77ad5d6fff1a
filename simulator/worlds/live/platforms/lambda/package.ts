import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import { invalid } from './api-error.ts';

/** Unpacks a function's code. Throws: an ApiError 400 when it is no zip, or when a file of it would lie outside the folder. */
export function unpack(zip: Uint8Array, folder: string): void {
  for (const [name, content] of Object.entries(unzipped(zip))) {
    if (name.endsWith('/')) continue;
    const path = normalize(join(folder, name));
    if (!path.startsWith(`${folder}/`)) throw invalid(`ZipFile: ${name} lies outside the package`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function unzipped(zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (error) {
    throw invalid(`ZipFile: not a zip that can be read: ${(error as Error).message}`);
  }
}
