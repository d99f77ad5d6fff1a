import { existsSync, readFileSync, statSync } from 'node:fs';
import { arch, cpus, platform, release } from 'node:os';
import { type CalibratedMachine, type Calibration, CalibrationSchema, machineInWords } from '../domain/calibration.ts';
import { InputError } from '../domain/problem.ts';
import { calibrationProblems } from '../plan/calibrated.ts';
import { parseJsonText } from '../plan/load/json.ts';
import { problemsOfIssues } from '../plan/load/messages.ts';

const FILE_MAX = 20_000_000;
const SCHEMA = 'calibration@1';
const HOW = 'a file that npm run calibrate has written';

/** This machine, as calibrations name it. */
export function thisMachine(): CalibratedMachine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() || 'unknown',
    cores: cores.length,
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
  };
}

/**
 * Reads what `calibrate` wrote.
 *
 * Throws: InputError with everything that is wrong: no file, no JSON, another kind of file, another major version, paths that no model has.
 */
export function readCalibration(path: string): Calibration {
  if (!existsSync(path) || !statSync(path).isFile()) throw problem(path, 'there is no such file', HOW);
  if (statSync(path).size > FILE_MAX) throw problem(path, 'is larger than 20 MB', HOW);
  const parsed = parseJsonText(readFileSync(path, 'utf8'));
  if ('problems' in parsed) throw new InputError(parsed.problems.map((p) => ({ ...p, path: `${path}:${p.path}` })));
  const { schema } = (parsed.value ?? {}) as { schema?: unknown };
  if (schema !== SCHEMA) {
    const found = typeof schema === 'string' ? `is ${schema.slice(0, 40)}` : 'does not say what it is';
    throw problem(`${path}: schema`, `${found}, not ${SCHEMA}`, HOW);
  }
  const checked = CalibrationSchema.safeParse(parsed.value);
  const problems = checked.success
    ? calibrationProblems(checked.data)
    : problemsOfIssues(checked.error.issues, CalibrationSchema, parsed.value);
  if (problems.length > 0 || !checked.success) throw new InputError(problems.map((p) => ({ ...p, path: `${path}: ${p.path}` })));
  return checked.data;
}

/** Says in words how a calibration's machine differs from this one; nothing when it is this one. */
export function otherMachine({ machine }: Calibration): string | undefined {
  const here = thisMachine();
  if (machine.cpu === here.cpu && machine.cores === here.cores) return undefined;
  return `was taken on another machine (${machineInWords(machine)}); this one is ${machineInWords(here)}`;
}

function problem(path: string, message: string, expected: string): InputError {
  return new InputError([{ path, message, expected }]);
}
