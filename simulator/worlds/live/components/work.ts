import { mix, PURPOSE, uniform } from '../../../domain/draws.ts';
import type { PlannedComponent } from '../../../domain/plan.ts';
import { Sampler } from '../../../domain/sampler.ts';
import { MARK } from '../../../domain/span-words.ts';
import { burn } from '../burn.ts';
import { wait, wallMs } from '../clock.ts';
import type { Message, Story } from '../contract.ts';
import { type Begun, errorOf } from '../spans.ts';
import type { Result } from '../wire.ts';
import type { Disturbances } from './disturbances.ts';
import type { OwnWork } from './own-work.ts';
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
  /** Resolves when the burst that came last has left the core. */
  private core: Promise<unknown> = Promise.resolve();
  private readonly own: ReadonlyMap<number, OwnWork>;
  /** Wall time at which this process began, until its first work: a cold start. Only where one is started for that work. */
  private coldSince: number | undefined;

  constructor(
    around: Surroundings,
    o: { pace: Pace; disturbances: Disturbances; own: ReadonlyMap<number, OwnWork>; coldSince?: number },
  ) {
    this.around = around;
    this.walker = new Walker(around);
    this.laws = around.plan.components.map((c) => ({ cpu: new Sampler(c.cpu_ms), io: new Sampler(c.io_ms) }));
    this.pace = o.pace;
    this.disturbances = o.disturbances;
    this.own = o.own;
    this.coldSince = o.coldSince;
  }

  /** One call or one delivery of component `index`, on part `part`. */
  async run(index: number, story: Story, part: string): Promise<Result> {
    const component = this.around.plan.components[index] as PlannedComponent;
    const now = this.disturbances.of(component.name);
    const own = this.own.get(index);
    const { spans } = this.around;
    const place = spans.partOf(part);
    if (this.coldSince !== undefined) spans.add(story, MARK.cold, place, { start: this.coldSince });
    this.coldSince = undefined;
    if (own === undefined) await this.demand(index, story, { now, place });
    else {
      const began = wallMs();
      try {
        await own(story, part);
      } catch (error) {
        this.around.failed(component.name, error instanceof Error ? error.message : String(error));
        return 'failed';
      } finally {
        spans.add(story, MARK.cpu, place, { start: began });
      }
    }
    if (uniform(mix(story.key, PURPOSE.error)) < Math.max(component.error_rate, now.errors)) return 'failed';
    return this.walker.run(component.program, walkOf(component, story, part));
  }

  /** Uses the CPU and waits: what stands for code that we do not have. */
  private async demand(
    index: number,
    story: Story,
    { now, place }: { now: { slow: number; wait: number }; place: number },
  ): Promise<void> {
    const { cpu, io } = this.laws[index] as { cpu: Sampler; io: Sampler };
    const draw = (law: Sampler, purpose: number) => (law.isConstant ? law.mean : law.at(uniform(mix(story.key, purpose))));
    const { spans } = this.around;
    const cpuMs = draw(cpu, PURPOSE.cpu) * this.pace.stretch * now.slow;
    if (cpuMs > 0) spans.add(story, MARK.cpu, place, { start: await this.compute(cpuMs), detail: cpuMs });
    const ioMs = draw(io, PURPOSE.io) * now.wait;
    if (ioMs === 0) return;
    const start = wallMs();
    await wait(ioMs);
    spans.add(story, MARK.io, place, { start });
  }

  /** Uses the core, one burst after the other in order of arrival, as an event loop does; when it had it (wall time). */
  private compute(ms: number): Promise<number> {
    const { sheet } = this.around;
    const { share } = this.pace;
    const turn = this.core;
    const done = (async () => {
      await turn;
      const start = wallMs();
      const pace = { perMs: sheet.burn_per_ms, ...(share === undefined ? {} : { share }) };
      await burn(ms, pace);
      return start;
    })();
    this.core = done;
    return done;
  }

  /** This process is there before its first work comes, which finds no cold start then. */
  warmed(): { result: Result } {
    this.coldSince = undefined;
    return { result: 'ok' };
  }

  /** Answers a call. */
  async answer(index: number, story: Story, part: string): Promise<Result> {
    const { spans } = this.around;
    const span = spans.begin(story, this.coldSince);
    let result: Result = 'failed';
    try {
      result = await this.run(index, span.story, part);
      return result;
    } finally {
      spans.end(span, MARK.serve, spans.partOf(part), { detail: index, error: errorOf(result) });
    }
  }

  /** Works on a message; true when it is done and the queue may forget it. */
  async take(index: number, message: Message, o: { receives: number; part: string }): Promise<boolean> {
    const span = this.received(index, message, o.receives);
    const story = { ...span.story, operation: -1, cause: message.id, attempt: o.receives };
    const ready = { ...story, key: mix(message.story.key, o.receives) };
    const result = await this.run(index, ready, o.part);
    const { spans } = this.around;
    spans.end(span, MARK.process, spans.partOf(o.part), { detail: index, error: errorOf(result) });
    if (result !== 'ok' && result !== 'sold-out' && result !== 'overtaken') return false;
    const component = this.around.plan.components[index] as PlannedComponent;
    this.walker.note('worked-off', walkOf(component, ready, o.part));
    // The effect is there and the acknowledgement will never be: what makes a duplicate in production.
    if (uniform(mix(ready.key, DEATH)) < this.disturbances.of(component.name).deaths) this.die();
    return true;
  }

  /** A message has come: its way through the queue is over, and the work on it begins. */
  private received(index: number, { event, published_at_ms, story }: Message, receives: number): Begun {
    const { plan, sheet, spans } = this.around;
    const consumers = plan.events.find(({ name }) => name === event)?.consumers ?? [];
    const queue = consumers.find(({ component }) => component === index)?.queue ?? -1;
    const span = spans.begin(story, this.coldSince);
    const published = sheet.epoch_ms + published_at_ms;
    spans.add(story, MARK.transit, queue, { start: published, end: span.start, detail: receives });
    return span;
  }

  private die(): void {
    this.around.spans.flush();
    process.kill(process.pid, 'SIGKILL');
  }
}

function walkOf(component: PlannedComponent, story: Story, part: string): Walk {
  return { story, part, isIdempotent: component.idempotent, seen: undefined };
}
