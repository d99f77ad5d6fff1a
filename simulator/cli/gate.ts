import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Baseline } from '../domain/baseline.ts';
import type { GateReport } from '../domain/gate.ts';
import { InputError } from '../domain/problem.ts';
import type { Report } from '../domain/report.ts';
import type { Scenario } from '../domain/scenario.ts';
import { CHECKS } from '../measure/checks/index.ts';
import { baselineOf } from '../measure/gate/baseline-of.ts';
import { judgeGate } from '../measure/gate/judge.ts';
import { type Objective, parseObjective, pointed } from '../measure/objectives.ts';
import { EXIT } from './exit-codes.ts';
import { deliverGate } from './gate-deliver.ts';
import type { GateWords } from './gate-options.ts';
import { optionsOf, playAgainst, playHere, wordsLike } from './gate-play.ts';
import { Words } from './numbers.ts';
import { progressOf } from './scenario.ts';
import { versionOf } from './version.ts';

const EXITS: Readonly<Record<GateReport['outcome'], number>> = {
  passed: EXIT.met,
  failed: EXIT.failed,
  unclear: EXIT.unclear,
};

/** Runs `gate NAME`: plays, compares with what was measured before, writes, prints; returns the exit code. */
export async function gateCommand(name: string, words: GateWords, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  const asked = await readWords(name, words);
  const { path, scenario } = asked;
  if (words.update) return update(name, words, { path, scenario, signal });
  if (words.against !== undefined && words.world === 'live') return live(name, { ...asked, words, began, signal });
  if (words.against !== undefined) {
    const before = await playAgainst(name, words, signal);
    const report = await playHere(name, words, signal);
    const kind = 'git ref';
    return finish(report, before, { ...asked, words, began, against: { kind, name: words.against } });
  }
  if (!existsSync(path)) return missing(path, name, words);
  const before = await readFor(scenario, path);
  const report = await playHere(name, wordsLike(words, before.options), signal);
  return finish(report, before, { ...asked, words, began, against: { kind: 'baseline', name: path } });
}

/** Both versions in turns on one stack. */
async function live(name: string, o: Asked & { words: GateWords; began: number; signal: AbortSignal }): Promise<number> {
  const { words, signal } = o;
  const { openWorktree } = await import('../run/worktree.ts');
  const { ownVersion, playTurns } = await import('./gate-live.ts');
  const { judgeTurns } = await import('../measure/gate/judge-turns.ts');
  const ref = words.against as string;
  const progress = progressOf(words.quiet === true);
  const worktree = await openWorktree(ref, { cwd: process.cwd(), say: (text) => progress.say(text), signal });
  try {
    const before = { program: worktree.program, folder: worktree.folder, name: `--against ${ref}` };
    const played = await playTurns(name, words, { versions: { before, now: ownVersion() }, signal });
    const found = judgeTurns(played, {
      against: ref,
      thresholds: o.thresholds,
      ...optional('tolerance', o.tolerance),
      ...optional('require', words.require),
    });
    const seconds = (performance.now() - o.began) / 1000;
    await deliverGate({ report: played.now.report, before: baselineOf(played.before.report), found, words, seconds });
    return EXITS[found.outcome];
  } finally {
    worktree.remove();
  }
}

function optional<K extends string, T>(key: K, value: T | undefined): { [key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: T });
}

interface Asked {
  scenario: Scenario;
  path: string;
  thresholds: Objective[];
  tolerance?: number;
}

/** Everything that can be wrong with the words themselves, at once. Throws: InputError. */
async function readWords(name: string, words: GateWords): Promise<Asked> {
  const { loadNamed } = await import('../run/load.ts');
  const read = new Words();
  const scenario = await loadNamed(name, words.set, words.fault);
  if (words.against !== undefined)
    for (const other of ['baseline', 'update', 'allowMissing'] as const)
      if (words[other] !== undefined)
        read.complain('--against', words.against, `either --against or --${other.replace('M', '-m')}`);
  if (words.baseline === '') read.complain('--baseline', '', 'a file');
  if (words.out === '') read.complain('--out', '', 'a folder');
  const thresholds = words.threshold.flatMap((text) => threshold(text, { scenario, words, read }));
  const tolerance = toleranceOf(words.tolerance, read);
  if (read.problems.length > 0) throw new InputError(read.problems);
  const path = words.baseline ?? join('baselines', `${scenario.name}.json`);
  return { scenario, path, thresholds, ...(tolerance === undefined ? {} : { tolerance }) };
}

function threshold(text: string, o: { scenario: Scenario; words: GateWords; read: Words }): Objective[] {
  const { operations, events } = o.scenario.application;
  const consumers = Object.values(events).flatMap((event) => Object.keys(event.consumers));
  const parsed = parseObjective(text, {
    operations: Object.keys(operations),
    lags: [...Object.keys(events), ...consumers],
    checks: CHECKS.map((check) => check.name),
  });
  if ('problem' in parsed) {
    o.read.problems.push({ path: '--threshold', message: pointed(text, parsed.problem) });
    return [];
  }
  if (parsed.objective.baseline !== undefined && o.words.world === 'live' && o.words.against === undefined) {
    const message = `'${text}' needs a baseline that was measured in the same hour on the same machine`;
    o.read.problems.push({ path: '--threshold', message, expected: '--against GIT-REF, or a line without baseline' });
  }
  return [parsed.objective];
}

function toleranceOf(text: string | undefined, read: Words): number | undefined {
  const share = read.amount('--tolerance', text?.replace(/\s*%$/, ''), { minimum: 0, maximum: 1000, default: -1 });
  return share < 0 ? undefined : share / 100;
}

async function readFor(scenario: Scenario, path: string): Promise<Baseline> {
  const { readBaseline } = await import('../run/read-baseline.ts');
  return readBaseline(path, { scenario: scenario.name, version: versionOf() });
}

/** Nothing is played and nothing is written: a baseline is somebody's decision. */
function missing(path: string, name: string, words: GateWords): number {
  const write = `npm run gate ${name} --${words.baseline === undefined ? '' : ` --baseline ${path}`} --update`;
  if (!words.allowMissing)
    throw new InputError([{ path, message: 'there is no baseline yet', expected: `one, which this writes: ${write}` }]);
  console.error(`${path}: there is no baseline yet, so nothing was compared. This writes one: ${write}`);
  return EXIT.met;
}

/** Writes what is measured now as the baseline and says what that changes. */
async function update(
  name: string,
  words: GateWords,
  o: { path: string; scenario: Scenario; signal: AbortSignal },
): Promise<number> {
  const { prepareFolder, writeWhole } = await import('../run/outputs.ts');
  const { baselineText } = await import('../../reports/gate/baseline.ts');
  const { updateText } = await import('../../reports/gate/update.ts');
  const before = existsSync(o.path) ? await readFor(o.scenario, o.path).catch(unreadable) : undefined;
  prepareFolder(dirname(resolve(o.path)), '--baseline FILE');
  const played = before ? wordsLike(words, before.options) : words;
  const report = await playHere(name, played, o.signal);
  const now = baselineOf(report, optionsOf(played));
  const isSame = before !== undefined && baselineText(before) === baselineText(now);
  if (!isSame) writeWhole(o.path, baselineText(now));
  const found =
    before && judgeGate(report, before, { against: { kind: 'baseline', name: o.path }, thresholds: [], options: now.options });
  process.stdout.write(updateText({ path: o.path, isSame, before: found, now }));
  return EXIT.met;
}

/** A baseline that cannot be read is what --update is for: it is replaced, and that is said. */
function unreadable(error: unknown): undefined {
  if (!(error instanceof InputError)) throw error;
  for (const problem of error.problems) console.error(`replaced: ${problem.path}: ${problem.message}`);
  return undefined;
}

async function finish(
  report: Report,
  before: Baseline,
  o: Asked & { words: GateWords; began: number; against: { kind: GateReport['against']['kind']; name: string } },
): Promise<number> {
  const { words, thresholds, tolerance, against } = o;
  const { require } = words;
  const found = judgeGate(report, before, {
    against,
    thresholds,
    options: optionsOf(wordsLike(words, before.options)),
    ...optional('tolerance', tolerance),
    ...optional('require', require),
  });
  if (found.rows.both.length === 0) {
    const message = `has none of the placements that were played: ${Object.keys(before.rows).join(', ')}`;
    throw new InputError([{ path: against.name, message, expected: 'a --strategy that it has, or --update' }]);
  }
  await deliverGate({ report, before, found, words, seconds: (performance.now() - o.began) / 1000 });
  return EXITS[found.outcome];
}
