import { keyOf, mix, PURPOSE, uniform } from '../../../domain/draws.ts';
import type { EffectRole, Instruction, Whose } from '../../../domain/plan.ts';
import { Promises } from '../../../domain/promises.ts';
import { MARK } from '../../../domain/span-words.ts';
import { wait, wallMs } from '../clock.ts';
import type { LiveEffect, Outcome, Story, WriteOrder } from '../contract.ts';
import { errorOf } from '../spans.ts';
import type { Result } from '../wire.ts';
import { Publisher } from './publish.ts';
import { Settling } from './settle.ts';
import type { Surroundings } from './surroundings.ts';

/** What walks through a program: whose it is, on which part, and what it last saw of a stock. */
export interface Walk {
  story: Story;
  /** Path of the part that runs it; the operation itself has none. */
  part: string;
  isIdempotent: boolean;
  seen: number | undefined;
  /** What it publishes was not promised with the entity, and makes up for no message that was. */
  isFollowUp?: true;
}

type Of<K extends Instruction['do']> = Extract<Instruction, { do: K }>;

/** Takes the steps of operations and components: the same instructions, keys and outcomes as in the virtual world, over real parts. */
export class Walker {
  private readonly around: Surroundings;
  private readonly promises: Promises;
  private readonly publisher: Publisher;
  private readonly settling: Settling;
  private readonly roles: Map<EffectRole, string>;

  constructor(around: Surroundings) {
    this.around = around;
    this.promises = new Promises(around.plan);
    this.publisher = new Publisher(around, this.promises);
    const { plan, store } = around;
    this.settling = new Settling({ plan, store, rowOf: (story, of) => this.rowOf(story, of) });
    this.roles = new Map(around.plan.effects.map((e) => [e.role, e.name]));
  }

  /** Step after step, until one does not end well. */
  async run(steps: readonly Instruction[], walk: Walk): Promise<Result> {
    for (const step of steps) {
      const result = await this.step(step, walk);
      if (result !== 'ok') return result;
    }
    return 'ok';
  }

  /** A line of the ledger about what this walk does; undefined when the application has no word for it. */
  lineOf(role: EffectRole, { story, part, isFollowUp }: Walk): LiveEffect | undefined {
    const effect = this.roles.get(role);
    const count = isFollowUp && role === 'published' ? 0 : 1;
    return effect === undefined ? undefined : { ...this.line(story, part), effect, count };
  }

  /** Whether `effect` stands for the story's action; or how asking failed. */
  stands(effect: number, story: Story): Promise<boolean | Outcome> {
    return this.settling.stands(effect, story);
  }

  note(role: EffectRole, walk: Walk): void {
    const line = this.lineOf(role, walk);
    if (line) this.around.note(line);
  }

  private step(step: Instruction, walk: Walk): Promise<Result> | Result {
    switch (step.do) {
      case 'call':
        return this.call(step, walk);
      case 'publish':
        return this.publisher.publish(step.event, walk, (role) => this.lineOf(role, walk));
      case 'read':
        return this.read(step, walk);
      case 'write':
        return this.write(step, walk);
      case 'settle':
        return this.settle(step, walk);
      case 'lookup':
        return this.lookup(step, walk);
      case 'parallel':
        return this.parallel(step, walk);
      case 'show':
        this.around.show?.(walk.story, step.entity, this.rowOf(walk.story, step.of));
        return 'ok';
    }
  }

  private async call(step: Of<'call'>, { story }: Walk): Promise<Result> {
    const span = this.around.spans.begin(story);
    const result = await this.around.call(step.component, { ...span.story, key: mix(story.key, keyOf(step.site)) });
    this.around.spans.end(span, MARK.call, step.component, { error: errorOf(result) });
    return step.optional ? 'ok' : result;
  }

  private async read(step: Of<'read'>, walk: Walk): Promise<Result> {
    const dataset = this.datasetOf(step.dataset);
    const row = this.rowOf(walk.story, step.of);
    const isConsistent = step.consistent || dataset.consistent_reads;
    const detail = step.items * 4 + (isConsistent ? 2 : 0);
    const answer = await this.patiently({ dataset: step.dataset, detail }, walk, async () => {
      const asked = { items: step.items, isConsistent };
      const read = await this.around.store(step.dataset).read(dataset, row, asked);
      if (read.left !== undefined) walk.seen = read.left;
      if (read.isStale) this.note('stale-read', walk);
      return read.outcome;
    });
    return answer === 'ok' ? 'ok' : 'refused';
  }

  private async write(step: Of<'write'>, walk: Walk): Promise<Result> {
    const row = this.rowOf(walk.story, step.of);
    const order: WriteOrder = {
      dataset: this.datasetOf(step.dataset),
      row,
      items: step.items,
      line: this.effectLine(step, walk, row),
      isGuarded: walk.isIdempotent || (step.conditional && step.take === 0),
      isFollowed: this.settling.isFollowed(step.effect),
      take: step.take,
      isConditional: step.conditional,
      seen: walk.seen,
    };
    const detail = step.items * 4 + 1;
    const answer = await this.patiently({ dataset: step.dataset, detail }, walk, () =>
      this.around.store(step.dataset).write(order),
    );
    if (step.take > 0) walk.seen = undefined;
    return this.written(answer, walk);
  }

  private async settle(step: Of<'settle'>, walk: Walk): Promise<Result> {
    const { effects } = this.around.plan;
    const row = this.rowOf(walk.story, step.of);
    const line = this.effectLine({ ...step, take: effects[step.undoes]?.units ?? 0 }, walk, row);
    const answer = await this.patiently({ dataset: step.dataset, detail: 4 + 1 }, walk, () =>
      this.settling.settle(step, walk, line),
    );
    return this.written(answer, walk);
  }

  /** What follows from the answer to a write. */
  private written(answer: Outcome, walk: Walk): Result {
    if (answer === 'repeat') this.note('suppressed', walk);
    if (answer === 'sold-out' || answer === 'overtaken') return answer;
    return answer === 'ok' || answer === 'repeat' ? 'ok' : 'refused';
  }

  private effectLine(step: { effect: number; take: number }, { story, part }: Walk, row: number): LiveEffect | undefined {
    const effect = this.around.plan.effects[step.effect];
    if (effect === undefined) return undefined;
    const line = { ...this.line(story, part), effect: effect.name };
    if (step.take > 0) return { ...line, count: step.take, row };
    if (effect.role !== 'accepted') return line;
    return { ...line, count: this.promises.promisedBy(story.operation, story.user), row };
  }

  private line(story: Story, part: string): Omit<LiveEffect, 'effect'> {
    const { action, cause, attempt } = story;
    return { at_ms: wallMs() - this.around.sheet.epoch_ms, entity: action, cause, part, attempt, count: 1 };
  }

  /** Asks again, after a back-off, while the store is throttled and its caller has patience; `detail` as the span of an access has it. */
  private async patiently(
    { dataset, detail }: { dataset: number; detail: number },
    { story }: Walk,
    ask: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const part = this.around.plan.parts[this.datasetOf(dataset).part];
    const number = (name: string) => {
      const value = part?.values[name];
      return typeof value === 'number' ? value : 0;
    };
    for (let tries = 0; ; tries++) {
      const start = wallMs();
      const answer = await ask();
      this.around.spans.add(story, MARK.access, dataset, { start, detail, error: errorOf(answer) });
      if (answer !== 'throttled' || tries >= number('retries')) return answer;
      const u = uniform(mix(story.key, PURPOSE.store + tries * 64));
      await wait(u * number('retry_base_ms') * 2 ** tries);
    }
  }

  private async lookup(step: Of<'lookup'>, walk: Walk): Promise<Result> {
    const row = this.rowOf(walk.story, step.of);
    const cache = this.around.cache?.(step.edge);
    const isHit = cache?.has(row, step.ttl_ms) === true;
    if (cache) this.around.spans.add(walk.story, MARK.edge, step.edge, { start: wallMs(), detail: isHit ? 1 : 0 });
    if (isHit) return 'ok';
    const result = await this.run(step.otherwise, walk);
    if (result === 'ok') cache?.fill(row);
    return result;
  }

  /** Every branch at once; what goes wrong first says how it ends, and sold out only if nothing else did. */
  private async parallel(step: Of<'parallel'>, walk: Walk): Promise<Result> {
    let worst: Result = 'ok';
    await Promise.all(
      step.branches.map(async (branch, k) => {
        const story = { ...walk.story, key: mix(walk.story.key, keyOf(step.site) + k) };
        const result = await this.run(branch, { ...walk, story });
        if (result !== 'ok' && (worst === 'ok' || worst === 'sold-out')) worst = result;
      }),
    );
    return worst;
  }

  private rowOf(story: Story, of: Whose): number {
    if (of === 'others') return Math.floor(uniform(mix(story.key, PURPOSE.object)) * this.around.plan.users.count);
    return of === 'actor' ? story.user : story.object;
  }

  private datasetOf(index: number) {
    const dataset = this.around.plan.datasets[index];
    if (dataset === undefined) throw new RangeError(`the plan has no dataset ${index}`);
    return dataset;
  }
}
