// Makes the published package: bundled JavaScript in dist/, and the types that a scenario file needs.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { keepConst } from './keep-const.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    cli: 'simulator/cli.ts',
    'cell-worker': 'simulator/run/cell-worker.ts',
    'trace-worker': 'simulator/run/trace-worker.ts',
    keeper: 'simulator/worlds/live/programs/keeper.ts',
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
const types = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = types.status ?? 1;
