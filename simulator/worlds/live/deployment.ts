import { mkdirSync } from 'node:fs';
import { numberOf } from '../../domain/part-values.ts';
import type { Part, Plan } from '../../domain/plan.ts';
import { followUpsOf } from '../../domain/undoing.ts';
import { wallMs } from './clock.ts';
import type { DriverChoice, RunningPart, RunSheet } from './contract.ts';
import type { UnderWay } from './drain.ts';
import { Fleet } from './fleet.ts';
import type { FollowUpsState } from './follow-ups.ts';
import { Functions } from './functions.ts';
import { type Look, machinesOf } from './operate.ts';
import { bundleOwnWork } from './own-work-bundles.ts';
import { Parts } from './parts.ts';
import type { GatewayState } from './platforms/gateway.ts';
import type { WorkerState } from './platforms/worker.ts';
import type { Prelude } from './prelude.ts';
import { gatewayVariable, RUN_FOLDER, writeSheet } from './run-sheet.ts';
import type { Listening, Program, Stack, StartOptions } from './stacks/stack.ts';
import { queuedIn, Unfinished, unseenOf } from './unfinished.ts';
import { tell } from './wire.ts';

/** A process that loads a model first takes seconds more than others. */
const MODEL_READY_MS = 120_000;

/** Everything of one run that is up: stores and queues, gateway, functions, instances. */
export class Deployment {
  readonly fleets = new Map<number, Fleet>();
  private readonly stack: Stack;
  private readonly sheet: RunSheet;
  private made: Parts | undefined;
  private gateway: RunningPart<Listening> | undefined;
  private deployed: Functions | undefined;
  private followUps: RunningPart<Listening> | undefined;
  private unfinished: Unfinished | undefined;

  constructor(stack: Stack, sheet: RunSheet) {
    this.stack = stack;
    this.sheet = sheet;
  }

  get parts(): Parts {
    return up(this.made);
  }

  get functions(): Functions {
    return up(this.deployed);
  }

  get gatewayPort(): number {
    return up(this.gateway).address.port;
  }

  private get plan(): Plan {
    return this.sheet.plan;
  }

  /**
   * Makes and starts everything, from the state that earlier actions would have left; ready when it returns.
   *
   * Throws: UnavailableError when a part does not come up; `takeAway` removes what did.
   */
  async open(prelude: Prelude): Promise<void> {
    mkdirSync(this.sheet.folder, { recursive: true });
    writeSheet(this.sheet);
    await bundleOwnWork(this.sheet);
    this.stack.share?.(this.sheet.folder);
    this.made = await Parts.prepare(this.sheet, prelude);
    this.gateway = await this.start('gateway', 'gateway', { env: {} });
    const port = this.gatewayPort;
    await tell(port, '/control/achieved', prelude.achieved);
    const here = gatewayVariable(this.gateway.address.inside ?? { port });
    const zip = () => this.stack.functionZip();
    const rate_per_s = (1000 * prelude.actions.length) / this.plan.duration_ms;
    this.deployed = await Functions.deploy(this.sheet, { zip, env: { ...here, ...this.stack.inside }, rate_per_s });
    for (const [i, part] of machinesOf(this.plan)) {
      const hasModel = this.plan.components.some((c) => c.part === i && c.work !== undefined);
      const patience = hasModel ? { ready_ms: MODEL_READY_MS } : {};
      const died = (id: number) => void this.fleets.get(i)?.lost(id).catch(this.stack.fail);
      const instance = { env: { ...here, PLACEMENT_PART: `${i}` }, ...instanceOf(part), ...patience };
      const launch = (id: number) => this.start('worker', `worker-${i}-${id}`, { ...instance, died: () => died(id) });
      const changed = (instances: unknown) => tell<void>(port, '/control/pools', [{ part: i, instances }]);
      this.fleets.set(i, new Fleet(part, { launch, changed }));
    }
    if (followUpsOf(this.plan).length > 0) this.followUps = await this.start('follow-ups', 'follow-ups', { env: {} });
    await Promise.all([...this.fleets.values()].map((fleet) => fleet.open()));
  }

  /** Starts the users, who wait to be told when run time 0 is. */
  startDriver(driver?: DriverChoice): Promise<RunningPart<Listening>> {
    const { followUps } = this;
    const program = driver === undefined ? {} : { PLACEMENT_DRIVER: JSON.stringify(driver) };
    const after = followUps ? { PLACEMENT_FOLLOW_UPS_PORT: `${followUps.address.port}` } : {};
    return this.start('driver', 'driver', { env: { ...gatewayVariable({ port: this.gatewayPort }), ...after, ...program } });
  }

  /** Starts a program of this run. */
  start(program: Program, name: string, o: Omit<StartOptions, 'name'>): Promise<RunningPart<Listening>> {
    const env = { [RUN_FOLDER]: this.sheet.folder, ...o.env };
    return this.stack.start(program, { ...o, name: `${this.sheet.namespace}-${name}`, env });
  }

  /** What everything has counted so far; `start_ms` is the wall time of run time 0. */
  async look(start_ms: number): Promise<Look> {
    const [gateway, depths, functions] = await Promise.all([this.gatewayState(), this.parts.depths(), this.functions.metrics()]);
    const pools = new Map(gateway.pools.map((pool) => [pool.part, pool]));
    const [workers] = await Promise.all([
      this.workerStates(),
      tell(this.gatewayPort, '/control/depths', Object.fromEntries(depths)),
    ]);
    const door = gateway.door ? { door: gateway.door } : {};
    return { at_s: (wallMs() - start_ms) / 1000, pools, workers, depths, functions, ...door };
  }

  /** The front door counts sessions from `first_session` on, and followers, from now on. */
  async watchDoor(first_session: number): Promise<void> {
    await tell(this.gatewayPort, '/control/door', { first_session });
  }

  gatewayState(): Promise<GatewayState> {
    return tell<GatewayState>(this.gatewayPort, '/control/state');
  }

  /** By part: what its instances have done together. */
  async workerStates(): Promise<Map<number, WorkerState>> {
    const states = [...this.fleets].map(async ([i, fleet]) => [i, await fleet.counts()] as const);
    return new Map(await Promise.all(states));
  }

  /** By part: machine-seconds that existed until now. */
  existed_s(): Map<number, number> {
    return new Map([...this.fleets].map(([i, fleet]) => [i, fleet.existed_s()]));
  }

  /** What is still to be done, wherever it is. */
  async underWay(): Promise<UnderWay> {
    this.unfinished ??= new Unfinished(this.plan, this.sheet.folder);
    const written = this.unfinished.readOn();
    const [queues, { under_way }, workers, functions, actions] = await Promise.all([
      this.parts.contents(),
      this.gatewayState(),
      this.workerStates(),
      this.functions.metrics(),
      this.followedActions(),
    ]);
    const { held } = this.functions;
    const atWork = [...workers, ...functions].map(([i, { busy }]): [string, number] => [`at work in ${this.pathOf(i)}`, busy]);
    const found: [string, number][] = [
      ...queuedIn(this.plan, queues),
      ['operations', under_way.operations],
      ['calls', under_way.calls],
      ...atWork,
      ['messages that functions hold', held],
      ['failures that something follows', actions.length],
    ];
    const unseen = unseenOf(this.plan, { queues, unfinished: this.unfinished.byQueue() }) - held;
    return { open: new Map(found.filter(([, count]) => count > 0)), unseen: Math.max(0, unseen), written };
  }

  /**
   * Lets everything finish what it has begun, so that all it did is written down: first those that take messages, then who calls them.
   *
   * Returns the actions that something was still to be done for.
   */
  async rest(): Promise<Set<number>> {
    await Promise.all([...[...this.fleets.values()].map((fleet) => fleet.close()), this.deployed?.rest()]);
    const { gateway, followUps } = this;
    const walking = gateway ? await tell<number[]>(gateway.address.port, '/control/actions') : [];
    const actions = new Set([...walking, ...(await this.followedActions())]);
    this.gateway = undefined;
    this.followUps = undefined;
    await Promise.all([gateway?.stop(), followUps?.stop()]);
    await this.deployed?.idle();
    return actions;
  }

  private async followedActions(): Promise<number[]> {
    const port = this.followUps?.address.port;
    return port === undefined ? [] : (await tell<FollowUpsState>(port, '/control/state')).actions;
  }

  private pathOf(part: number): string {
    return this.plan.parts[part]?.path ?? '';
  }

  /** Removes what this run has made. Goes on where something fails, and throws the first failure in the end. */
  async takeAway(): Promise<void> {
    const { gateway, followUps } = this;
    const ends = [
      () => this.rest(),
      () => gateway?.stop(),
      () => followUps?.stop(),
      () => this.deployed?.dispose(),
      () => this.made?.dispose(),
    ];
    const failures: unknown[] = [];
    for (const end of ends) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** What a container that is an instance of this pool may use. */
function instanceOf(part: Part): Pick<StartOptions, 'limits' | 'isGpu'> {
  if (part.kind === 'gpu') return { isGpu: true };
  return { limits: { cores: numberOf(part, 'cores'), memory_gb: numberOf(part, 'memory_gb') } };
}

function up<T>(part: T | undefined): T {
  if (part === undefined) throw new RangeError('asked before it was up');
  return part;
}
