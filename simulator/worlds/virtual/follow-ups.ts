import type { PlannedFollowUp } from '../../domain/plan.ts';
import { followUpKey } from '../../domain/undoing.ts';
import { EVENT } from './engine/events.ts';
import { FRAME } from './engine/frames.ts';
import { STRIDE } from './engine/program.ts';
import type { World } from './world.ts';

/** Between two tries of a publication that its channel refuses, ms. */
const AGAIN_MS = 1000;

/**
 * What is published when an operation or a message has failed for good, so that somebody undoes what was done.
 *
 * A frame of its own waits out the time and publishes, again and again until its channel takes it: a durable timer, or the reader of a
 * dead-letter queue, which nothing that failed takes down with it.
 *
 * Simplified: that timer costs nothing and is never lost; who keeps it in the process that may die would lose refunds with it.
 */
export class FollowUps {
  private readonly world: World;
  /** By the queue's part. */
  private readonly ofQueue = new Map<number, PlannedFollowUp>();

  constructor(world: World) {
    this.world = world;
    for (const event of world.cell.plan.events)
      for (const { queue, on_failure } of event.consumers) if (on_failure !== undefined) this.ofQueue.set(queue, on_failure);
  }

  /** The user of operation `f` has given up for good. */
  operationFailed(f: number, at: number): void {
    const { cell, frames, program } = this.world;
    const operation = frames.stories.operation[frames.story[f] as number] as number;
    const followUp = cell.plan.operations[operation]?.on_failure;
    if (followUp === undefined) return;
    const story = frames.stories.share(frames.story[f] as number);
    const start = program.followUps.get(followUp) as number;
    const key = followUpKey(frames.key[f] as number, followUp);
    this.begin(story, { part: -1, key, start, at: at + followUp.after_ms });
  }

  /** Queue `q` has given up on message `m`. */
  deadLettered(q: number, m: number): void {
    const followUp = this.ofQueue.get(q);
    const { delivery, effects, frames, now, program } = this.world;
    const { stories } = frames;
    // A copy of it that was worked off before is enough.
    if (followUp === undefined || effects.causes.isDone(delivery.messages.cause[m] as number)) return;
    const story = stories.take();
    delivery.messages.tell(m, stories, story);
    const start = program.followUps.get(followUp) as number;
    const key = followUpKey(delivery.messages.key[m] as number, followUp);
    this.begin(story, { part: q, key, start, at: now + followUp.after_ms });
  }

  private begin(story: number, o: { part: number; key: number; start: number; at: number }): void {
    const { events, frames } = this.world;
    const f = frames.take(story);
    frames.kind[f] = FRAME.followUp;
    frames.parent[f] = -1;
    frames.component[f] = -1;
    frames.part[f] = o.part;
    frames.key[f] = o.key;
    frames.pc[f] = o.start;
    frames.clock[f] = o.at;
    events.push(o.at, EVENT.go, f, frames.generation[f] as number);
  }

  /** The channel of frame `f` refuses: it comes to its step again. */
  again(f: number): void {
    const { events, frames, now } = this.world;
    frames.pc[f] = (frames.pc[f] as number) - STRIDE;
    frames.clock[f] = now + AGAIN_MS;
    events.push(now + AGAIN_MS, EVENT.go, f, frames.generation[f] as number);
  }
}
