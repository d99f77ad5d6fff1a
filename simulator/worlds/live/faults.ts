import { keyOf, mix, uniform } from '../../domain/draws.ts';
import type { FaultKind } from '../../domain/fault.ts';
import type { Plan, PlannedFault } from '../../domain/plan.ts';
import { wallMs } from './clock.ts';
import { type Disturbance, disturb } from './components/disturbances.ts';
import type { Deployment } from './deployment.ts';
import type { Stack } from './stacks/stack.ts';

/** What a fault needs of the run that it happens to. */
export interface Struck {
  plan: Plan;
  folder: string;
  deployment: Deployment;
  stack: Stack;
}

/** A part was not there because of a fault of the plan, by its number: from the order to go until it was there again, run time. */
export interface Absence {
  fault: number;
  from_s: number;
  to_s: number;
}

/**
 * Faults that happen for real: processes are killed, the broker stops, the database crashes and recovers, consumers die before they
 * acknowledge; errors, slowness and waits come over components through the file that they all look at; PostgreSQL drags out its accesses, and
 * the function runtime turns a share of invocations away.
 *
 * Simplified: a machine of ours stands in no zone, so a share of a pool's processes is what a lost zone takes.
 */
export class Faults {
  private readonly o: Struck;
  private readonly faults: readonly PlannedFault[];
  private readonly lasting = new Set<PlannedFault>();
  private readonly strikes = new Map<PlannedFault, Promise<void>>();
  private readonly undo = new Map<PlannedFault, () => Promise<void>>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly pending = new Set<Promise<void>>();
  private failure: unknown;
  private start_ms = 0;
  /** Parts that were away and are there again; a real one takes its time to go and to come back. */
  readonly away: Absence[] = [];

  constructor(o: Struck) {
    this.o = o;
    this.faults = (o.plan.faults ?? []).filter((fault) => !fault.isOutside);
  }

  /** Sets the clocks; run time 0 is the wall time `start_ms`. */
  begin(start_ms: number): void {
    this.start_ms = start_ms;
    for (const fault of this.faults) {
      this.at(start_ms + fault.at_ms, () => this.start(fault));
      if (fault.for_ms > 0) this.at(start_ms + fault.at_ms + fault.for_ms, () => this.end(fault));
    }
  }

  /** Ends what still lasts. Throws: what went wrong when a fault could not be done. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.pending);
    for (const fault of [...this.lasting]) await this.end(fault);
    if (this.failure !== undefined) throw this.failure;
  }

  private at(wall_ms: number, act: () => Promise<void>): void {
    const run = () => {
      const done = act()
        .catch((error) => {
          this.failure ??= error;
        })
        .finally(() => this.pending.delete(done));
      this.pending.add(done);
    };
    this.timers.push(setTimeout(run, Math.max(0, wall_ms - wallMs())));
  }

  private async start(fault: PlannedFault): Promise<void> {
    if (fault.for_ms > 0) this.lasting.add(fault);
    this.tellComponents();
    const struck = this.strike(fault);
    this.strikes.set(fault, struck);
    await struck;
  }

  private async end(fault: PlannedFault): Promise<void> {
    this.lasting.delete(fault);
    this.tellComponents();
    // A part may take longer to go than the fault lasts: it comes back when it is gone.
    await this.strikes.get(fault);
    await this.tellParts(fault);
    await this.undo.get(fault)?.();
    this.undo.delete(fault);
    if (fault.kind === 'kill') for (const part of fault.parts) await this.o.deployment.fleets.get(part)?.hold(false);
  }

  private async strike(fault: PlannedFault): Promise<void> {
    const { stopBroker, crashPostgres } = this.o.stack.disturb;
    await this.tellParts(fault);
    if (fault.kind === 'stop' && stopBroker) await this.takeAway(fault, stopBroker);
    if (fault.kind === 'fail-over' && crashPostgres) await this.takeAway(fault, crashPostgres);
    if (fault.kind !== 'kill' && fault.kind !== 'lose-zone' && fault.kind !== 'spot-wave') return;
    for (const part of fault.parts) await this.lose(part, fault);
  }

  /** Takes a part away by `order`, which gives what brings it back. */
  private async takeAway(fault: PlannedFault, order: () => Promise<() => Promise<void>>): Promise<void> {
    const now_s = () => (wallMs() - this.start_ms) / 1000;
    const from_s = now_s();
    const comeBack = await order();
    this.undo.set(fault, async () => {
      await comeBack();
      this.away.push({ fault: this.o.plan.faults?.indexOf(fault) ?? -1, from_s, to_s: now_s() });
    });
  }

  /** A share of a pool's processes is killed, or drained where there is notice. */
  private async lose(part: number, fault: PlannedFault): Promise<void> {
    const { deployment } = this.o;
    const fleet = deployment.fleets.get(part);
    const chosen = (ids: readonly number[]) => chosenOf(ids, { fault, key: this.o.plan.parts[part]?.path ?? '' });
    if (fleet === undefined) return deployment.functions.kill(part, chosen);
    if (fault.kind === 'kill' && fault.for_ms > 0) await fleet.hold(true);
    if (fault.kind === 'spot-wave') await fleet.withdraw(chosen(fleet.ids));
    else fleet.kill(chosen(fleet.ids));
  }

  /** What lasts makes of the parts that `fault` slows or throttles: factors multiply, and the smallest share counts. */
  private async tellParts({ kind, parts }: PlannedFault): Promise<void> {
    if (kind !== 'slow' && kind !== 'throttle') return;
    const { deployment } = this.o;
    for (const part of parts) {
      const amounts = [...this.lasting].filter((f) => f.kind === kind && f.parts.includes(part)).map(({ amount }) => amount);
      if (kind === 'throttle') await deployment.functions.admit(part, Math.min(1, ...amounts));
      else
        await deployment.parts.slow(
          part,
          amounts.reduce((product, amount) => product * amount, 1),
        );
    }
  }

  /** What lasts makes of each component: factors multiply, of errors and duplicates the worst counts. */
  private tellComponents(): void {
    const { plan, folder } = this.o;
    const now: Record<string, Disturbance> = {};
    plan.components.forEach((component, i) => {
      const of = (kind: FaultKind) =>
        [...this.lasting].filter((f) => f.kind === kind && f.components.includes(i)).map((f) => f.amount);
      const queues = plan.events.flatMap((e) => e.consumers.filter((c) => c.component === i).map((c) => c.queue));
      const twice = [...this.lasting].filter((f) => f.kind === 'duplicate' && f.parts.some((part) => queues.includes(part)));
      now[component.name] = {
        slow: of('slow').reduce((product, amount) => product * amount, 1),
        wait: of('slow-third-party').reduce((product, amount) => product * amount, 1),
        errors: Math.max(0, ...of('bad-deployment')),
        deaths: Math.max(0, ...twice.map((f) => f.amount)),
      };
    });
    disturb(folder, now);
  }
}

/** So many of `ids` as the fault takes: a share and a chance of one more, or a number; which ones, by their names. */
function chosenOf(ids: readonly number[], { fault, key }: { fault: PlannedFault; key: string }): number[] {
  const draw = keyOf(`${fault.text} ${key}`);
  const exact = fault.amount >= 1 ? Math.min(ids.length, fault.amount) : fault.amount * ids.length;
  const whole = Math.floor(exact);
  const count = whole + (uniform(draw) < exact - whole ? 1 : 0);
  return [...ids].sort((a, b) => uniform(mix(draw, a)) - uniform(mix(draw, b))).slice(0, count);
}
