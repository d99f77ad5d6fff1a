import { writeSync } from 'node:fs';
import { type Backend, type BackendName, pickBackend } from '../../models/backend.ts';
import { UnavailableError } from '../../simulator/domain/problem.ts';

/** TensorFlow.js where `npm run setup` has put it; else undefined, and what needs it says that it skips. */
export async function installed(from?: BackendName): Promise<Backend | undefined> {
  try {
    return await pickBackend(from);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    writeSync(2, `trained networks: skipped. ${error.message}\n`);
    return undefined;
  }
}
