import { z } from 'zod';
import { nearest } from '../../domain/nearest.ts';
import { type Scenario, ScenarioSchema } from '../../domain/scenario.ts';
import { sampleOf, schemaAt } from './schema-at.ts';
import { type Issue, valueAt } from './unfold.ts';

const ROUNDS = 4;

type Tree = Record<PropertyKey, unknown>;

/**
 * The scenario with something acceptable in place of everything that the schema refuses, so that the rest can be checked in the same go.
 *
 * Nothing when that does not work out; whoever asks drops findings about the places that were mended.
 */
export function mended(value: unknown, issues: readonly Issue[]): Scenario | undefined {
  const copy = structuredClone(value);
  let open = issues;
  for (let round = 0; round < ROUNDS; round++) {
    for (const issue of open) mend(copy, issue);
    const parsed = ScenarioSchema.safeParse(copy);
    if (parsed.success) return parsed.data;
    open = parsed.error.issues;
  }
  return undefined;
}

function mend(copy: unknown, issue: Issue): void {
  const { path } = issue;
  const isTable = issue.code === 'unrecognized_keys';
  const parent = valueAt(copy, isTable ? path : path.slice(0, -1));
  if (typeof parent !== 'object' || parent === null) return;
  const key = path.at(-1);
  if (isTable) for (const extra of issue.keys) delete (parent as Tree)[extra];
  else if (key === undefined) return;
  else if (issue.code === 'invalid_key') delete (parent as Tree)[key];
  else if (issue.code === 'invalid_union' && 'options' in issue) {
    const options = issue.options.map(String);
    (parent as Tree)[key] = nearest(String((parent as Tree)[key]), options) ?? options[0];
  } else {
    const schema = schemaAt(ScenarioSchema, path, copy);
    if (!schema) return;
    const isLeftOut = !Array.isArray(parent) && z.safeParse(schema, undefined).success;
    if (isLeftOut) delete (parent as Tree)[key];
    else (parent as Tree)[key] = sampleOf(schema);
  }
}
