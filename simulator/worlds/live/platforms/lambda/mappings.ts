import { notFound } from './api-error.ts';
import { EventSource } from './event-source.ts';
import { type Mapping, MappingSchema, mappingOf } from './mapping.ts';
import type { FunctionPool } from './pool.ts';
import type { Runtime } from './runtime.ts';
import { readAs } from './settings.ts';

interface Kept {
  mapping: Mapping;
  pool: FunctionPool;
  source: EventSource | undefined;
}

/** Event source mappings: which queue calls which function, as the API creates, changes and deletes them. */
export class Mappings {
  private readonly kept = new Map<string, Kept>();
  private readonly runtime: Runtime;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  async create(body: unknown): Promise<object> {
    const mapping = readAs(MappingSchema, body);
    const pool = this.runtime.find(mapping.FunctionName);
    await this.runtime.queues.urlOf(mapping.EventSourceArn);
    const uuid = this.runtime.nextId();
    this.kept.set(uuid, { mapping, pool, source: this.sourceOf(mapping, pool) });
    return this.rendered(uuid);
  }

  async update(uuid: string, body: object): Promise<object> {
    const kept = this.find(uuid);
    const mapping = readAs(MappingSchema, { ...kept.mapping, ...body });
    await kept.source?.stop();
    this.kept.set(uuid, { ...kept, mapping, source: this.sourceOf(mapping, kept.pool) });
    return this.rendered(uuid);
  }

  async remove(uuid: string): Promise<object> {
    const { source } = this.find(uuid);
    const last = this.rendered(uuid, 'Deleting');
    this.kept.delete(uuid);
    await source?.stop();
    return last;
  }

  /** Those of a function, of a queue, or all. */
  list(o: { functionName: string | null; arn: string | null }): object {
    const name = o.functionName === null ? undefined : this.runtime.find(o.functionName).identity.name;
    const some = [...this.kept].filter(
      ([, { mapping, pool }]) =>
        (name === undefined || pool.identity.name === name) && (o.arn === null || mapping.EventSourceArn === o.arn),
    );
    return { EventSourceMappings: some.map(([uuid]) => this.rendered(uuid)) };
  }

  rendered(uuid: string, state?: string): object {
    const { mapping, pool } = this.find(uuid);
    return mappingOf(uuid, { mapping, functionArn: pool.identity.arn, ...(state !== undefined && { state }) });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.kept.values()].map(({ source }) => source?.stop()));
    this.kept.clear();
  }

  private sourceOf(mapping: Mapping, pool: FunctionPool): EventSource | undefined {
    return mapping.Enabled ? new EventSource(this.runtime, { pool, mapping }) : undefined;
  }

  private find(uuid: string): Kept {
    const kept = this.kept.get(uuid);
    if (kept === undefined) throw notFound(`Event source mapping ${uuid}`);
    return kept;
  }
}
