import { homedir } from 'node:os';
import { join } from 'node:path';
import { K6_VERSION } from '../../../../workloads/drivers/k6.ts';
import { UnavailableError } from '../../../domain/problem.ts';
import { findProgram } from './find-program.ts';

const CACHE = join(homedir(), '.cache', 'placement-lab', 'bin');

/** How to get k6, which no package registry of Node has. */
export const HOW_TO_GET_K6 =
  `With Go 1.25 or later: GOBIN="$HOME/.cache/placement-lab/bin" go install go.k6.io/k6@${K6_VERSION} (some minutes, once; it is looked for ` +
  'there and on PATH). An older Go fetches the newer one by itself.';

/** Where k6 is on this machine, or undefined. */
export function k6Program(): string | undefined {
  return findProgram('k6', [CACHE]);
}

/** The program of k6. Throws: UnavailableError that says how to get it. */
export function findK6(): string {
  const found = k6Program();
  if (found !== undefined) return found;
  throw new UnavailableError(`k6 is not on PATH. ${HOW_TO_GET_K6} Without it: --driver own, which is the default.`);
}
