import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { OUTCOME } from '../../simulator/measure/recorder.ts';
import { driveWithAutocannon } from '../../simulator/worlds/live/autocannon-users.ts';
import { wallMs } from '../../simulator/worlds/live/clock.ts';
import type { Story } from '../../simulator/worlds/live/contract.ts';
import { listenOnLoopback } from '../../simulator/worlds/live/listen.ts';
import { preludeOf } from '../../simulator/worlds/live/prelude.ts';
import { saturationOf } from '../../simulator/worlds/live/saturation.ts';
import { STORY_HEADER, storyIn } from '../../simulator/worlds/live/wire.ts';
import { cellOf } from '../virtual/small.ts';

const step = { description: 'one request', attempts: 3, timeout_ms: 2000, steps: [{ call: 'station' }] };

/** Users who log in and then buy, twenty of them a second for a second; a gateway of the test's own answers them. */
async function driven(answer: (story: Story) => number) {
  const cell = cellOf({ operations: { login: step, buy: step }, doing: ['login', 'buy'], rate: 20, duration_s: 1 });
  cell.plan.warmup_ms = 500;
  const stories: Story[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const story = storyIn({ [STORY_HEADER]: request.headers[STORY_HEADER] as string });
    stories.push(story);
    setTimeout(() => response.writeHead(answer(story)).end(), 5);
  });
  const port = await listenOnLoopback(server);
  const failed: Story[] = [];
  const { actions } = preludeOf(cell);
  const o = { port, start_ms: wallMs(), connections: 4, failed: (story: Story) => failed.push(story) };
  const all = await driveWithAutocannon(cell.plan, actions, o);
  server.close().closeAllConnections();
  return { actions, all, cell, failed, stories };
}

describe('users of a closed loop', () => {
  it('play whole sessions one after another, again and again, every action another one', async () => {
    const { actions, all, stories } = await driven(() => 200);
    expect(stories.length).toBeGreaterThan(actions.length);
    expect(new Set(stories.map(({ action }) => action)).size).toBe(stories.length);
    expect(new Set(stories.map(({ key }) => key)).size).toBe(stories.length);
    const [login, buy] = [0, 1].map((operation) => stories.filter((story) => story.operation === operation).length);
    // Each login but the last of a connection is followed by its purchase.
    expect(Math.abs((login as number) - (buy as number))).toBeLessThanOrEqual(4 + 2 + actions.length);
    const begun = new Map(stories.map((story, i) => [story.action, i]));
    for (const [i, action] of actions.entries()) {
      const before = actions.slice(0, i).findLast(({ session }) => session === action.session);
      if (before && begun.has(action.index)) expect(begun.get(before.index)).toBeLessThan(begun.get(action.index) as number);
    }
    expect(all.rows.every(({ outcome, attempts }) => outcome === OUTCOME.served && attempts === 1)).toBe(true);
  });

  it('tell of failures once, and do not try again', async () => {
    const { all, failed, stories } = await driven(({ operation }) => (operation === 1 ? 500 : 200));
    const wrong = all.rows.filter(({ outcome }) => outcome === OUTCOME.failed);
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.every(({ operation }) => operation === 1)).toBe(true);
    expect([failed.length, all.rows.length]).toEqual([wrong.length, stories.length]);
  });

  it('sum up to what was served a second, with half of the connections first', () => {
    const cell = cellOf({ operations: { login: step, buy: step }, doing: ['login', 'buy'], rate: 20, duration_s: 10 });
    cell.plan.warmup_ms = 5000;
    const row = (done_ms: number, outcome: number = OUTCOME.served) => {
      return { operation: 0, at_ms: done_ms - 20, done_ms, outcome, attempts: 1 };
    };
    const many = (from: number, n: number) => Array.from({ length: n }, (_, i) => row(from + i));
    const rows = [...many(0, 50), ...many(1020, 40), ...many(5020, 1200), row(9999, OUTCOME.failed), row(10_025)];
    const lateness = { shots: 0, late: 0, unsent: 0, p50_ms: 0, p99_ms: 0, max_ms: 0 };
    const found = saturationOf(cell, { rows, lateness, driver_busy: 0.25 }, { connections: 7, asked: 200, drained_ms: 12_000 });
    expect(found).toMatchObject({ connections: 7, half: { connections: 4, served_per_s: 10 }, served_per_s: 240 });
    expect(found.error_rate).toBeCloseTo(1 / 1201, 10);
    expect([found.driver_busy, found.drained_s]).toEqual([0.25, 2]);
    expect(found.operations.map(({ name, served }) => [name, served])).toEqual([
      ['login', 1200],
      ['buy', 0],
    ]);
    expect(found.operations[0]?.closed_loop_ms.p99).toBeCloseTo(20, 0);
    expect(found.operations[1]?.closed_loop_ms).toEqual({ p50: null, p95: null, p99: null });
  });
});
