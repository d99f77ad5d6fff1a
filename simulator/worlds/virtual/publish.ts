import { mix } from '../../domain/draws.ts';
import { ADMITTED, type Channel, LOST, TURNED_AWAY } from './channels/channel.ts';
import { STRIDE } from './engine/program.ts';
import { FAILURE } from './walk.ts';
import type { World } from './world.ts';

/** Publishing: how many messages an event makes for each consumer, and the way of each into its queue. */
export class Publisher {
  private readonly world: World;
  /** Rows that a key of order may name: groups of different queues are apart by so many. */
  private readonly rows: number;

  constructor(world: World) {
    this.world = world;
    this.rows = Math.max(world.cell.plan.users.count, world.cell.plan.objects.count);
  }

  /** Frame `f` publishes `event`, one queue per consumer; false, and nothing sent, when one of them refuses. */
  publish(f: number, event: number): boolean {
    const { frames, cell, effects, now } = this.world;
    const planned = cell.plan.events[event];
    if (planned === undefined) throw new RangeError('unknown event');
    const answer = this.admission(f, event);
    if (answer > 0) return this.tryLater(f, event, answer);
    this.world.tracer?.publishes(f, event);
    frames.tries[f] = 0;
    if (answer === TURNED_AWAY) {
      this.world.tracer?.published(f, FAILURE.refused);
      return false;
    }
    const { action, cause } = frames.stories;
    const story = frames.story[f] as number;
    const isRepeat =
      effects.isIdempotent(f) && !effects.causes.markPublished(cause[story] as number, action[story] as number, event);
    let slowest = isRepeat ? -1 : 0;
    for (let k = 0; k < planned.consumers.length; k++) {
      if (isRepeat) slowest = Math.max(slowest, this.repeat(f, event, k));
      else slowest = Math.max(slowest, answer === LOST ? this.lose(f, event, k) : this.send(f, event, k));
    }
    if (slowest >= 0) frames.clock[f] = this.world.stretched(now, now + slowest);
    this.world.tracer?.published(f, 0);
    return true;
  }

  /** What the channels of an event say to a publication: the first that does not take it speaks for all. */
  private admission(f: number, event: number): number {
    const { cell, frames, now } = this.world;
    const consumers = cell.plan.events[event]?.consumers ?? [];
    const user = frames.stories.user[frames.story[f] as number] as number;
    for (let k = 0; k < consumers.length; k++) {
      const answer = this.queueOf(event, k).admits(
        now,
        this.world.promises.messagesFor(event, k, user),
        frames.tries[f] as number,
      );
      if (answer !== ADMITTED) return answer;
    }
    return ADMITTED;
  }

  /** The frame comes to its step again when the wait is over. */
  private tryLater(f: number, event: number, wait: number): boolean {
    const { frames, now } = this.world;
    frames.tries[f] = (frames.tries[f] as number) + 1;
    frames.pc[f] = (frames.pc[f] as number) - STRIDE;
    frames.clock[f] = now + wait;
    this.world.tracer?.blocked(f, event, now + wait);
    return true;
  }

  private queueOf(event: number, k: number): Channel {
    return this.world.queues[this.world.cell.plan.events[event]?.consumers[k]?.queue as number] as Channel;
  }

  /** The messages for consumer `k`, some of them stored twice; how long the publisher waits. */
  private send(f: number, event: number, k: number): number {
    const { delivery, dispatch, effects, frames, now, operate, routes } = this.world;
    const q = this.world.cell.plan.events[event]?.consumers[k]?.queue as number;
    const queue = this.queueOf(event, k);
    const story = frames.story[f] as number;
    const n = this.world.promises.messagesFor(event, k, frames.stories.user[story] as number);
    const key = this.keyOf(f, event, k);
    const group = this.groupOf(story, event, q);
    queue.metersSends(n);
    operate.arrived(routes.part[q] as number, n);
    if (effects.isIdempotent(f)) queue.sent(this.senderOf(story), effects.causes.count, now);
    const storedAt = now + queue.storingMs(now, n);
    for (let i = 0; i < n; i++) {
      const cause = effects.causes.add();
      const m = this.enqueue(f, queue, mix(key, i), cause, storedAt);
      effects.record('published', f, frames.stories.action[story] as number, cause, group);
      if (queue.isDuplicated()) this.enqueue(f, queue, delivery.messages.key[m] as number, cause, storedAt);
    }
    const sendMs = queue.sendMs();
    dispatch.look(q);
    return sendMs;
  }

  /** The messages for consumer `k` leave the publisher and reach nobody, who does not hear of it. */
  private lose(f: number, event: number, k: number): number {
    const { effects, frames } = this.world;
    const story = frames.story[f] as number;
    const n = this.world.promises.messagesFor(event, k, frames.stories.user[story] as number);
    const q = this.world.cell.plan.events[event]?.consumers[k]?.queue as number;
    const action = frames.stories.action[story] as number;
    for (let i = 0; i < n; i++) effects.record('published', f, action, effects.causes.add(), this.groupOf(story, event, q));
    return this.queueOf(event, k).sendMs();
  }

  /** An idempotent publisher comes again: only a channel that recognises repeats is sent them. -1 where nothing is sent. */
  private repeat(f: number, event: number, k: number): number {
    const { dispatch, frames, now } = this.world;
    const queue = this.queueOf(event, k);
    if (!queue.recognisesRepeats) return -1;
    const story = frames.story[f] as number;
    const n = this.world.promises.messagesFor(event, k, frames.stories.user[story] as number);
    queue.metersSends(n);
    const cause = queue.repeated(this.senderOf(story), now);
    const storedAt = now + queue.storingMs(now, n);
    const key = this.keyOf(f, event, k);
    for (let i = 0; cause >= 0 && i < n; i++) this.enqueue(f, queue, mix(key, i), cause + i, storedAt);
    if (cause >= 0) dispatch.look(this.world.cell.plan.events[event]?.consumers[k]?.queue as number);
    return queue.sendMs();
  }

  private keyOf(f: number, event: number, k: number): number {
    return mix(this.world.frames.key[f] as number, 0x9e77 + event * 31 + k);
  }

  /** Whose publication it is, whichever attempt: the message that is worked on, else the user's action. */
  private senderOf(story: number): number {
    const { action, cause } = this.world.frames.stories;
    const own = cause[story] as number;
    return own < 0 ? 2 * (action[story] as number) : 2 * own + 1;
  }

  /** Messages of queue `q` among which one of this story keeps its place, as a number; -1 where no order is promised. */
  private groupOf(story: number, event: number, q: number): number {
    const by = this.world.cell.plan.events[event]?.ordered_by;
    if (by === undefined || by === 'none') return -1;
    const { object, user } = this.world.frames.stories;
    const row = by === 'all' ? 0 : by === 'actor' ? (user[story] as number) : (object[story] as number);
    return q * this.rows + row;
  }

  private enqueue(f: number, queue: Channel, key: number, cause: number, at: number): number {
    const { frames, delivery, now } = this.world;
    const { stories } = frames;
    const story = frames.story[f] as number;
    const t = delivery.messages;
    const m = t.take();
    t.action[m] = stories.action[story] as number;
    t.session[m] = stories.session[story] as number;
    t.user[m] = stories.user[story] as number;
    t.object[m] = stories.object[story] as number;
    t.key[m] = key;
    t.cause[m] = cause;
    t.publishedAt[m] = now;
    t.visibleAt[m] = at;
    this.world.tracer?.enqueued(m);
    queue.put(m);
    delivery.live++;
    return m;
  }
}
