import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { serveLambda } from '../platforms/lambda/serve.ts';
import { announce } from './process.ts';

/** What it is started with, as one JSON argument. */
const OptionsSchema = z.strictObject({
  sqs: z.url(),
  region: z.string().default('us-east-1'),
  accessKeyId: z.string().default('local'),
  secretAccessKey: z.string().default('local'),
  folder: z.string().optional(),
  cpu: z.enum(['auto', 'stretch']).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

/** Serves functions until whoever started it is gone or closes its input; says on one line where it is. */
async function main(): Promise<void> {
  const options = OptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
  const served = await serveLambda({
    ...options,
    program: fileURLToPath(new URL('./lambda-environment.mjs', import.meta.url)),
    warn: (message) => process.stderr.write(`${message}\n`),
  });
  const end = (): void => void served.stop().finally(() => process.exit());
  process.once('disconnect', end).once('SIGTERM', end).once('SIGINT', end);
  process.stdin.once('close', end).resume();
  announce({ port: Number(new URL(served.url).port), pid: process.pid, cpu_share: served.runtime.cpu.by });
}

await main();
