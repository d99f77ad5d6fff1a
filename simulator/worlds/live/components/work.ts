import { mix, PURPOSE, uniform } from '../../../domain/draws.ts';
import type { PlannedComponent } from '../../../domain/plan.ts';
import { Sampler } from '../../../domain/sampler.ts';
import { burn } from '../burn.ts';
import { wait } from '../clock.ts';
import type { Message, Story } from '../contract.ts';
import type { Result } from '../wire.ts';
import type { Disturbances } from './disturbances.ts';
import type { Surroundings } from './surroundings.ts';
import { type Walk, Walker } from './walk.ts';

/** What the draw is for that decides whether a consumer dies before it acknowledges. */
const DEATH = 0xdead;

/** How fast the process that does the work is. */
export interface Pace {
  /** Longer than on the reference core: 1 / speed of the placed machine. */
  stretch: number;
  /** Share of a core that it may use, where nothing else enforces it. */
  share?: number;
}

/** Does a component's work: uses the CPU that the request demands, waits for third parties, and takes the component's steps. */
export class Work {
  private readonly around: Surroundings;
  private readonly walker: Walker;
  private readonly laws: { cpu: Sampler; io: Sampler }[];
  private readonly pace: Pace;
  private readonly disturbances: Disturbances;

  constructor(around: Surroundings, o: { pace: Pace; disturbances: Disturbances }) {
    this.around = around;
    this.walker = new Walker(around);
    this.laws = around.plan.components.map((c) => ({ cpu: new Sampler(c.cpu_ms), io: new Sampler(c.io_ms) }));
    this.pace = o.pace;
    this.disturbances = o.disturbances;
  }

  /** One call or one delivery of component `index`, on part `part`. */
  async run(index: number, story: Story, part: string): Promise<Result> {
    const component = this.around.plan.components[index] as PlannedComponent;
    const { cpu, io } = this.laws[index] as { cpu: Sampler; io: Sampler };
    const now = this.disturbances.of(component.name);
    const draw = (law: Sampler, purpose: number) => (law.isConstant ? law.mean : law.at(uniform(mix(story.key, purpose))));
    const { share } = this.pace;
    const perMs = this.around.sheet.burn_per_ms;
    await burn(draw(cpu, PURPOSE.cpu) * this.pace.stretch * now.slow, { perMs, ...(share === undefined ? {} : { share }) });
    await wait(draw(io, PURPOSE.io) * now.wait);
    if (uniform(mix(story.key, PURPOSE.error)) < Math.max(component.error_rate, now.errors)) return 'failed';
    return this.walker.run(component.program, walkOf(component, story, part));
  }

  /** Works on a message; true when it is done and the queue may forget it. */
  async take(index: number, message: Message, o: { receives: number; part: string }): Promise<boolean> {
    const story = { ...message.story, operation: -1, cause: message.id, attempt: o.receives };
    const ready = { ...story, key: mix(message.story.key, o.receives) };
    const result = await this.run(index, ready, o.part);
    if (result !== 'ok' && result !== 'sold-out' && result !== 'overtaken') return false;
    const component = this.around.plan.components[index] as PlannedComponent;
    this.walker.note('worked-off', walkOf(component, ready, o.part));
    // The effect is there and the acknowledgement will never be: what makes a duplicate in production.
    if (uniform(mix(ready.key, DEATH)) < this.disturbances.of(component.name).deaths) process.kill(process.pid, 'SIGKILL');
    return true;
  }
}

function walkOf(component: PlannedComponent, story: Story, part: string): Walk {
  return { story, part, isIdempotent: component.idempotent, seen: undefined };
}
