// Makes the published package: bundled JavaScript in dist/, the programs of a live run in dist/programs/, and the types that a scenario file needs.
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
rmSync(`${root}dist`, { recursive: true, force: true });
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
  outdir: 'dist',
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
  plugins: [keepConst],
});
chmodSync(`${root}dist/cli.js`, 0o755);
copyFileSync(`${root}${PROGRAMS}/lambda-environment.mjs`, `${root}dist/lambda-environment.mjs`);
await bundlePrograms(`${root}dist/programs`);
const types = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = types.status ?? 1;
