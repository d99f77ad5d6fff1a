import { writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CellResult } from '../../simulator/domain/cell.ts';
import type { ChannelKind, RunSheet } from '../../simulator/worlds/live/contract.ts';
import type { Service } from '../../simulator/worlds/live/stacks/aws/address.ts';
import { type Consuming, consume, count, servers, times } from '../virtual/small.ts';
import type { Endpoint } from './aws-endpoints.ts';
import { messageOf, partOf } from './sheet.ts';

/** What is asked of a channel: how many messages, how often their work fails, after how many tries it gives up. */
interface Course {
  messages: number;
  fails: 'never' | 'half' | 'always';
  tries: number;
  /** By users in turn, whose messages promise an order. */
  users?: number;
}

/** What became of them. `done` counts messages, `handled` what took effect; `breaches` those that took effect before an earlier one of their user. */
interface Delivered {
  published: number;
  done: number;
  handled: number;
  dead: number[];
  left: number;
  breaches: number;
}

export interface ChannelSubject {
  run(course: Course): Promise<Delivered>;
}

/** Sentences that are not true of a channel, each with the reason. */
export type Exceptions = Readonly<Record<string, string>>;
export const ONCE = 'stores each message once, and delivers it once when nothing fails';
export const IN_ORDER = 'lets messages of one user take effect in the order of publication, though half of all tries fail';

/** What every channel promises, in whichever world. */
export function holdsChannel(subject: () => ChannelSubject, but: Exceptions = {}): void {
  const holds = (sentence: string, test: () => Promise<void>) =>
    it.concurrent(but[sentence] === undefined ? sentence : `${sentence} (skipped: ${but[sentence]})`, async (context) => {
      if (but[sentence] === undefined) await test();
      else context.skip(but[sentence]);
    });
  const course = { messages: 9, tries: 3 } as const;

  holds(ONCE, async () => {
    const { published, done, handled, dead, left } = await subject().run({ ...course, fails: 'never' });
    expect([published, done, handled, dead.length, left]).toEqual([9, 9, 9, 0, 0]);
  });

  holds('delivers again what its consumer failed with, until it succeeds', async () => {
    const { done, dead, left } = await subject().run({ ...course, fails: 'half', tries: 50 });
    expect([done, dead.length, left]).toEqual([9, 0, 0]);
  });

  holds('gives up after its limit of tries: each of 9 messages is received three times', async () => {
    const { done, dead, left } = await subject().run({ ...course, fails: 'always' });
    expect([done, dead, left]).toEqual([0, Array(9).fill(3), 0]);
  });

  holds('keeps the balance: published = done + dead + still there', async () => {
    const { published, done, dead, left } = await subject().run({ ...course, fails: 'half', tries: 2 });
    expect(done + dead.length + left).toBe(published);
  });

  holds(IN_ORDER, async () => {
    const { done, breaches } = await subject().run({ messages: 12, fails: 'half', tries: 50, users: 3 });
    expect([done, breaches]).toEqual([12, 0]);
  });
}

/** The same of the virtual part: a message a second to two machines, which come back after a second. */
export function virtualChannel(place: NonNullable<NonNullable<Consuming['overrides']>['events']>[string]): ChannelSubject {
  const { channel } = place;
  const share = { never: 0, half: 0.5, always: 1 };
  return {
    async run({ messages, fails, tries, users }) {
      const result = consume({
        station: { error_rate: share[fails] },
        overrides: { components: servers(2, 2), events: { made: place } },
        parameters: { [`${channel}.visibility_timeout_s`]: 1, [`${channel}.receives_max`]: tries, [`${channel}.batch_size`]: 1 },
        ...(users === undefined ? {} : { users: { count: users }, ordered_by: 'actor' as const }),
        duration_s: messages + 1,
      });
      return deliveredIn(result);
    },
  };
}

function deliveredIn(result: CellResult): Delivered {
  return {
    published: times(result, 'published').length,
    done: result.lags[0]?.lag.count ?? 0,
    handled: times(result, 'handled').length,
    dead: (result.ledger ?? []).filter((e) => e.kind === 'dead-lettered').map((e) => e.attempt),
    left: count(result, 'pending'),
    breaches: result.checks.some((c) => c.name === 'out_of_order') ? count(result, 'out_of_order') : 0,
  };
}

/** The same of a real part: every second try of a message fails, where half of all do. */
export function liveChannel(kind: ChannelKind, sheetFor: (tries: number) => { sheet: RunSheet; path: string }): ChannelSubject {
  return {
    async run({ messages, fails, tries, users = 10 }) {
      const { sheet, path } = sheetFor(tries);
      const part = partOf(sheet, path);
      const keeper = await kind.keeper(part, sheet);
      await keeper.prepare();
      const [sender, receiver] = [await kind.sender(part, sheet), await kind.receiver(part, sheet, { slots: 4 })];
      const [handled, doneBy]: [number[], Map<number, number[]>] = [[], new Map()];
      await receiver.start(async ({ story }, { receives }) => {
        if (fails === 'always' || (fails === 'half' && receives % 2 === 1)) return false;
        handled.push(story.action);
        doneBy.set(story.user, [...(doneBy.get(story.user) ?? []), story.action]);
        return true;
      });
      const all = Array.from({ length: messages }, (_, n) => messageOf(n, n % users));
      const outcome = await sender.send(all, {});
      for (let depth = messages; depth > 0; ) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const { visible, inFlight } = await keeper.depth();
        depth = visible + inFlight;
      }
      await Promise.all([receiver.stop(), sender.close()]);
      const left = await keeper.left();
      const dead = (await keeper.dead()).map(({ receives }) => receives);
      await keeper.dispose();
      const breaches = [...doneBy.values()].flatMap((done) => done.filter((n, i) => i > 0 && n < (done[i - 1] as number))).length;
      const published = outcome === 'ok' ? messages : 0;
      return { published, done: new Set(handled).size, handled: handled.length, dead, left: left.length, breaches };
    },
  };
}

/** A suite for each endpoint that has these services, or the reason why it is not held here. */
export async function inEachWorld(
  endpoints: readonly Endpoint[],
  services: readonly Service[],
  suite: (index: number) => void,
): Promise<void> {
  for (const [i, { name, missing, lacks }] of endpoints.entries()) {
    const why = missing ?? (await lacks?.(services));
    if (why === undefined) describe(name, () => suite(i));
    else {
      writeSync(2, `${name}, ${services}: skipped. ${why}\n`);
      it(`${name} (skipped: ${why})`, (context) => context.skip(why));
    }
  }
}
