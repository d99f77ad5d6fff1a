import type { Part, PoolSizing } from '../../domain/plan.ts';
import { wallMs } from './clock.ts';
import type { RunningPart } from './contract.ts';
import type { Instance } from './platforms/server.ts';
import type { WorkerState } from './platforms/worker.ts';
import type { Listening } from './stacks/stack.ts';
import { tell } from './wire.ts';

/** What a fleet needs of the run: how to start one instance, and whom to tell when the ready ones change. */
export interface FleetOptions {
  launch(id: number): Promise<RunningPart<Listening>>;
  changed(instances: Instance[]): Promise<void>;
}

interface Machine {
  id: number;
  started_ms: number;
  running: RunningPart<Listening> | undefined;
  /** What it had done when it was last asked: all that is known of one that died. */
  last: WorkerState;
}

const NOTHING: WorkerState = { busy: 0, completions: 0, area_ms: 0, cpu_ms: 0 };

/** The instances of one pool as real processes: started, drained and gone, the newest first, as in the virtual world. */
export class Fleet {
  wanted: number;
  readonly sizing: PoolSizing;
  /** Machine-ms that existed until now, of those that are gone. */
  private goneMs = 0;
  /** How long each instance took until it was ready. */
  readonly boots_ms: number[] = [];
  private goneCounts: WorkerState = { ...NOTHING };
  private machines: Machine[] = [];
  private draining = new Set<Machine>();
  /** Starts and ends that are not over. */
  private readonly moves = new Set<Promise<void>>();
  private created = 0;
  private isOver = false;
  private isHeld = false;
  private readonly o: FleetOptions;

  constructor(part: Part, o: FleetOptions) {
    if (part.sizing === undefined) throw new RangeError(`part ${part.path} has no sizing`);
    this.sizing = part.sizing;
    this.wanted = part.sizing.initial;
    this.o = o;
  }

  get ready(): number {
    return this.machines.filter((m) => m.running).length;
  }

  get starting(): number {
    return this.machines.length - this.ready;
  }

  get drainingCount(): number {
    return this.draining.size;
  }

  /** Instances that are ready, the newest last. */
  get ids(): number[] {
    return this.machines.flatMap((m) => (m.running ? [m.id] : []));
  }

  /** Starts the first instances and waits until all of them are ready. */
  async open(): Promise<void> {
    await Promise.all(Array.from({ length: this.wanted }, () => this.launch()));
  }

  /** Asks for `wanted` instances, within the limits of the pool: starts at once, or drains the newest. */
  async resize(wanted: number): Promise<void> {
    this.wanted = Math.max(this.sizing.minimum, Math.min(this.sizing.maximum, wanted));
    const surplus = this.machines.splice(this.wanted);
    const missing = this.isHeld || this.isOver ? 0 : Math.max(0, this.wanted - this.machines.length);
    const starts = Array.from({ length: missing }, () => this.launch());
    if (surplus.length > 0) await this.told();
    await Promise.all([...starts, ...surplus.map((machine) => this.drain(machine))]);
  }

  /** While it is held, nothing is started: what a fault takes is not replaced. Afterwards the pool starts what it lacks. */
  async hold(isHeld: boolean): Promise<void> {
    this.isHeld = isHeld;
    if (!isHeld) await this.resize(this.wanted);
  }

  /** Ends the processes of these instances at once; `lost` hears of each. */
  kill(ids: readonly number[]): void {
    for (const { id, running } of this.machines) {
      if (!ids.includes(id)) continue;
      if (running?.kill) running.kill();
      else for (const pid of running?.pids ?? []) process.kill(pid, 'SIGKILL');
    }
  }

  /** These instances take nothing new and go when they are idle; the pool replaces them. */
  async withdraw(ids: readonly number[]): Promise<void> {
    const gone = this.machines.filter((m) => ids.includes(m.id));
    this.machines = this.machines.filter((m) => !gone.includes(m));
    await this.told();
    await Promise.all([...gone.map((machine) => this.drain(machine)), this.resize(this.wanted)]);
  }

  /** An instance died or was killed: it is out, and another takes its place. */
  async lost(id: number): Promise<void> {
    const machine = this.machines.find((m) => m.id === id && m.running);
    if (machine === undefined || this.isOver) return;
    this.machines = this.machines.filter((m) => m !== machine);
    this.bury(machine);
    await this.told();
    await this.resize(this.wanted);
  }

  /** What all instances together have done since the start. */
  async counts(): Promise<WorkerState> {
    const states = await Promise.all([...this.machines, ...this.draining].map((m) => this.stateOf(m)));
    const sum = (name: keyof WorkerState) => states.reduce((total, state) => total + state[name], this.goneCounts[name]);
    return { busy: sum('busy'), completions: sum('completions'), area_ms: sum('area_ms'), cpu_ms: sum('cpu_ms') };
  }

  existed_s(): number {
    const now = wallMs();
    return (this.goneMs + [...this.machines, ...this.draining].reduce((sum, m) => sum + now - m.started_ms, 0)) / 1000;
  }

  /** Lets every instance finish what it has, and ends it. */
  async close(): Promise<void> {
    this.isOver = true;
    const all = this.machines.splice(0);
    await Promise.all(all.map((machine) => this.drain(machine)));
    // One that was just starting may have taken something, and one that a controller has sent away may still be at work.
    await Promise.allSettled(this.moves);
  }

  private launch(): Promise<void> {
    return this.move(this.launched({ id: this.created++, started_ms: wallMs(), running: undefined, last: NOTHING }));
  }

  private drain(machine: Machine): Promise<void> {
    return this.move(this.drained(machine));
  }

  private move(begun: Promise<void>): Promise<void> {
    const move = begun.finally(() => this.moves.delete(move));
    this.moves.add(move);
    return move;
  }

  private async launched(machine: Machine): Promise<void> {
    this.machines.push(machine);
    const running = await this.o.launch(machine.id);
    machine.running = running;
    this.boots_ms.push(wallMs() - machine.started_ms);
    if (this.machines.includes(machine)) await this.told();
    else if (!this.draining.has(machine)) await running.stop();
  }

  private async drained(machine: Machine): Promise<void> {
    if (machine.running === undefined) return;
    this.draining.add(machine);
    await this.stateOf(machine);
    await machine.running.stop();
    this.draining.delete(machine);
    this.bury(machine);
  }

  /** It is gone: its time and what it did stay in the books. */
  private bury({ started_ms, last }: Machine): void {
    this.goneMs += wallMs() - started_ms;
    for (const name of Object.keys(NOTHING) as (keyof WorkerState)[]) if (name !== 'busy') this.goneCounts[name] += last[name];
  }

  private async stateOf(machine: Machine): Promise<WorkerState> {
    const port = machine.running?.address.port;
    if (port === undefined) return NOTHING;
    machine.last = await tell<WorkerState>(port, '/control/state').catch(() => machine.last);
    return machine.last;
  }

  private told(): Promise<void> {
    return this.o.changed(
      this.machines.flatMap(({ id, running }) =>
        running ? [{ id, at: running.address.inside ?? { port: running.address.port } }] : [],
      ),
    );
  }
}
