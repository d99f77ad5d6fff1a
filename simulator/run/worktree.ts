import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { InputError, UnavailableError } from '../domain/problem.ts';
import { atEnd } from './at-end.ts';

const execute = promisify(execFile);
const PREFIX = 'placement-lab-gate-';

/** Another version of the repository that we stand in, checked out beside it and ready to run. */
export interface Worktree {
  /** The folder that corresponds to the one we stand in. */
  folder: string;
  commit: string;
  /** Command and first words that start its own placement-lab. */
  program: string[];
  remove(): void;
}

/**
 * Checks a git ref out into a temporary folder, with its dependencies: ours where its lockfile is the same, else installed without scripts.
 *
 * Throws: InputError when there is no such ref or no repository, UnavailableError when it cannot be installed. Whatever was made is gone then.
 */
export async function openWorktree(
  ref: string,
  o: { cwd: string; say(text: string): void; signal: AbortSignal },
): Promise<Worktree> {
  const root = gitRoot(o.cwd);
  const commit = commitOf(root, ref);
  removeForgotten(root);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`)));
  const remove = () => removeWorktree(root, folder);
  const cleanup = atEnd(remove);
  const gone = () => {
    remove();
    cleanup.done();
  };
  try {
    git(root, ['worktree', 'add', '--detach', '--quiet', folder, commit]);
    await install(root, folder, o);
    return { folder: join(folder, relative(root, o.cwd)), commit, program: programOf(folder), remove: gone };
  } catch (error) {
    gone();
    throw error;
  }
}

function git(root: string, words: readonly string[]): string {
  return execFileSync('git', ['-C', root, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

function gitRoot(cwd: string): string {
  try {
    return realpathSync(git(cwd, ['rev-parse', '--show-toplevel']));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') throw new UnavailableError('--against needs git, which is not on PATH');
    throw new InputError([
      { path: '--against', message: `${cwd} lies in no git repository`, expected: 'a checkout, or --baseline FILE' },
    ]);
  }
}

function commitOf(root: string, ref: string): string {
  try {
    return git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  } catch {
    const expected = 'a branch, tag or commit that this checkout has; in CI fetch its history (fetch-depth: 0)';
    throw new InputError([{ path: '--against', message: `there is no commit called '${ref}'`, expected }]);
  }
}

async function install(root: string, folder: string, o: { say(text: string): void; signal: AbortSignal }): Promise<void> {
  if (!existsSync(join(folder, 'package.json'))) return;
  const lock = (at: string) =>
    existsSync(join(at, 'package-lock.json')) ? readFileSync(join(at, 'package-lock.json'), 'utf8') : '';
  if (lock(folder) === lock(root) && existsSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    return;
  }
  o.say('installing the dependencies of the other version, whose lockfile differs');
  try {
    await execute('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      signal: o.signal,
      maxBuffer: 1e8,
    });
  } catch (error) {
    const words = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split('\n')
      .slice(-3)
      .join(' ');
    throw new UnavailableError(`--against: npm ci of the other version failed: ${words}`);
  }
}

/** Its own source, its own installed package, or, where a repository only holds scenarios, this very program. */
function programOf(folder: string): string[] {
  if (nameOf(folder) === 'placement-lab') return [process.execPath, '--import', 'tsx', join(folder, 'simulator', 'cli.ts')];
  const installed = join(folder, 'node_modules', 'placement-lab', 'dist', 'cli.js');
  if (existsSync(installed)) return [process.execPath, installed];
  return [process.execPath, ...process.execArgv, process.argv[1] as string];
}

function nameOf(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}

function removeWorktree(root: string, folder: string): void {
  // A link to our own dependencies must not be followed by what removes the folder.
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  try {
    git(root, ['worktree', 'remove', '--force', folder]);
  } catch {
    rmSync(folder, { recursive: true, force: true });
    git(root, ['worktree', 'prune']);
  }
}

/** Those of runs that were killed and could take nothing away. */
function removeForgotten(root: string): void {
  const lines = git(root, ['worktree', 'list', '--porcelain']).split('\n');
  for (const line of lines) {
    const folder = line.startsWith('worktree ') ? line.slice('worktree '.length) : '';
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(basename(folder))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeWorktree(root, folder);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
