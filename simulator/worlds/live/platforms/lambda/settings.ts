import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from './api-error.ts';

const ConfigurationSchema = z.object({
  Handler: z.string().regex(/^[\w./-]+\.\w+$/, 'file.export expected, such as index.handler'),
  Runtime: z.string().regex(/^nodejs\d+\.x$/, 'only nodejs runtimes: the Node of this machine runs them all'),
  Role: z.string(),
  MemorySize: z.number().int().min(128).max(10_240),
  Timeout: z.number().int().min(1).max(900),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }),
  Description: z.string(),
});
export type Settings = Omit<z.infer<typeof ConfigurationSchema>, 'DeadLetterConfig'> & { deadLetterArn: string | undefined };

const DEFAULTS = { MemorySize: 128, Timeout: 3, Environment: { Variables: {} }, DeadLetterConfig: {}, Description: '' };

/** Reads a body against a schema. Throws: an ApiError 400 that lists every problem with its path. */
export function readAs<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw invalid(read.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '));
}

/** Settings of a new function, or `before` with what the request changes; fields that this runtime does not know are left alone. */
export function settingsOf(body: object, before?: Settings): Settings {
  const old = before && { ...before, DeadLetterConfig: { TargetArn: before.deadLetterArn } };
  const { DeadLetterConfig, ...rest } = readAs(ConfigurationSchema, { ...DEFAULTS, ...old, ...body });
  return { ...rest, deadLetterArn: DeadLetterConfig.TargetArn || undefined };
}

/** Who a function is, beside its settings. */
export interface Identity {
  name: string;
  arn: string;
  modified: Date;
  codeSize: number;
  codeSha256: string;
}

export function sha256(code: Uint8Array): string {
  return createHash('sha256').update(code).digest('base64');
}

/** The FunctionConfiguration that most calls of the API answer with. */
export function configurationOf(identity: Identity, settings: Settings): object {
  const { deadLetterArn, ...rest } = settings;
  return {
    ...rest,
    ...(deadLetterArn && { DeadLetterConfig: { TargetArn: deadLetterArn } }),
    FunctionName: identity.name,
    FunctionArn: identity.arn,
    CodeSize: identity.codeSize,
    CodeSha256: identity.codeSha256,
    LastModified: identity.modified.toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}
