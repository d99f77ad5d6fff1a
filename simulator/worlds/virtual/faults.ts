import { scaled } from '../../domain/distribution.ts';
import type { FaultKind } from '../../domain/fault.ts';
import type { PlannedComponent, PlannedFault } from '../../domain/plan.ts';
import { Sampler } from '../../domain/sampler.ts';
import { SqsQueue } from './channels/sqs.ts';
import { EVENT } from './engine/events.ts';
import type { World } from './world.ts';

/** Which list of a fault says what it acts on. */
type Subject = 'parts' | 'components';

/**
 * What goes wrong, when it begins and when it is over.
 *
 * Each turn works out anew what the faults that last make of their subject together, so that faults may overlap, and end in any order:
 * factors and shares multiply, of errors and duplicates the worst counts, and one that stops is enough.
 *
 * Simplified: who is refused or throttled hears of it at once, where a real client may first wait for its time-out; a throttled part lets
 * through a share of what is asked, not a number a second, so a storm of retries gets its share as well. Work that has begun keeps its speed.
 */
export class Faults {
  private readonly world: World;
  private readonly faults: readonly PlannedFault[];
  private readonly lasts: boolean[];

  constructor(world: World) {
    this.world = world;
    this.faults = world.cell.plan.faults ?? [];
    this.lasts = this.faults.map(() => false);
  }

  /** Sets the clocks of all faults of the window. */
  begin(): void {
    const { events } = this.world;
    this.faults.forEach((fault, i) => {
      if (fault.isOutside) return;
      events.push(fault.at_ms, EVENT.fault, -1, 2 * i);
      if (fault.for_ms > 0) events.push(fault.at_ms + fault.for_ms, EVENT.fault, -1, 2 * i + 1);
    });
  }

  /** Fault `arg >> 1` begins, or ends when `arg` is odd. */
  turn(arg: number): void {
    const fault = this.faults[arg >> 1] as PlannedFault;
    const begins = (arg & 1) === 0;
    this.lasts[arg >> 1] = begins && fault.for_ms > 0;
    for (const i of fault.components) this.settleComponent(i);
    for (const i of fault.parts) this.settlePart(i);
    if (!begins) return;
    if (fault.kind === 'fail-over') for (const i of fault.parts) this.world.stores.failOver(i, fault.at_ms + fault.for_ms);
    this.world.losses.strike(fault);
  }

  private settleComponent(i: number): void {
    const { calls, cell, demands, edges } = this.world;
    const { cpu_ms, error_rate, gpu_ms, io_ms, part } = cell.plan.components[i] as PlannedComponent;
    const on = { subject: 'components', i } as const;
    const work = this.product('slow', on);
    demands.cpu[i] = new Sampler(scaled(cpu_ms, work));
    demands.gpu[i] = new Sampler(scaled(gpu_ms, work));
    demands.io[i] = new Sampler(scaled(io_ms, this.product('slow-third-party', on)));
    calls.errorRate[i] = Math.max(error_rate, this.worst('bad-deployment', on));
    edges[part]?.slow(work);
  }

  private settlePart(i: number): void {
    const { broker, cell, functions, now, queues, stores } = this.world;
    const on = { subject: 'parts', i } as const;
    const share = this.product('throttle', on);
    const isStopped = this.lasting('stop', on).length > 0;
    stores.disturb(i, { factor: this.product('slow', on), share, isStopped });
    functions[i]?.limit(share);
    this.world.losses.hold(i, this.lasting('kill', on).length > 0);
    if (cell.plan.parts[i]?.kind === 'broker') {
      if (isStopped) broker?.stop();
      else broker?.resume();
    }
    const queue = queues[i];
    if (!(queue instanceof SqsQueue)) return;
    queue.duplicate(this.worst('duplicate', on));
    queue.stop(isStopped, now);
    this.world.dispatch.look(i);
  }

  private lasting(kind: FaultKind, o: { subject: Subject; i: number }): PlannedFault[] {
    return this.faults.filter((fault, k) => this.lasts[k] === true && fault.kind === kind && fault[o.subject].includes(o.i));
  }

  private product(kind: FaultKind, o: { subject: Subject; i: number }): number {
    return this.lasting(kind, o).reduce((product, fault) => product * fault.amount, 1);
  }

  private worst(kind: FaultKind, o: { subject: Subject; i: number }): number {
    return this.lasting(kind, o).reduce((worst, fault) => Math.max(worst, fault.amount), 0);
  }
}
