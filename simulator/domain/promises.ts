import { quantile } from './distribution.ts';
import type { Instruction, Plan, Whose } from './plan.ts';
import { type SingleStep, stepsOf } from './steps.ts';

/** What each operation takes from stocks, counting what the components it waits for take. */
export function takesOf(plan: Plan): { dataset: number; amount: number }[][] {
  return plan.operations.map((o) =>
    reached(plan, o.program).flatMap((s) => (s.do === 'write' && s.take > 0 ? [{ dataset: s.dataset, amount: s.take }] : [])),
  );
}

/** The entities that an operation brings into being when all goes well, and whose row each then is. */
export function accepts(plan: Plan, operation: number): { entity: number; of: Whose }[] {
  const writes = reached(plan, plan.operations[operation]?.program ?? []).filter((s) => s.do === 'write' || s.do === 'settle');
  return writes.flatMap(({ effect, of }) => {
    const entity = plan.entities.findIndex((e) => e.accepted === effect);
    return effect >= 0 && entity >= 0 ? [{ entity, of }] : [];
  });
}

/** How many messages an event of a user makes, and how many an accepted entity is therefore promised; the same in both worlds. */
export class Promises {
  private readonly plan: Plan;
  /** Events that each operation publishes, counting what the components it waits for publish. */
  private readonly published: readonly number[][];
  /** By event, consumer and user: units of the attribute that decides how many messages. */
  private readonly attributes: readonly Float64Array[][];

  constructor(plan: Plan) {
    this.plan = plan;
    this.published = plan.operations.map((o) => reached(plan, o.program).flatMap((s) => (s.do === 'publish' ? [s.event] : [])));
    this.attributes = plan.events.map((e) => e.consumers.map((c) => attributeTable(plan, c.attribute)));
  }

  /** Messages that everything which `operation` publishes makes for `user`. */
  promisedBy(operation: number, user: number): number {
    let sum = 0;
    for (const event of this.published[operation] ?? []) {
      const consumers = this.plan.events[event]?.consumers.length ?? 0;
      for (let k = 0; k < consumers; k++) sum += this.messagesFor(event, k, user);
    }
    return sum;
  }

  /** Whether any event goes to as many as an attribute of its user says. */
  get reachesFollowers(): boolean {
    return this.plan.events.some((e) => e.consumers.some((c) => c.each > 0));
  }

  /** How many `user` reaches with what `operation` publishes: the largest attribute that multiplies its messages, or 0. */
  followersOf(operation: number, user: number): number {
    let most = 0;
    for (const event of this.published[operation] ?? [])
      for (const table of this.attributes[event] ?? []) most = Math.max(most, table[user] ?? 0);
    return most;
  }

  /** Messages that event `event` of `user` makes for its consumer `k`. */
  messagesFor(event: number, k: number, user: number): number {
    const consumer = this.plan.events[event]?.consumers[k];
    if (consumer === undefined || consumer.each === 0) return 1;
    const amount = this.attributes[event]?.[k]?.[user] ?? 1;
    return Math.max(1, Math.ceil(amount / consumer.each));
  }
}

/** The steps of a program and of everything that it calls and waits for, one by one. */
function reached(plan: Plan, program: readonly Instruction[]): SingleStep[] {
  return stepsOf(program).flatMap((step) =>
    step.do === 'call' ? reached(plan, plan.components[step.component]?.program ?? []) : [step],
  );
}

/** The attribute of every user by popularity rank: rank 0 has the law's highest value. */
function attributeTable({ users }: Plan, name: string): Float64Array {
  const law = users.attributes[name];
  if (law === undefined) return new Float64Array(0);
  return Float64Array.from({ length: users.count }, (_, rank) => quantile(law, 1 - (rank + 0.5) / users.count));
}
