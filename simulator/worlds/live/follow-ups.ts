import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Part, PlannedFollowUp } from '../../domain/plan.ts';
import { followUpKey } from '../../domain/undoing.ts';
import { wait } from './clock.ts';
import { channelOf, type Opened } from './components/open.ts';
import { type Walk, Walker } from './components/walk.ts';
import type { Receiver, Story } from './contract.ts';
import { listenOnLoopback } from './listen.ts';
import { storyIn } from './wire.ts';

/** Between two tries of a publication that its channel refuses, or of a look into a store that is away, ms. */
const AGAIN_MS = 1000;
/** Dead letters that are taken at once. */
const SLOTS = 10;

/** What this process says of itself to the run. */
export interface FollowUpsState {
  /** Actions that something is still to be published for, or to be looked after. */
  actions: number[];
}

/**
 * What is published when an operation or a message has failed for good, so that somebody undoes what was done.
 *
 * The driver tells it which users have given up; dead letters it reads from their queues. It waits out the time, looks whether the effect
 * that would make it needless stands, and publishes, again and again until the channel takes it.
 *
 * Simplified: what waits is kept in this process, which no fault kills; in production a durable timer would keep it.
 */
export class FollowUps {
  private readonly around: Opened;
  private readonly walker: Walker;
  private readonly receivers: Receiver[] = [];
  private readonly fail: (error: unknown) => void;
  private readonly pending = new Set<Story>();

  /** `fail` hears of what should not be. */
  constructor(around: Opened, fail: (error: unknown) => void) {
    this.around = around;
    this.fail = fail;
    this.walker = new Walker(around);
  }

  /** Listens on a free port of this machine and begins to take dead letters. */
  async listen(): Promise<number> {
    const port = await listenOnLoopback(createServer((request, response) => this.hear(request, response)));
    const { plan, sheet } = this.around;
    for (const { queue, on_failure } of plan.events.flatMap((event) => event.consumers)) {
      if (on_failure === undefined) continue;
      const part = plan.parts[queue] as Part;
      const receiver = await (await channelOf(plan, queue)).receiver(part, sheet, { slots: SLOTS, isDead: true });
      this.receivers.push(receiver);
      await receiver.start(async (message, { receives }) => {
        const story = { ...message.story, operation: -1, cause: message.id, attempt: receives };
        this.walker.note('dead-lettered', walkOf(story, part.path));
        this.begin(on_failure, { story, part: part.path });
        return true;
      });
    }
    return port;
  }

  async close(): Promise<void> {
    await Promise.all(this.receivers.map((receiver) => receiver.stop()));
    await this.around.close();
  }

  /** A user has given up, or the run asks how it stands. */
  private hear(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (request.method === 'POST') {
      const story = storyIn(request.headers);
      const followUp = this.around.plan.operations[story.operation]?.on_failure;
      if (followUp !== undefined) this.begin(followUp, { story, part: '' });
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ actions: [...this.pending].map(({ action }) => action) } satisfies FollowUpsState));
  }

  private begin(followUp: PlannedFollowUp, { story, part }: { story: Story; part: string }): void {
    this.pending.add(story);
    this.carryOut(followUp, walkOf({ ...story, key: followUpKey(story.key, followUp) }, part))
      .catch(this.fail)
      .finally(() => this.pending.delete(story));
  }

  private async carryOut({ after_ms, event, unless }: PlannedFollowUp, walk: Walk): Promise<void> {
    await wait(after_ms);
    for (; ; await wait(AGAIN_MS)) {
      const isNeedless = unless >= 0 && (await this.walker.stands(unless, walk.story));
      if (isNeedless === true) return;
      if (isNeedless === false && (await this.walker.run([{ do: 'publish', site: '', event }], walk)) === 'ok') return;
    }
  }
}

/** Whoever comes after a failure publishes once, however often it is told. */
function walkOf(story: Story, part: string): Walk {
  return { story, part, isIdempotent: true, seen: undefined, isFollowUp: true };
}
