import type { Part } from '../../domain/plan.ts';

/**
 * Names of tables, queues, buckets and functions of one run: its namespace, then the part's path with what services refuse replaced.
 *
 * Lower-case letters, digits and hyphens, at most 63 characters: what S3, the strictest, takes.
 */
export function nameOf(namespace: string, path: string): string {
  const name = `${namespace}-${path}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  if (name.length > 63) throw new RangeError(`${name} is longer than the 63 characters that every service takes`);
  return name;
}

/** The name of an SQS queue of one run; AWS wants to see from it whether it is a FIFO queue. */
export function queueNameOf(namespace: string, { kind, path }: Part): string {
  return kind === 'sqs-fifo' ? `${nameOf(namespace, path)}.fifo` : nameOf(namespace, path);
}

/** The queue of what queue `name` has given up on. */
export function deadNameOf(name: string): string {
  return name.endsWith('.fifo') ? name.replace(/\.fifo$/, '-dead.fifo') : `${name}-dead`;
}
