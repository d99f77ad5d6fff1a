import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Account } from './account.ts';
import { ApiError, notFound } from './api-error.ts';
import { AsynchronousCalls } from './asynchronous.ts';
import { type CpuShare, cpuShare } from './cpu-share.ts';
import { IS_MEMORY_ENFORCED } from './environment-process.ts';
import { Mappings } from './mappings.ts';
import { type Parameters, ParametersSchema } from './parameters.ts';
import { FunctionPool } from './pool.ts';
import { Queues } from './queues.ts';
import type { Settings } from './settings.ts';

/** What a function runtime is started with. */
export interface RuntimeOptions {
  /** The program inside environments: `lambda-environment.mjs`, which lies beside the program that serves this. */
  program: string;
  /** Where code is unpacked, in a folder of its own that is gone at the end. */
  folder?: string | undefined;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Endpoint of the queues that mappings and dead letters name. */
  sqs: string;
  cpu?: 'auto' | 'stretch' | undefined;
  parameters?: Partial<Parameters> | undefined;
  /** Told what went wrong where nobody waits for an answer. */
  warn: (message: string) => void;
}

/** All functions of one account on this machine, and what they share. */
export class Runtime {
  readonly o: RuntimeOptions;
  readonly parameters: Parameters;
  readonly folder: string;
  readonly account: Account;
  readonly cpu: CpuShare;
  readonly queues: Queues;
  readonly asynchronous: AsynchronousCalls;
  readonly mappings: Mappings;
  readonly functions = new Map<string, FunctionPool>();
  private ids = 0;

  constructor(o: RuntimeOptions) {
    this.o = o;
    this.parameters = ParametersSchema.parse(o.parameters ?? {});
    this.folder = mkdtempSync(join(o.folder ?? tmpdir(), 'placement-lambda-'));
    this.account = new Account(this.parameters);
    this.cpu = cpuShare(o.cpu);
    this.queues = new Queues({
      endpoint: o.sqs,
      region: o.region,
      accessKeyId: o.accessKeyId,
      secretAccessKey: o.secretAccessKey,
    });
    this.asynchronous = new AsynchronousCalls(this);
    this.mappings = new Mappings(this);
  }

  /** An id in the shape of a UUID: of this process and the next number, so that it needs no randomness. */
  readonly nextId = (): string => {
    const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0').slice(-digits);
    return `${hex(process.pid, 8)}-0000-4000-8000-${hex(++this.ids, 12)}`;
  };

  /** The function of a name, a partial ARN or an ARN, whatever its qualifier. Throws: an ApiError 404 when it is not there. */
  find(reference: string): FunctionPool {
    const name = nameIn(reference);
    const pool = this.functions.get(name);
    if (pool === undefined) throw notFound(`Function ${name}`);
    return pool;
  }

  create(name: string, o: { settings: Settings; zip: Uint8Array }): FunctionPool {
    if (this.functions.has(name))
      throw new ApiError(409, 'ResourceConflictException', { message: `Function already exist: ${name}` });
    const pool = new FunctionPool(name, this, o);
    this.functions.set(name, pool);
    return pool;
  }

  async remove(reference: string): Promise<void> {
    const pool = this.find(reference);
    const { name } = pool.identity;
    this.functions.delete(name);
    this.account.reserved.delete(name);
    this.asynchronous.configs.delete(name);
    await pool.stop();
  }

  /** How this machine does what the service does: goes into a run's report. */
  facts(): object {
    return {
      node: process.version,
      cpu_share_by: this.cpu.by,
      is_memory_enforced: IS_MEMORY_ENFORCED,
      asynchronous_pending: this.asynchronous.pending,
      parameters: this.parameters,
      functions: [...this.functions.keys()],
    };
  }

  /** Ends all: pollers, waiting events, environments, the folder. */
  async stop(): Promise<void> {
    const mappings = this.mappings.stop();
    this.asynchronous.stop();
    await Promise.all([...this.functions.values()].map((pool) => pool.stop()));
    await mappings;
    this.queues.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function nameIn(reference: string): string {
  const parts = reference.split(':');
  const at = parts.indexOf('function');
  return (at >= 0 ? parts[at + 1] : parts[0]) as string;
}
