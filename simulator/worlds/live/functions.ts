import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { quotaOf } from '../../domain/cpu-quota.ts';
import { numberOf } from '../../domain/part-values.ts';
import type { Part } from '../../domain/plan.ts';
import { UnavailableError } from '../../domain/problem.ts';
import { RabbitmqEventSource } from './channels/rabbitmq-event-source.ts';
import { wait } from './clock.ts';
import { channelOf } from './components/open.ts';
import type { RunSheet } from './contract.ts';
import { environmentsFor, functionsOf } from './environments.ts';
import { type FunctionMetrics, readReport, UNCOUNTED } from './function-metrics.ts';
import { nameOf, queueNameOf } from './names.ts';
import { rabbitmqEvent } from './platforms/rabbitmq-event.ts';
import { RUN_FOLDER } from './run-sheet.ts';
import { clientsFor } from './stacks/aws/clients.ts';
import { outcomeOf } from './stacks/aws/failures.ts';
import { within } from './within.ts';

/** Emulators take any role; AWS itself would have to be given one. */
const ROLE = 'arn:aws:iam::000000000000:role/placement';
const ACTIVE_TRIES = 200;
const LOOK_MS = 100;
/** A minute: two cores start some four environments a second. */
const PROVISION_TRIES = 600;
/** How long functions may work on what they have taken when the run ends: as long as an instance of a pool. */
const GRACE_MS = 10_000;
/** Longest that it may take until nothing polls any more. */
const REST_MS = 60_000;
/** What AMQP can say. */
const PREFETCH_MAX = 65_535;

/** The functions of one run: made from the bundle, connected to their queues, counted, and taken away. */
export class Functions {
  private readonly names = new Map<number, string>();
  private readonly mappings: string[] = [];
  private readonly sources: RabbitmqEventSource[] = [];
  private readonly sheet: RunSheet;
  private readonly clients: { lambda: LambdaClient; sqs: SQSClient; destroy(): void } | undefined;

  private constructor(sheet: RunSheet) {
    this.sheet = sheet;
    if (functionsOf(sheet.plan).length > 0) this.clients = clientsFor(sheet, 'functions');
  }

  /** Throws: UnavailableError with the endpoint's own reason when it does not take a function. */
  static async deploy(
    sheet: RunSheet,
    o: { zip(): Promise<Uint8Array>; env: Readonly<Record<string, string>>; rate_per_s: number },
  ): Promise<Functions> {
    const functions = new Functions(sheet);
    const placed = functionsOf(sheet.plan);
    if (placed.length === 0) return functions;
    const zip = await o.zip();
    try {
      await Promise.all(placed.map(([i, part]) => functions.create(part, { i, zip, env: o.env })));
      for (const [i, part] of placed) {
        const provisioned = Math.round(numberOf(part, 'provisioned'));
        if (sheet.addresses.aws?.functions === 'emulator')
          await functions.warm(i, Math.max(provisioned, environmentsFor(sheet.plan, i, o.rate_per_s)));
        else if (provisioned > 0) await functions.provision(i, provisioned);
      }
      for (const [i] of placed) await functions.connect(i);
    } catch (error) {
      await functions.dispose().catch(() => undefined);
      throw new UnavailableError(`the AWS endpoint does not take the functions of this run: ${(error as Error).message}`);
    }
    return functions;
  }

  /** By function part. Numbers are of the own runtime; an emulator counts nothing, so there all are 0. */
  async metrics(): Promise<Map<number, FunctionMetrics>> {
    const found = [...this.names].map(async ([i, name]) => [i, await this.metricsOf(name)] as const);
    return new Map(await Promise.all(found));
  }

  /** Ends environments of function part `i` at once: those that `chosen` picks of their process ids. */
  async kill(i: number, chosen: (pids: readonly number[]) => number[]): Promise<void> {
    const name = this.names.get(i);
    if (name === undefined) return;
    const pids = chosen((await this.metricsOf(name)).pids);
    const query = new URLSearchParams(pids.map((pid): [string, string] => ['pid', `${pid}`]));
    await fetch(`${this.runtimeOf(name)}/environments?${query}`, { method: 'DELETE' });
  }

  /** Function part `i` takes only `share` of its invocations from now on, the others are answered with 429; 1 ends it. */
  async admit(i: number, share: number): Promise<void> {
    const url = `${this.runtimeOf(this.names.get(i))}/parameters`;
    const body = JSON.stringify({ admitted_share: share });
    const answer = await fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  }

  /** Messages of brokers that functions have, or will have again after a pause. */
  get held(): number {
    return this.sources.reduce((sum, source) => sum + source.held, 0);
  }

  /** Takes nothing more from brokers and queues, so that nobody polls while what is left is read back; what takes too long is ended. */
  async rest(): Promise<void> {
    const unmapped = this.mappings
      .splice(0)
      .map((UUID) => this.clients?.lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
    const stopped = this.sources.splice(0).map((source) => source.stop());
    await this.endLate(() =>
      within(Promise.all([...unmapped, ...stopped]), { ms: REST_MS, what: 'stopping what polls for functions' }),
    );
  }

  /** Waits until no function works any more; what takes too long is ended. */
  async idle(): Promise<void> {
    const isBusy = async () => [...(await this.metrics()).values()].some(({ busy }) => busy > 0);
    await this.endLate(async () => {
      while (await isBusy()) await wait(LOOK_MS);
    });
  }

  /** Ends every environment of the own runtime when `work` takes longer than the grace: then nothing is left to wait for. */
  private async endLate(work: () => Promise<unknown>): Promise<void> {
    const end = () => Promise.all([...this.names.keys()].map((i) => this.kill(i, (pids) => [...pids])));
    const isOwn = this.sheet.addresses.aws?.functions === 'own';
    const timer = setTimeout(() => isOwn && void end().catch(() => undefined), GRACE_MS);
    await work().finally(() => clearTimeout(timer));
  }

  async dispose(): Promise<void> {
    await this.rest();
    const { clients } = this;
    if (clients === undefined) return;
    for (const FunctionName of this.names.values()) await clients.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    clients.destroy();
  }

  private async create(part: Part, o: { i: number; zip: Uint8Array; env: Readonly<Record<string, string>> }): Promise<void> {
    const { lambda } = this.clients as { lambda: LambdaClient };
    const FunctionName = nameOf(this.sheet.namespace, part.path);
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs22.x',
        Role: ROLE,
        Handler: 'index.handler',
        Code: { ZipFile: o.zip },
        MemorySize: Math.round(numberOf(part, 'memory_mb')),
        Timeout: Math.max(1, Math.ceil(numberOf(part, 'timeout_s'))),
        Environment: {
          Variables: { ...o.env, [RUN_FOLDER]: this.sheet.folder, PLACEMENT_PART: `${o.i}`, ...this.shareOf(part) },
        },
      }),
    );
    this.names.set(o.i, FunctionName);
    await this.untilActive(FunctionName);
    const reserved = Math.round(numberOf(part, 'reserved'));
    if (reserved >= 0)
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: reserved }));
  }

  /** An emulator holds nobody to a share of the CPU, so work pauses by itself there; the own runtime sees to it itself. */
  private shareOf(part: Part): Record<string, string> {
    if (this.sheet.addresses.aws?.functions === 'own') return {};
    return { PLACEMENT_CPU_SHARE: `${quotaOf(part).share}` };
  }

  private async untilActive(FunctionName: string): Promise<void> {
    const { lambda } = this.clients as { lambda: LambdaClient };
    for (let tries = 0; tries < ACTIVE_TRIES; tries++) {
      const { State, StateReason } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      if (State === 'Active' || State === undefined) return;
      if (State === 'Failed') throw new Error(`${FunctionName} failed: ${StateReason}`);
      await wait(50);
    }
    throw new Error(`${FunctionName} does not become active`);
  }

  /** Keeps so many environments started, and waits until they are. */
  private async provision(i: number, count: number): Promise<void> {
    const { lambda } = this.clients as { lambda: LambdaClient };
    const name = this.names.get(i) as string;
    const named = { FunctionName: name, Qualifier: '$LATEST' };
    await lambda.send(new PutProvisionedConcurrencyConfigCommand({ ...named, ProvisionedConcurrentExecutions: count }));
    for (let tries = 0; tries < PROVISION_TRIES; tries++) {
      const { Status } = await lambda.send(new GetProvisionedConcurrencyConfigCommand(named));
      if (Status === 'READY') return;
      if (Status === 'FAILED') throw new Error(`${name} does not start: ${(await readReport(this.runtimeOf(name))).log}`);
      await wait(LOOK_MS);
    }
    throw new Error(`${count} environments of ${name} do not start`);
  }

  /**
   * Starts environments before the run, all at once so that none serves two of these calls.
   *
   * An emulator starts a process for each call that finds none free, without a limit, and counts no cold start: where the first seconds
   * bring more calls than cores can start processes, each slows all others down until nothing answers any more.
   */
  private async warm(i: number, environments: number): Promise<void> {
    const { lambda } = this.clients as { lambda: LambdaClient };
    const Payload = Buffer.from(JSON.stringify({ warm: true }));
    const call = () => lambda.send(new InvokeCommand({ FunctionName: this.names.get(i), Payload }));
    const answers = await Promise.all(Array.from({ length: environments }, call));
    const failed = answers.find(({ FunctionError }) => FunctionError !== undefined);
    if (failed) throw new Error(`${this.names.get(i)} does not start: ${Buffer.from(failed.Payload ?? []).toString('utf8')}`);
  }

  /** Lets the platform poll the queues of the function's events. */
  private async connect(i: number): Promise<void> {
    const { lambda, sqs } = this.clients as { lambda: LambdaClient; sqs: SQSClient };
    const { plan, namespace } = this.sheet;
    for (const { component, queue } of plan.events.flatMap((e) => e.consumers)) {
      if (plan.components[component]?.part !== i) continue;
      const part = plan.parts[queue] as Part;
      if (part.kind === 'rabbitmq') {
        await this.poll(part, queue, i);
        continue;
      }
      const isFifo = part.kind === 'sqs-fifo';
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueNameOf(namespace, part) }));
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      const window_s = Math.round(numberOf(part, 'batch_window_ms') / 1000);
      const made = await lambda.send(
        new CreateEventSourceMappingCommand({
          EventSourceArn: Attributes?.QueueArn,
          FunctionName: this.names.get(i),
          BatchSize: Math.max(1, Math.round(numberOf(part, 'batch_size'))),
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ...(isFifo || window_s === 0 ? {} : { MaximumBatchingWindowInSeconds: window_s }),
        }),
      );
      if (made.UUID) this.mappings.push(made.UUID);
    }
  }

  /** Takes messages from a queue of RabbitMQ to function `i`, as the platform does from Amazon MQ. */
  private async poll(part: Part, queue: number, i: number): Promise<void> {
    const { lambda } = this.clients as { lambda: LambdaClient };
    const value = (name: string) => numberOf(part, name);
    const [batchSize, most] = [Math.round(value('batch_size')), Math.round(value('pollers_max'))];
    const slots = Math.min(PREFETCH_MAX, batchSize * most);
    const kind = await channelOf(this.sheet.plan, queue);
    const source = new RabbitmqEventSource({
      receiver: await kind.receiver(part, this.sheet, { slots, isPoller: true }),
      batchSize,
      windowMs: value('batch_window_ms'),
      retryMs: value('retry_ms'),
      pollers: { initial: Math.max(1, value('pollers_initial')), perMin: value('pollers_per_min'), most },
      invoke: async (batch) => {
        const Payload = Buffer.from(JSON.stringify(rabbitmqEvent(nameOf(this.sheet.namespace, part.path), batch)));
        try {
          const answer = await lambda.send(new InvokeCommand({ FunctionName: this.names.get(i), Payload }));
          return answer.FunctionError === undefined;
        } catch (error) {
          // Throttled, or away: the batch goes back to its queue.
          outcomeOf(error);
          return false;
        }
      },
    });
    this.sources.push(source);
    await source.start();
  }

  /** What the own runtime knows of a function, beyond the service. */
  private runtimeOf(name: string | undefined): string {
    return `${this.sheet.addresses.aws?.endpoints.lambda}/placement/functions/${name}`;
  }

  private async metricsOf(name: string): Promise<FunctionMetrics> {
    if (this.sheet.addresses.aws?.functions !== 'own') return UNCOUNTED;
    return (await readReport(this.runtimeOf(name))).metrics;
  }
}
