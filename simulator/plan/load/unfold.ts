import { z } from 'zod';
import { memberFor, type Schema, schemaAt } from './schema-at.ts';

export type Issue = z.core.$ZodIssue;

/** What stands at a path, as far as it leads. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path)
    found = typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined;
  return found;
}

/** Issues of a union become those of the one member that the value was most likely meant to be. */
export function unfolded(issues: readonly Issue[], root: Schema, value: unknown): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    if (issue.code !== 'invalid_union' || issue.discriminator !== undefined) return [issue];
    const found = valueAt(value, issue.path);
    const union = schemaAt(root, issue.path, value);
    const member = union && memberFor(union, found);
    const inner = member && z.safeParse(member, found);
    if (!inner || inner.success) return [issue];
    const deeper = unfolded(inner.error.issues, member, found);
    return deeper.map((below) => ({ ...below, path: [...issue.path, ...below.path] }));
  });
}
