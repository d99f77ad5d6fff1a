import type { Problem } from '../../domain/problem.ts';
import { type Scenario, ScenarioSchema } from '../../domain/scenario.ts';
import { contradictions } from './contradictions.ts';
import { hostileParts } from './hostile.ts';
import { problemsOfIssues } from './messages.ts';
import { type Known, nameProblems } from './names.ts';

/** A value from anywhere as a scenario with its defaults filled in, or everything that is wrong with it at once. */
export function loadScenario(value: unknown, known: Known): { scenario: Scenario } | { problems: Problem[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      problems: [
        { path: 'scenario', message: 'is not a scenario', expected: 'a table with name, application, workload, strategies' },
      ],
    };
  }
  const hostile = hostileParts(value);
  if (hostile.length > 0) return { problems: hostile };
  const parsed = ScenarioSchema.safeParse(value);
  if (!parsed.success) return { problems: problemsOfIssues(parsed.error.issues, value) };
  const problems = [...nameProblems(parsed.data, known), ...contradictions(parsed.data)];
  return problems.length > 0 ? { problems } : { scenario: parsed.data };
}
