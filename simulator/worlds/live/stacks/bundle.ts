import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import type { BuildOptions } from 'esbuild';
import { zipSync } from 'fflate';
import { UnavailableError } from '../../../domain/problem.ts';

/** Programs that a run starts, most of them many times: from one bundle each is up in a third of the time that it takes from source. */
const BUNDLED = ['gateway', 'worker', 'driver', 'follow-ups', 'fit'];
/** Of those that run in containers: what they start as, and the function runtime with the program of its environments. */
const CONTAINED = ['seat', 'lambda'];
const ENVIRONMENT = 'lambda-environment.mjs';
/** The function's code goes to the endpoint as one file that needs nothing beside it. */
const FUNCTION = 'function';

/** How long a bundle that nobody uses is kept. */
const KEPT_MS = 24 * 3_600_000;

/** Code that a bundle of CommonJS packages needs to find Node's own modules. */
const BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/**
 * The folder of bundled programs: beside this file in the published package, else made from the sources once and kept until they change.
 *
 * It lies in `node_modules/.cache`, from where packages resolve as they do from the sources.
 *
 * Throws: UnavailableError when it cannot be written.
 */
export async function programFolder(): Promise<string> {
  const published = fileURLToPath(new URL('./programs/', import.meta.url));
  if (existsSync(join(published, 'gateway.js'))) return published;
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const cache = join(root, 'node_modules', '.cache', 'placement-lab');
  const folder = join(cache, `programs-${stateOf(root)}`);
  if (existsSync(folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }
  try {
    await bundlePrograms(folder);
    for (const name of readdirSync(cache)) {
      // Another version may share these packages, and run at this moment.
      const isOld = () => Date.now() - statSync(join(cache, name)).mtimeMs > KEPT_MS;
      if (name.startsWith('programs-') && join(cache, name) !== folder && isOld())
        rmSync(join(cache, name), { recursive: true, force: true });
    }
  } catch (error) {
    throw new UnavailableError(`cannot bundle the live world's programs into ${folder}: ${(error as Error).message}`);
  }
  return folder;
}

/** Zip of the bundled function, for CreateFunction: one file. */
export async function functionZip(): Promise<Uint8Array> {
  return zipSync({ 'index.mjs': readFileSync(join(await programFolder(), `${FUNCTION}.js`)) });
}

/** Bundles every program that a run starts into a folder that is not there yet, from the sources above this file. */
export async function bundlePrograms(folder: string): Promise<void> {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const { build } = await import('esbuild');
  const made = `${folder}.${process.pid}-${threadId}`;
  mkdirSync(made, { recursive: true });
  const common: BuildOptions = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['pg-native'],
    outdir: made,
    banner: { js: BANNER },
    logLevel: 'silent',
  };
  const entry = (name: string) => [name, join('simulator', 'worlds', 'live', 'programs', `${name}.ts`)];
  await build({ ...common, splitting: true, entryPoints: Object.fromEntries([...BUNDLED, ...CONTAINED].map(entry)) });
  await build({ ...common, entryPoints: Object.fromEntries([entry(FUNCTION)]) });
  copyFileSync(join(root, 'simulator', 'worlds', 'live', 'programs', ENVIRONMENT), join(made, ENVIRONMENT));
  // Whoever bundles at the same time has made the same.
  if (existsSync(folder)) rmSync(made, { recursive: true });
  else renameSync(made, folder);
}

/** Changes whenever a source or an installed package does, and is the same wherever the same sources lie. */
function stateOf(root: string): string {
  const hash = createHash('sha256');
  const look = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) look(child);
      else {
        hash.update(`${relative(root, child)}\n`);
        hash.update(readFileSync(child));
      }
    }
  };
  for (const folder of ['simulator', 'workloads', join('models', 'forecast')]) look(join(root, folder));
  const lock = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock));
  return hash.digest('hex').slice(0, 16);
}
