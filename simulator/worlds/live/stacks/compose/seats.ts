import { setImmediate as everybody, setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../../../../domain/container.ts';
import { UnavailableError } from '../../../../domain/problem.ts';
import type { RunningPart } from '../../contract.ts';
import { tell } from '../../wire.ts';
import type { Limits, Listening } from '../stack.ts';
import { docker, lastWords } from './engine.ts';
import type { ComposeProject } from './project.ts';

/** Port of every program in its container. */
const PORT = 8080;
/** Longer than a program waits for a part that a fault has taken away. */
const READY_MS = 60_000;
const LOOK_MS = 50;
/** Longer than the grace of compose.yaml, after which Docker kills. */
const STOP_S = 15;

export type SeatService = 'gateway' | 'worker' | 'gpu-worker';

/** What a container is to become. */
export interface SeatOrder {
  service: SeatService;
  program: 'gateway' | 'worker';
  name: string;
  env: Readonly<Record<string, string>>;
  limits?: Limits;
  /** How long it may take until it listens. */
  ready_ms?: number;
  died?(): void;
}

interface Taken {
  order: SeatOrder;
  state: 'starting' | 'up' | 'ended';
}

/** Gives programs of a run a container each: those that wait, and as many more as `up --scale` has to make. */
export class Seats {
  private readonly project: ComposeProject;
  private readonly hostCores: number;
  private readonly taken = new Map<string, Taken>();
  private waiting: { service: SeatService; take(container: Container): void; fail(error: unknown): void }[] = [];
  private scaling: Promise<void> | undefined;

  constructor(project: ComposeProject, o: { hostCores: number }) {
    this.project = project;
    this.hostCores = o.hostCores;
  }

  /**
   * A container that has become the program, once that listens. Orders that come while Compose is at work are made together.
   *
   * Throws: UnavailableError with its last words when it does not get that far.
   */
  async take(order: SeatOrder): Promise<RunningPart<Listening>> {
    const container = await new Promise<Container>((take, fail) => {
      this.waiting.push({ service: order.service, take, fail });
      this.scaling ??= this.scaleAll();
    });
    const seat: Taken = { order, state: 'starting' };
    this.taken.set(container.id, seat);
    try {
      return await this.sit(container, seat);
    } catch (error) {
      const said = await lastWords(container.id);
      await this.remove(container.id);
      throw new UnavailableError(`${order.name} ${(error as Error).message}. The last lines of what it said:\n${said}`);
    }
  }

  /** A seat's container ended. What it was for, if nobody has asked for that end and nobody else is told of it. */
  async ended(id: string): Promise<string | undefined> {
    const seat = this.taken.get(id);
    if (seat === undefined) return undefined;
    // Whoever waits for it to be up sees that, and reads its last words.
    const { state, order } = seat;
    seat.state = 'ended';
    if (state === 'starting') return undefined;
    if (order.died === undefined) return order.name;
    await this.remove(id);
    order.died();
    return undefined;
  }

  private async sit(container: Container, seat: Taken): Promise<RunningPart<Listening>> {
    const { order } = seat;
    const port = container.ports[PORT];
    if (port === undefined) throw new Error(`has no port on this machine (container ${container.name})`);
    if (order.limits) await this.limit(container.id, order.limits);
    const { program, env } = order;
    await this.until(seat, () => tell(port, '/control/seat', { program, env }), /with 4\d\d/);
    await this.until(seat, () => tell(port, '/control/state'));
    seat.state = 'up';
    return {
      name: order.name,
      address: { port, inside: { host: container.id, port: PORT } },
      pids: [],
      log: () => '',
      kill: () => void docker(['kill', container.id]).catch(() => undefined),
      stop: async () => {
        if (!this.taken.delete(container.id)) return;
        await docker(['stop', '--time', `${STOP_S}`, container.id]);
        await this.remove(container.id);
      },
    };
  }

  /** Tries until its program answers, which takes it a moment after it was started and after it was told what to be. */
  private async until(seat: Taken, ask: () => Promise<unknown>, final?: RegExp): Promise<void> {
    const ready_ms = seat.order.ready_ms ?? READY_MS;
    for (const until = Date.now() + ready_ms; ; await sleep(LOOK_MS)) {
      try {
        await ask();
        return;
      } catch (error) {
        const { message } = error as Error;
        if (seat.state === 'ended') throw new Error('ended while it was starting');
        if (final?.test(message)) throw new Error(`was not taken: ${message}; does another run use this stack?`);
        if (Date.now() > until) throw new Error(`does not answer after ${ready_ms / 1000} s`);
      }
    }
  }

  /** The plan's machine, as far as this one has it. */
  private async limit(id: string, { cores, memory_gb }: Limits): Promise<void> {
    const memory = `${Math.round(memory_gb * 1024)}m`;
    const cpus = `${Math.min(cores, this.hostCores)}`;
    await docker(['update', '--cpus', cpus, '--memory', memory, '--memory-swap', memory, id]);
  }

  /** As many containers as were asked for, in as few rounds as it takes. */
  private async scaleAll(): Promise<void> {
    // A round takes Compose seconds: who asks in the same moment as the first is in its round.
    await everybody();
    while (this.waiting.length > 0) {
      const orders = this.waiting;
      this.waiting = [];
      try {
        await this.seatAll(orders);
      } catch (error) {
        for (const { fail } of orders) fail(error);
      }
    }
    this.scaling = undefined;
  }

  private async seatAll(orders: typeof this.waiting): Promise<void> {
    const services = [...new Set(orders.map((order) => order.service))];
    let free = await this.free(services);
    const missing = services.filter((s) => count(free.by(s)) < orders.filter((order) => order.service === s).length);
    if (missing.length > 0) {
      const wanted = missing.map((s) => [s, free.takenBy(s) + orders.filter((order) => order.service === s).length] as const);
      await this.project.scale(Object.fromEntries(wanted));
      free = await this.free(services);
    }
    const left = new Map(services.map((service) => [service, [...free.by(service)]]));
    for (const { service, take, fail } of orders) {
      const container = left.get(service)?.shift();
      if (container) take(container);
      else fail(new UnavailableError(`Compose made fewer containers of ${service} than it was asked for`));
    }
  }

  private async free(services: readonly SeatService[]) {
    const all = (await this.project.containers()).filter((c) => services.includes(c.service as SeatService));
    const isFree = (c: Container) => c.state === 'running' && !this.taken.has(c.id);
    return {
      by: (service: SeatService) => all.filter((c) => c.service === service && isFree(c)),
      takenBy: (service: SeatService) => all.filter((c) => c.service === service && !isFree(c)).length,
    };
  }

  private async remove(id: string): Promise<void> {
    this.taken.delete(id);
    await docker(['rm', '--force', '--volumes', id]).catch(() => undefined);
  }
}

function count(list: readonly unknown[]): number {
  return list.length;
}
