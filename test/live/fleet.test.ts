import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Part } from '../../simulator/domain/plan.ts';
import { Fleet } from '../../simulator/worlds/live/fleet.ts';
import { listenOnLoopback } from '../../simulator/worlds/live/listen.ts';
import { type Look, Operate } from '../../simulator/worlds/live/operate.ts';
import { sheetOf } from '../contract/sheet.ts';

const { plan } = sheetOf({}, {});
const index = plan.parts.findIndex((part) => part.sizing !== undefined);
const part = plan.parts[index] as Part;

/** An instance that says it has completed seven messages. */
async function instance() {
  const state = { busy: 0, completions: 7, area_ms: 70, cpu_ms: 35 };
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(state));
  });
  const port = await listenOnLoopback(server);
  const stop = async () => void server.close().closeAllConnections();
  return { name: 'instance', address: { port }, pids: [], log: () => '', stop };
}

describe('a pool of processes', () => {
  it('keeps in its books what an instance had done that died', async () => {
    const started: Awaited<ReturnType<typeof instance>>[] = [];
    const launch = async () => started[started.push(await instance()) - 1] as (typeof started)[number];
    const fleet = new Fleet(part, { launch, changed: async () => undefined });
    await fleet.open();
    expect((await fleet.counts()).completions).toBe(7 * fleet.wanted);
    await started[0]?.stop();
    await fleet.hold(true);
    await fleet.lost(0);
    expect((await fleet.counts()).completions).toBe(7 * fleet.wanted);
    await fleet.close();
  });

  it('is never told to have fewer arrivals than none, though a counter falls when an instance dies', () => {
    const fleet = new Fleet(part, { launch: instance, changed: async () => undefined });
    const operate = new Operate(plan, {
      fleets: new Map([[index, fleet]]),
      resized: () => undefined,
      fit: async () => undefined,
    });
    const look = (at_s: number, completions: number): Look => ({
      at_s,
      pools: new Map(),
      workers: new Map([[index, { busy: 0, completions, area_ms: 0, cpu_ms: 0 }]]),
      depths: new Map(),
      functions: new Map(),
    });
    for (const [at_s, completions] of [
      [1, 40],
      [2, 10],
      [3, 15],
    ] as const)
      operate.sample(look(at_s, completions));
    expect(operate.timelines[index]?.map((sample) => sample.arrivals)).toEqual([40, 0, 5]);
  });
});
