import type { Cell } from '../../domain/cell.ts';
import { MARK } from '../../domain/span-words.ts';
import type { Trace } from '../../domain/trace.ts';
import { sampleRank } from '../../domain/trace-keys.ts';
import { grown } from './engine/calendar-queue.ts';
import { FRAME } from './engine/frames.ts';
import { COLUMN, type Recording } from './engine/recordings.ts';
import { Kept } from './kept-recordings.ts';
import { FAILURE } from './walk.ts';
import type { World } from './world.ts';

/**
 * Writes down where every request spends its time, and keeps what `Kept` wants: only in cells that are asked for traces.
 *
 * Everything is recorded and most of it forgotten at the answer, because who is the slowest is known only then. It reads what the world
 * does and changes nothing: a cell with traces has the same figures as one without.
 *
 * Shape: `at` holds, by frame, the row that its work belongs to.
 */
export class Tracer {
  readonly kept: Kept;
  private readonly world: World;
  private at = new Int32Array(1024);
  /** By frame. */
  private readonly recordings: (Recording | null)[] = [];
  /** By message: the recording of its publication, and the row there. */
  private readonly senders: (Recording | null)[] = [];
  private sentFrom = new Int32Array(1024);
  private publisher: Recording | null = null;
  private publishing = -1;

  constructor(world: World, wanted: NonNullable<Cell['traces']>) {
    this.world = world;
    this.kept = new Kept(world, wanted);
  }

  traces(endedAt: number): Trace[] {
    return this.kept.traces(endedAt);
  }

  /** An attempt leaves the user's device; the first opens the recording. */
  sent(f: number): void {
    const { frames, now } = this.world;
    const { action, attempt, operation, session } = frames.stories;
    const story = frames.story[f] as number;
    const number = attempt[story] as number;
    if (number === 1) {
      const begun = this.kept.begin(action[story] as number);
      begun.operation = operation[story] as number;
      begun.session = session[story] as number;
      begun.intendedAt = frames.intendedAt[f] as number;
      begun.rank = sampleRank(frames.parent[f] as number);
      this.recordings[f] = begun;
      begun.add(MARK.root, begun.operation, { parent: -1, start: begun.intendedAt, end: Number.NaN });
    }
    const recording = this.of(f);
    if (recording) this.enter(f, recording.add(MARK.attempt, number, { parent: 0, start: now, end: Number.NaN }));
  }

  /** The front door has the request. */
  entered(f: number): void {
    const recording = this.of(f);
    if (!recording) return;
    this.enter(f, recording.add(MARK.gateway, 0, { parent: this.rowOf(f), start: this.world.now, end: Number.NaN }));
  }

  /** The user has given up on an attempt, at the client's `at`. */
  gaveUp(f: number, failure: number, at: number): void {
    const recording = this.of(f);
    if (!recording) return;
    const row = this.rowOf(f);
    const back = failure === FAILURE.timedOut ? at : Math.min(at, this.world.frames.clock[f] as number);
    const isInside = row >= 0 && recording.at(row, COLUMN.mark) === MARK.gateway;
    if (isInside) recording.close(row, back, failure);
    recording.close(isInside ? recording.at(row, COLUMN.parent) : row, at, failure);
  }

  /** The story of an operation is over at the client's `at`. */
  settled(f: number, outcome: number, at: number): void {
    const recording = this.of(f);
    if (!recording) return;
    const row = this.rowOf(f);
    const isInside = row >= 0 && recording.at(row, COLUMN.mark) === MARK.gateway;
    if (isInside) recording.close(row, Math.min(at, this.world.frames.clock[f] as number), outcome);
    recording.close(isInside ? recording.at(row, COLUMN.parent) : row, at, outcome);
    recording.close(0, at, outcome);
    this.kept.settled(recording, outcome, at);
  }

  /** `c` is new below `f`, or works for it. */
  inherit(f: number, c: number): void {
    this.enter(c, this.rowOf(f), this.recordings[f] ?? null);
  }

  /** `c` is called, and leaves its caller at `start`. */
  called(c: number, start: number): void {
    const component = this.world.frames.component[c] as number;
    this.enter(c, this.add(c, MARK.call, component, start, Number.NaN));
  }

  /** A call or a delivery is at its pool. */
  arrived(c: number): void {
    const { frames, now } = this.world;
    if (frames.kind[c] !== FRAME.call) this.received(c, now);
    else this.enter(c, this.add(c, MARK.serve, frames.part[c] as number, now, Number.NaN, frames.component[c] as number));
  }

  /** Consumer `c` turns to its current message at `at`. */
  received(c: number, at: number): void {
    const { frames, delivery } = this.world;
    const { messages, deliveries } = delivery;
    const m = deliveries.message[frames.message[c] as number] as number;
    this.enter(c, -1, this.senders[m] ?? null);
    const recording = this.of(c);
    if (!recording) return;
    const receives = messages.receives[m] as number;
    const start = Math.min(at, (receives > 1 ? messages.visibleAt[m] : messages.publishedAt[m]) as number);
    const parent = this.sentFrom[m] as number;
    recording.add(MARK.transit, frames.parentGeneration[c] as number, { parent, start, end: at, detail: receives });
    const detail = frames.component[c] as number;
    this.enter(c, recording.add(MARK.process, frames.part[c] as number, { parent, start: at, end: Number.NaN, detail }));
  }

  /** Consumer `c` is through with its current message, or has to leave it at `at`. */
  processed(c: number, failure: number, at: number): void {
    this.of(c)?.close(this.rowOf(c), at, failure);
  }

  /** The answer of call `c` is back at its caller at `back`. */
  answered(c: number, failure: number, back: number): void {
    const recording = this.of(c);
    const row = this.rowOf(c);
    if (!recording || row < 0) return;
    recording.close(row, this.world.frames.clock[c] as number, failure);
    recording.close(recording.at(row, COLUMN.parent), back, failure);
  }

  /** An environment has taken `c` now: the one that an overflow led to, where there is one. */
  inFunction(c: number, isCold: boolean): void {
    const { frames, now } = this.world;
    const recording = this.of(c);
    const row = this.rowOf(c);
    if (!recording || row < 0) return;
    recording.numbers[row + COLUMN.subject] = this.partOf(c);
    const begin = frames.startedAt[c] as number;
    if (isCold) this.spent(c, MARK.cold, now, begin);
  }

  /** The batch of `c`, which a card began at `began`, is computed now. */
  onGpu(c: number, began: number): void {
    this.waited(c, began);
    this.spent(c, MARK.gpu, began, this.world.now);
  }

  /** `c` was ready to compute from `readyAt` on, had a core from `begin` to `end`, and then others are busy until its own steps begin. */
  computed(c: number, readyAt: number, begin: number, end: number): void {
    this.spent(c, MARK.queue, readyAt, begin);
    this.spent(c, MARK.cpu, begin, end);
    this.spent(c, MARK.io, end, this.world.frames.clock[c] as number);
  }

  /** `c` has waited since it came to its pool. */
  waited(c: number, until: number): void {
    const recording = this.of(c);
    const row = this.rowOf(c);
    if (recording && row >= 0) this.spent(c, MARK.queue, recording.at(row, COLUMN.start), until);
  }

  /** A stretch of the work of frame `f`; nothing where it took no time. */
  private spent(f: number, mark: number, start: number, end: number): void {
    if (end > start) this.add(f, mark, this.partOf(f), start, end);
  }

  lookedUp(f: number, edge: number, end: number, isHit: boolean): void {
    this.add(f, MARK.edge, edge, this.world.now, end, isHit ? 1 : 0);
  }

  /** An access to a dataset, with what it waited for inside. */
  accessed(f: number, dataset: number, o: { start: number; end: number; packed: number; outcome: number }): void {
    const recording = this.of(f);
    const row = this.add(f, MARK.access, dataset, o.start, o.end, o.packed);
    if (!recording || row < 0) return;
    recording.numbers[row + COLUMN.failure] = o.outcome;
    const waits = this.world.stores.waitsOf(dataset);
    if (waits === undefined) return;
    const { connectionMs, lockMs, lockFrom } = waits;
    const inside = { parent: row, start: o.start, end: Math.min(o.end, o.start + connectionMs) };
    if (connectionMs > 0) recording.add(MARK.connection, dataset, inside);
    if (lockMs > 0) recording.add(MARK.lock, dataset, { parent: row, start: lockFrom, end: Math.min(o.end, lockFrom + lockMs) });
  }

  /** Frame `f` begins to publish `event`. */
  publishes(f: number, event: number): void {
    this.publisher = this.recordings[f] ?? null;
    this.publishing = this.add(f, MARK.publish, event, this.world.now, Number.NaN);
  }

  /** The publication is made, or failed. */
  published(f: number, failure: number): void {
    this.of(f)?.close(this.publishing, Math.max(this.world.now, this.world.frames.clock[f] as number), failure);
  }

  /** A channel makes frame `f` wait before it may publish `event`. */
  blocked(f: number, event: number, until: number): void {
    this.add(f, MARK.blocked, event, this.world.now, until);
  }

  /** Message `m` is part of the publication under way. */
  enqueued(m: number): void {
    if (m >= this.sentFrom.length) this.sentFrom = grown(this.sentFrom, new Int32Array(2 * m));
    this.sentFrom[m] = this.publishing;
    this.senders[m] = this.publisher;
  }

  private add(f: number, mark: number, subject: number, start: number, end: number, detail = 0): number {
    return this.of(f)?.add(mark, subject, { parent: this.rowOf(f), start, end, detail }) ?? -1;
  }

  /** The recording that frame `f` adds to; none where it was let go, and perhaps taken for another action. */
  private of(f: number): Recording | undefined {
    const { story, stories } = this.world.frames;
    const recording = this.recordings[f];
    return recording && recording.action === stories.action[story[f] as number] ? recording : undefined;
  }

  private rowOf(f: number): number {
    return this.at[f] as number;
  }

  private partOf(f: number): number {
    return this.world.frames.part[f] as number;
  }

  private enter(f: number, row: number, recording = this.recordings[f] ?? null): void {
    this.recordings[f] = recording;
    if (f >= this.at.length) this.at = grown(this.at, new Int32Array(2 * f));
    this.at[f] = row;
  }
}
