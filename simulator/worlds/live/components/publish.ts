import { mix } from '../../../domain/draws.ts';
import type { EffectRole } from '../../../domain/plan.ts';
import type { Promises } from '../../../domain/promises.ts';
import { MARK } from '../../../domain/span-words.ts';
import { wait, wallMs } from '../clock.ts';
import type { LiveEffect, Message, Outcome, Story } from '../contract.ts';
import { messageName } from '../message-name.ts';
import { errorOf } from '../spans.ts';
import type { Result } from '../wire.ts';
import type { Surroundings } from './surroundings.ts';
import type { Walk } from './walk.ts';

/** Tries of a send that a channel asks to repeat, and the first wait between them. */
const SEND_TRIES = 4;
const SEND_WAIT_MS = 50;

/** Publishing: the messages that an event makes for each consumer, and the way of each into its queue. */
export class Publisher {
  private readonly around: Surroundings;
  private readonly promises: Promises;
  /** Rows that a key of order may name: groups of different queues are apart by so many. */
  private readonly rows: number;

  constructor(around: Surroundings, promises: Promises) {
    this.around = around;
    this.promises = promises;
    this.rows = Math.max(around.plan.users.count, around.plan.objects.count);
  }

  /** Sends what `event` makes, one queue after the other; refused as soon as one of them refuses. */
  async publish(event: number, walk: Walk, lineOf: (role: EffectRole) => LiveEffect | undefined): Promise<Result> {
    const span = this.around.spans.begin(walk.story);
    const result = await this.toEach(event, { ...walk, story: span.story }, lineOf);
    this.around.spans.end(span, MARK.publish, event, { error: errorOf(result) });
    return result;
  }

  private async toEach(event: number, walk: Walk, lineOf: (role: EffectRole) => LiveEffect | undefined): Promise<Result> {
    const consumers = this.around.plan.events[event]?.consumers ?? [];
    for (let k = 0; k < consumers.length; k++) {
      const messages = this.messages(event, k, walk, lineOf);
      const deduplication = walk.isIdempotent ? `${senderOf(walk)}-${event}-${k}` : undefined;
      const answer = await this.send({ event, k, story: walk.story }, messages, deduplication);
      if (answer !== 'ok' && answer !== 'repeat') return 'refused';
      const line = lineOf('published');
      for (const { id, published_at_ms } of messages) {
        const group = this.groupOf(event, k, walk);
        if (line) this.around.note({ ...line, at_ms: published_at_ms, cause: id, ...(group < 0 ? {} : { group }) });
      }
    }
    return 'ok';
  }

  private async send(
    { event, k, story }: { event: number; k: number; story: Story },
    messages: readonly Message[],
    deduplication: string | undefined,
  ): Promise<Outcome> {
    const sender = this.around.sender(event, k);
    for (let tries = 1; ; tries++) {
      const named = deduplication === undefined ? {} : { deduplication };
      const answer = await sender.send(messages, named);
      if (answer !== 'throttled' || tries === SEND_TRIES) return answer;
      const start = wallMs();
      await wait(SEND_WAIT_MS * 2 ** tries);
      this.around.spans.add(story, MARK.blocked, event, { start });
    }
  }

  /**
   * An idempotent publisher gives a message the same name whichever attempt sends it, so that consumers recognise the repeat; without that
   * each attempt's message is another.
   */
  private messages(event: number, k: number, walk: Walk, lineOf: (role: EffectRole) => LiveEffect | undefined): Message[] {
    const { story } = walk;
    const key = mix(story.key, 0x9e77 + event * 31 + k);
    const sender = walk.isIdempotent ? senderOf(walk) : `${senderOf(walk)}-${story.attempt}`;
    const at = lineOf('published')?.at_ms ?? 0;
    const group = this.groupOf(event, k, walk);
    return Array.from({ length: this.promises.messagesFor(event, k, story.user) }, (_, i) => ({
      id: messageName({ sender, event, consumer: k, number: i }),
      event: this.around.plan.events[event]?.name ?? '',
      story: { ...story, key: mix(key, i) },
      published_at_ms: at,
      ...(group < 0 ? {} : { group: `${group}` }),
    }));
  }

  /** Messages of a queue among which one of this story keeps its place, as a number; -1 where no order is promised. */
  private groupOf(event: number, k: number, { story }: Walk): number {
    const planned = this.around.plan.events[event];
    const by = planned?.ordered_by;
    if (by === undefined || by === 'none') return -1;
    const row = by === 'all' ? 0 : by === 'actor' ? story.user : story.object;
    return (planned?.consumers[k]?.queue ?? 0) * this.rows + row;
  }
}

/** Whose publication it is, whichever attempt: the message that is worked on, else the user's action. */
function senderOf({ story }: Walk): string {
  return story.cause ?? `a${story.action}`;
}
