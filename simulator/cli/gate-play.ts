import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Baseline } from '../domain/baseline.ts';
import { InputError, UnavailableError } from '../domain/problem.ts';
import type { Report } from '../domain/report.ts';
import { baselineOf } from '../measure/gate/baseline-of.ts';
import type { GateWords } from './gate-options.ts';
import { openLive } from './live.ts';
import { prepare, progressOf, simulate } from './scenario.ts';

/** Options that say what is played; a baseline keeps them, and the other version gets them. */
const PLAYED = ['strategy', 'controller', 'rate', 'seed', 'seeds', 'duration', 'minutes', 'set', 'fault'] as const;

/** What was said of these. */
export function optionsOf(words: Partial<GateWords>): Baseline['options'] {
  const said = PLAYED.flatMap((name): [string, string | string[]][] => {
    const value = words[name];
    return value === undefined || value.length === 0 ? [] : [[name, value]];
  });
  return Object.fromEntries(said);
}

/** The words, and where nothing was said those that a baseline was made with. */
export function wordsLike(words: GateWords, options: Baseline['options']): GateWords {
  const known = Object.fromEntries(Object.entries(options).filter(([name]) => (PLAYED as readonly string[]).includes(name)));
  const said = optionsOf(words);
  if (said.minutes !== undefined || said.duration !== undefined) {
    delete known.minutes;
    delete known.duration;
  }
  return { ...words, ...known, ...said } as GateWords;
}

/** Plays this version. Throws: InputError, UnavailableError. */
export async function playHere(name: string, words: GateWords, signal: AbortSignal): Promise<Report> {
  const progress = progressOf(words.quiet === true);
  const { out: _, require: __, json: ___, against: ____, ...played } = words;
  const prepared = await prepare(name, played);
  const live = prepared.fit && (await openLive({ ...prepared, fit: prepared.fit, progress }));
  return simulate(prepared, { progress, signal, ...(live ? { world: live.world } : {}) }).finally(live?.end);
}

/**
 * Plays what a git ref holds, with its own program and dependencies, in a folder of its own that is gone afterwards.
 *
 * Throws: InputError when there is no such ref or it refuses the words, UnavailableError when it cannot be installed or breaks.
 */
export async function playAgainst(name: string, words: GateWords, signal: AbortSignal): Promise<Baseline> {
  const ref = words.against as string;
  const { openWorktree } = await import('../run/worktree.ts');
  const { reportOf } = await import('../run/read-report.ts');
  const progress = progressOf(words.quiet === true);
  const cwd = process.cwd();
  const worktree = await openWorktree(ref, { cwd, say: (text) => progress.say(text), signal });
  try {
    progress.say(`${name}: ${ref} (${worktree.commit.slice(0, 8)}) plays first`);
    // What --set changes is a question about this side: the other one is as it is.
    const { set: _, ...options } = optionsOf(words);
    const said = Object.entries(options).flatMap(([option, value]) => [value].flat().flatMap((one) => [`--${option}`, one]));
    const scenario = existsSync(name) ? relative(cwd, resolve(name)) : name;
    const order = [...worktree.program.slice(1), 'scenario', scenario, '--json', '--stable', '--quiet', ...said];
    const text = await outputOf(worktree.program[0] as string, order, { cwd: worktree.folder, signal, ref });
    return { ...baselineOf(reportOf(JSON.parse(text), `--against ${ref}`)), options };
  } finally {
    worktree.remove();
  }
}

/** What a program says on standard output. Its exit code tells how its objectives stand, which is no matter here. */
function outputOf(command: string, words: string[], o: { cwd: string; signal: AbortSignal; ref: string }): Promise<string> {
  return new Promise((done, failed) => {
    const child = execFile(command, words, { cwd: o.cwd, signal: o.signal, maxBuffer: 1e9 }, (error, stdout, stderr) => {
      const code = child.exitCode ?? -1;
      if (error === null || [0, 1, 4].includes(code)) return done(stdout);
      const said = stderr.trim().split('\n').slice(-8).join('\n  ');
      if (code === 2)
        return failed(new InputError([{ path: `--against ${o.ref}`, message: `refuses what is to be played:\n  ${said}` }]));
      return failed(new UnavailableError(`--against ${o.ref}: its program ended with ${code}: ${said}`));
    });
  });
}
