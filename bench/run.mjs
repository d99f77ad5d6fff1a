// Bundles the benchmark first: tsx keeps function names by wrapping every closure, which would slow the plain engine down and flatter ours.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { keepConst } from '../scripts/keep-const.mjs';

const folder = mkdtempSync(join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', '.bench-'));
try {
  const outfile = join(folder, 'bench.mjs');
  const entry = fileURLToPath(new URL('./bench.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    outfile,
    logLevel: 'error',
    plugins: [keepConst],
  });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
