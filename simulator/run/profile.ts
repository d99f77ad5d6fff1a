import { existsSync, readFileSync, statSync } from 'node:fs';
import { CONTROLLERS } from '../controllers/index.ts';
import type { ControllerAssets, Observation } from '../domain/controller.ts';
import type { Plan } from '../domain/plan.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import { type Profile, ProfileSchema } from '../domain/profile.ts';
import { parseJsonText } from '../plan/load/json.ts';
import { problemsOfIssues } from '../plan/load/messages.ts';

const FILE_MAX = 200_000_000;

/**
 * Reads what an earlier run had learnt; nothing where there is no such file yet.
 *
 * Throws: InputError with everything that is wrong with it.
 */
export function readProfile(path: string): Profile | undefined {
  if (!existsSync(path)) return undefined;
  const refuse = (message: string): never => {
    throw new InputError([{ path, message, expected: 'a profile that an earlier run wrote; delete it to learn anew' }]);
  };
  if (!statSync(path).isFile() || statSync(path).size > FILE_MAX) return refuse('is no file of at most 200 MB');
  const text = parseJsonText(readFileSync(path, 'utf8'));
  if ('problems' in text) return refuse('is no JSON');
  const parsed = ProfileSchema.safeParse(text.value);
  if (!parsed.success) throw new InputError(problemsOfIssues(parsed.error.issues, ProfileSchema, text.value).map(inFile));
  const broken = Object.entries(parsed.data.pools).filter(([, pool]) => !canStart(pool));
  if (broken.length > 0) return refuse(`has pools that no controller can start from: ${broken.map(([name]) => name).join(', ')}`);
  return parsed.data;

  function inFile(problem: Problem): Problem {
    return { ...problem, path: `${path}: ${problem.path}` };
  }
}

const A_LOOK: Observation = {
  at_s: 60,
  interval_s: 60,
  ...{ ready: 1, starting: 0, draining: 0, busy: 1, queued: 0, arrivals: 60, completions: 60 },
  ...{ utilisation: 1, cpu: 1, minimum: 1, maximum: 100, slots: 1, holding_s: 1 },
};

/** Whether the controller decides from there at all: a file may hold anything. */
function canStart({ controller, ...assets }: Profile['pools'][string]): boolean {
  try {
    const made = CONTROLLERS[controller]?.create({}, assets as ControllerAssets);
    return made !== undefined && Number.isFinite(made.decide(made.initial, A_LOOK).wanted);
  } catch {
    return false;
  }
}

/** The plan with what is stored about its pools, where the same controller learnt it. */
export function profiled(plan: Plan, profile: Profile | undefined): Plan {
  if (profile === undefined) return plan;
  const parts = plan.parts.map((part) => {
    const { controller, ...assets } = profile.pools[part.path] ?? { controller: '' };
    if (part.sizing?.controller.name !== controller) return part;
    return { ...part, sizing: { ...part.sizing, assets: { ...part.sizing.assets, ...(assets as ControllerAssets) } } };
  });
  return { ...plan, parts };
}

/** What the controllers of these plans have learnt: of a pool that several have, what the first did. */
export function profileOf(plans: readonly Plan[]): Profile {
  const pools: Profile['pools'] = {};
  for (const part of plans.flatMap((plan) => plan.parts)) {
    const { start_s, patience, service_cv2, learnt } = part.sizing?.assets ?? {};
    if (learnt === undefined || start_s === undefined || pools[part.path] !== undefined) continue;
    pools[part.path] = {
      controller: part.sizing?.controller.name ?? '',
      start_s,
      ...(patience === undefined ? {} : { patience }),
      ...(service_cv2 === undefined ? {} : { service_cv2 }),
      learnt: learnt as Record<string, unknown>,
    };
  }
  return { schema: 'profile@1', scenario: plans[0]?.scenario ?? '', pools };
}
