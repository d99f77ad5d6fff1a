import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SCENARIOS } from '../../scenarios/index.ts';
import { parseTrace } from '../../workloads/trace.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { nearest } from '../domain/nearest.ts';
import type { NeuralModel } from '../domain/neural-model.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { CHECKS } from '../measure/checks/index.ts';
import { parseObjective, pointed } from '../measure/objectives.ts';
import { parseFault } from '../plan/load/fault-text.ts';
import { loadScenario } from '../plan/load/load.ts';
import type { Known } from '../plan/load/names.ts';
import { setPath } from '../plan/load/set.ts';
import { parseText } from '../plan/load/text.ts';
import { STRATEGIES } from '../strategies/index.ts';
import { TUNABLE } from './learn.ts';
import { withOwnCode } from './own-code.ts';
import { readModel } from './read-model.ts';

const FILE_MAX = 200_000_000;

/**
 * The scenario of a shipped name or a file (.ts, .js, .json, .yaml), changed by `--set` assignments, with the faults of `--fault` after its
 * own, and validated.
 *
 * Throws: InputError with every problem; for a file, each with its line where the format has one.
 */
export async function loadNamed(name: string, assignments: readonly string[], faults: readonly string[] = []): Promise<Scenario> {
  const { value, folder, where } = await read(name);
  const problems: Problem[] = [];
  let changed: unknown = withTraces(copied(value), folder, problems);
  for (const assignment of assignments) {
    const set = setPath(changed, assignment);
    if ('problems' in set) problems.push(...set.problems);
    else changed = set.value;
  }
  changed = withModels(changed, folder, problems);
  const { value: faulty, named } = withFaults(changed, faults, problems);
  const loaded = loadScenario(faulty, KNOWN);
  if ('problems' in loaded) problems.push(...loaded.problems.map((p) => named(p) ?? where(p)));
  if (problems.length > 0 || 'problems' in loaded) throw new InputError(problems);
  return withOwnCode(loaded.scenario, folder);
}

/** Adds the faults of the command line; `named` says a problem with one of them in the words in which it was given. */
function withFaults(value: unknown, texts: readonly string[], problems: Problem[]) {
  const parsed = texts.flatMap((text) => {
    const fault = parseFault(text);
    if ('fault' in fault) return [{ text, fault: fault.fault }];
    problems.push(...fault.problems);
    return [];
  });
  const own = (value as { faults?: unknown } | null)?.faults ?? [];
  const isAdded = parsed.length > 0 && Array.isArray(own);
  const named = (problem: Problem): Problem | undefined => {
    const [, index, field] = /^faults\.(\d+)\.?(.*)$/.exec(problem.path) ?? [];
    const said = isAdded ? parsed[Number(index) - own.length] : undefined;
    if (said === undefined) return undefined;
    const message = problem.message.startsWith('is ') ? `${field} ${problem.message}` : problem.message;
    return { ...problem, path: `--fault '${said.text}'`, message };
  };
  if (!isAdded) return { value, named };
  return { value: { ...(value as object), faults: [...own, ...parsed.map(({ fault }) => fault)] }, named };
}

/** A copy to change; what cannot be copied (a function, say) is no data, and validation says so. */
function copied(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}

/** Names that a scenario may use, and how to tell a bad objective. */
const KNOWN: Known = {
  strategies: Object.keys(STRATEGIES),
  controllers: Object.keys(CONTROLLERS),
  checks: CHECKS.map((check) => check.name),
  tunable: TUNABLE,
  isMeant: (name, subject) => CHECKS.find((check) => check.name === name)?.needs?.(subject) ?? true,
  objectiveProblem: (text, names) => {
    const parsed = parseObjective(text, names);
    return 'problem' in parsed ? pointed(text, parsed.problem) : undefined;
  },
};

interface Source {
  value: unknown;
  folder: string;
  /** Adds line and column to a problem's path, where they are known. */
  where(problem: Problem): Problem;
}

const asIs = (problem: Problem) => problem;

async function read(name: string): Promise<Source> {
  const shipped = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (shipped) return { value: (await shipped.load()).default, folder: process.cwd(), where: asIs };
  if (!existsSync(name)) throw unknownScenario(name);
  const path = resolve(name);
  const folder = dirname(path);
  if (!statSync(path).isFile()) throw problem(name, 'is not a file', 'a scenario file: .ts, .js, .json or .yaml');
  const kind = extname(path).toLowerCase();
  if (kind === '.ts' || kind === '.js' || kind === '.mjs') return { value: await imported(path), folder, where: asIs };
  if (kind !== '.json' && kind !== '.yaml' && kind !== '.yml')
    throw problem(name, `ends in ${kind || 'nothing'}`, '.ts, .js, .json or .yaml');
  if (statSync(path).size > FILE_MAX) throw problem(name, 'is larger than 200 MB', 'a scenario file');
  const parsed = parseText(readFileSync(path, 'utf8'), kind === '.json' ? 'json' : 'yaml');
  if ('problems' in parsed) throw new InputError(parsed.problems.map((p) => ({ ...p, path: `${basename(path)}: ${p.path}` })));
  const where = (p: Problem): Problem => {
    const at = parsed.at(p.path);
    return at ? { ...p, path: `${basename(path)}:${at.line}:${at.column}: ${p.path}` } : p;
  };
  return { value: parsed.value, folder, where };
}

async function imported(path: string): Promise<unknown> {
  const url = pathToFileURL(path).href;
  try {
    return defaultOf(await importModule(url));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? 'fails') : String(error);
    throw problem(basename(path), message, 'a module whose default export is a scenario');
  }
}

/** Imports a module; TypeScript goes through tsx where Node does not read it by itself (the binary, before Node 22.18). */
async function importModule(url: string): Promise<unknown> {
  try {
    return await import(url);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    const { tsImport } = await import('tsx/esm/api');
    return tsImport(url, import.meta.url);
  }
}

/** The default export; in a folder of CommonJS it arrives wrapped once more. */
function defaultOf(module: unknown): unknown {
  const { default: value } = module as { default?: unknown };
  const isWrapped = typeof value === 'object' && value !== null && Object.keys(value).join() === 'default';
  return isWrapped ? (value as { default: unknown }).default : value;
}

function unknownScenario(name: string): InputError {
  const suggestion = nearest(name, Object.keys(SCENARIOS));
  const expected = `one of ${Object.keys(SCENARIOS).join(', ')}, or a file`;
  return new InputError([
    { path: name, message: 'there is no such scenario or file', expected, ...(suggestion ? { suggestion } : {}) },
  ]);
}

function problem(path: string, message: string, expected: string): InputError {
  return new InputError([{ path, message, expected }]);
}

/** Any two points: what stands in for a trace that cannot be read, so that the rest is checked in the same go. */
const SOME_POINTS = [
  [0, 1],
  [1, 1],
];

/** Reads every trace file that the arrivals name, relative to the scenario's folder, into points; adds what is wrong with one. */
function withTraces(value: unknown, folder: string, problems: Problem[]): unknown {
  const arrivals = (value as { workload?: { arrivals?: unknown } } | null)?.workload?.arrivals;
  const seen = new Set<unknown>();
  for (let shape = arrivals as { kind?: unknown; file?: unknown; points?: unknown; base?: unknown } | undefined; shape; ) {
    if (seen.has(shape)) break;
    seen.add(shape);
    if (shape.kind === 'trace' && typeof shape.file === 'string') {
      try {
        shape.points = pointsOf(resolve(folder, shape.file), shape.file);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push(...error.problems);
        shape.points = SOME_POINTS;
      }
      delete shape.file;
    }
    shape = shape.base as typeof shape;
  }
  return value;
}

/** Reads every network that the option `model` of a controller names, relative to the scenario's folder; adds what is wrong with one. */
function withModels(value: unknown, folder: string, problems: Problem[]): unknown {
  const models: Record<string, NeuralModel> = { ...(value as { models?: Record<string, NeuralModel> } | null)?.models };
  const look = (at: unknown, key: string): void => {
    if (typeof at !== 'object' || at === null) return;
    const model = key === 'controller' ? (at as { options?: { model?: unknown } | null }).options?.model : undefined;
    if (typeof model !== 'string') {
      for (const [name, inner] of Object.entries(at)) look(inner, name);
      return;
    }
    if (Object.hasOwn(models, model)) return;
    try {
      models[model] = readModel(resolve(folder, model), `controller.options.model: ${model}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  };
  const tree = value as Record<string, unknown> | null;
  for (const key of ['controller', 'overrides', 'strategies']) look(tree?.[key], key);
  return Object.keys(models).length > 0 ? { ...tree, models } : value;
}

function pointsOf(path: string, name: string): [number, number][] {
  if (!existsSync(path))
    throw problem(`workload.arrivals.file`, `${name} does not exist`, 'a `timestamp,value` CSV beside the scenario');
  if (!statSync(path).isFile() || statSync(path).size > FILE_MAX)
    throw problem(name, 'is a folder or larger than 200 MB', 'a `timestamp,value` CSV');
  const parsed = parseTrace(readFileSync(path, 'utf8'));
  if ('problems' in parsed) throw new InputError(parsed.problems.map((p) => ({ ...p, path: `${name}: ${p.path}` })));
  return parsed.points;
}
