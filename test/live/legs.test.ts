import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Leg } from '../../simulator/domain/leg.ts';
import { MARK } from '../../simulator/domain/span-words.ts';
import type { RunSheet, Story } from '../../simulator/worlds/live/contract.ts';
import { legsIn } from '../../simulator/worlds/live/legs.ts';
import { SpanLog, traceparentOf } from '../../simulator/worlds/live/spans.ts';
import { cellOf } from '../virtual/small.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-legs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EPOCH = 1_000_000;
const { plan } = cellOf({
  components: {
    station: { description: 'answers', cpu_ms: 10, steps: [{ read: 'rows' }, { publish: 'done' }] },
    post: { description: 'hears', cpu_ms: 1 },
    audit: { description: 'hears, too', cpu_ms: 1 },
  },
  events: { done: { description: 'it was done', consumers: { post: {}, audit: {} } } },
  datasets: { rows: { description: 'rows', shape: 'key-value' } },
});
const [station, post] = ['station', 'post'].map((name) => plan.components.findIndex((c) => c.name === name)) as [number, number];
const queues = (plan.events[0]?.consumers ?? []).map(({ queue }) => queue);

it('legs are what the spans of a request say, however deep they lie', () => {
  const sheet = { plan, folder, epoch_ms: EPOCH, isTraced: true } as unknown as RunSheet;
  const spans = new SpanLog(sheet, 'test');
  const at = (ms: number) => EPOCH + ms;
  const traceparent = traceparentOf('a'.repeat(32), 'b'.repeat(16));
  const user = { action: 7, operation: 0, traceparent } as Story;
  const door = spans.begin(user, at(0));
  const call = spans.begin(door.story, at(1));
  const serve = spans.begin(call.story, at(3));
  spans.add(serve.story, MARK.cold, 0, { start: at(3), end: at(8) });
  spans.add(serve.story, MARK.cpu, 0, { start: at(10), end: at(21), detail: 10.5 });
  spans.add(serve.story, MARK.io, 0, { start: at(21), end: at(25) });
  spans.add(serve.story, MARK.access, 0, { start: at(25), end: at(28), detail: 4 });
  spans.add(serve.story, MARK.access, 0, { start: at(28), end: at(30), detail: 5 });
  const publish = spans.begin(serve.story, at(30));
  spans.add(publish.story, MARK.blocked, 0, { start: at(31), end: at(35) });
  spans.add(publish.story, MARK.transit, queues[0] as number, { start: at(40), end: at(44), detail: 1 });
  const process = spans.begin(publish.story, at(44));
  spans.add(process.story, MARK.cpu, 1, { start: at(44), end: at(46), detail: 0 });
  spans.end(process, MARK.process, 1, { end: at(46), detail: post });
  spans.end(publish, MARK.publish, 0, { end: at(40) });
  spans.end(serve, MARK.serve, 0, { end: at(41), detail: station });
  spans.end(call, MARK.call, station, { end: at(43) });
  spans.end(door, MARK.gateway, 0, { end: at(45), detail: 0 });
  spans.close();
  const legs = legsIn(folder, sheet);
  const said = ({ leg, of, ms, asked_ms }: Leg) => `${leg} ${of} ${ms}${asked_ms === undefined ? '' : ` of ${asked_ms}`}`;
  expect(legs.map(said).sort()).toEqual(
    [
      'door 0 45',
      `call ${station} 42`,
      `work ${station} 38`,
      `init ${station} 5`,
      // The cold start before the burst was no wait for the core.
      `core ${station} 2`,
      `cpu ${station} 11 of 10.5`,
      `io ${station} 4`,
      'read 0 3',
      'write 0 2',
      // One after the other, and without the time in which the channel made its publisher wait.
      ...queues.map((queue) => `send ${queue} 3`),
      `delivery ${queues[0]} 4`,
      // A component's own code asks for nothing.
      `cpu ${post} 2`,
    ].sort(),
  );
  for (const { action, at_ms, on } of legs) expect([action, on, at_ms > EPOCH]).toEqual([7, legs[0]?.on, true]);
});
