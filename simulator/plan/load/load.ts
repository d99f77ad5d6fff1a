import type { Problem } from '../../domain/problem.ts';
import { type Scenario, ScenarioSchema } from '../../domain/scenario.ts';
import { contradictions, tangles } from './contradictions.ts';
import { mended } from './mend.ts';
import { problemsOfIssues } from './messages.ts';
import { type Known, nameProblems } from './names.ts';
import { plainData } from './plain-data.ts';
import { unfolded } from './unfold.ts';

/** A value from anywhere as a scenario with its defaults filled in, or everything that is wrong with it at once. */
export function loadScenario(given: unknown, known: Known): { scenario: Scenario } | { problems: Problem[] } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const expected = 'a table with name, description, application, workload and strategies';
    return { problems: [{ path: 'scenario', message: 'is not a scenario', expected }] };
  }
  const { value, problems: hostile, isWhole } = plainData(given);
  if (!isWhole) return { problems: hostile };
  const parsed = ScenarioSchema.safeParse(value);
  if (parsed.success) {
    const { data } = parsed;
    const problems = [...hostile, ...nameProblems(data, known), ...contradictions(data), ...tangles(data, known.memory_bytes)];
    return problems.length > 0 ? { problems } : { scenario: data };
  }
  const { issues } = parsed.error;
  const malformed = [...hostile, ...elsewhere(problemsOfIssues(issues, ScenarioSchema, value), hostile)];
  const rest = mended(value, unfolded(issues, ScenarioSchema, value));
  const further = rest ? [...nameProblems(rest, known), ...contradictions(rest)] : [];
  const beside = elsewhere(further, malformed).filter(({ path }) => !malformed.some((said) => said.path.startsWith(`${path}.`)));
  return { problems: [...malformed, ...beside] };
}

/** Problems at and below places that have not been complained about yet. */
function elsewhere(problems: readonly Problem[], said: readonly Problem[]): Problem[] {
  const paths = new Set(said.map((problem) => problem.path));
  return problems.filter(({ path }) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) if (paths.has(path.slice(0, end))) return false;
    return true;
  });
}
