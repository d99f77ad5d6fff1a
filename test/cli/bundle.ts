import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The command line, bundled as for the published package: it starts in a third of the time that it takes from its sources. */
    cli: string;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** From where packages resolve as they do from the sources. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'placement-lab');
mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'cli-of-tests-'));

/** Bundles the command line once for all tests that start it. */
export function setup({ provide }: TestProject): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/bundle.mjs', relative(ROOT, folder)], { cwd: ROOT });
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  provide('cli', join(folder, 'cli.js'));
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
