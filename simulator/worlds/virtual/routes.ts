import type { Plan } from '../../domain/plan.ts';

/** Which queue feeds which consumer; by index of the queue's part, -1 where a part is no queue. */
export class Routes {
  /** Component that consumes the queue, its part, and its place among all consumers. */
  readonly component: Int32Array;
  readonly part: Int32Array;
  readonly place: Int32Array;
  /** Queues that feed a part. */
  readonly feeding: number[][];

  constructor(plan: Plan) {
    this.component = new Int32Array(plan.parts.length).fill(-1);
    this.part = new Int32Array(plan.parts.length).fill(-1);
    this.place = new Int32Array(plan.parts.length).fill(-1);
    this.feeding = plan.parts.map(() => []);
    let place = 0;
    for (const c of plan.events.flatMap((e) => e.consumers)) {
      const part = plan.components[c.component]?.part ?? -1;
      this.component[c.queue] = c.component;
      this.part[c.queue] = part;
      this.place[c.queue] = place++;
      this.feeding[part]?.push(c.queue);
    }
  }
}
