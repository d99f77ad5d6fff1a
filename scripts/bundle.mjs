// Makes the published package: bundled JavaScript in dist/, the programs of a live run in dist/programs/, and the types that a scenario file needs.
// With another folder (seen from the root) as argument only the code, in there: what tests start.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundlePrograms } from '../simulator/worlds/live/stacks/bundle.ts';
import { keepConst } from './keep-const.mjs';

/** Programs of a live run that start once: they take their packages from beside this one. */
const PARTS = ['keeper', 'fauxqs', 'dynalite', 'lambda'];
const PROGRAMS = 'simulator/worlds/live/programs';
const root = fileURLToPath(new URL('..', import.meta.url));
const [folder = 'dist'] = process.argv.slice(2);
rmSync(`${root}${folder}`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    cli: 'simulator/cli.ts',
    'cell-worker': 'simulator/run/cell-worker.ts',
    'trace-worker': 'simulator/run/trace-worker.ts',
    ...Object.fromEntries(PARTS.map((name) => [name, `${PROGRAMS}/${name}.ts`])),
    index: 'simulator/index.ts',
  },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  outdir: folder,
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
  plugins: [keepConst],
});
chmodSync(`${root}${folder}/cli.js`, 0o755);
copyFileSync(`${root}${PROGRAMS}/lambda-environment.mjs`, `${root}${folder}/lambda-environment.mjs`);
await bundlePrograms(`${root}${folder}/programs`);
if (folder === 'dist') {
  const words = [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.types.json'];
  process.exitCode = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' }).status ?? 1;
}
