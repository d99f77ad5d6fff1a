import { describe, expect, test } from 'vitest';
import type { ScenarioInput } from '../../simulator/domain/scenario.ts';
import { explain } from '../../simulator/plan/explain.ts';
import { setPath } from '../../simulator/plan/load/set.ts';
import { planOf, problemsOf, scenario } from './fixture.ts';

type Place = NonNullable<NonNullable<ScenarioInput['overrides']>['events']>[string];
const on = (place: Place, more: Partial<ScenarioInput> = {}) =>
  scenario({ overrides: { events: { 'post-created': place } }, ...more });
const plan = (place: Place, more: Partial<ScenarioInput> = {}) => planOf(on(place, more), 'hybrid');
const part = (p: ReturnType<typeof plan>, path: string) => p.parts.find((x) => x.path === path);

describe('an event that the scenario places on a channel', () => {
  test('has a queue of that kind for each consumer, with the options as numbers and words', () => {
    const queue = part(plan({ channel: 'rabbitmq', prefetch: 7, confirms: false }), 'rabbitmq/post-created/moderation');
    expect(queue?.values.prefetch).toBe(7);
    expect(queue?.words).toEqual({ event: 'post-created', queue: 'quorum', ack: 'manual', confirms: 'no', durable: 'yes' });
  });

  test('shares one broker: three machines for quorum queues, one for classic ones, none without RabbitMQ', () => {
    expect(part(plan({ channel: 'rabbitmq' }), 'rabbitmq')?.values.nodes).toBe(3);
    expect(part(plan({ channel: 'rabbitmq', queue: 'classic' }), 'rabbitmq')?.values.nodes).toBe(1);
    expect(part(plan({ channel: 'sqs-fifo' }), 'rabbitmq')).toBeUndefined();
  });

  test('is told by explain with its options, the broker and the sources', () => {
    const e = explain(plan({ channel: 'rabbitmq', queue: 'classic', durable: false, ack: 'automatic' }));
    expect(e.placements.find((p) => p.subject === 'post-created')?.placed).toBe(
      'rabbitmq, classic, prefetch 20, not durable, automatic ack',
    );
    expect(e.sizes.find((s) => s.subject === 'rabbitmq')?.placed).toBe('1 x mq.m5.large');
    expect(e.parameters.map((p) => p.path)).toContain('rabbitmq.delivery_ms');
  });

  test('groups a FIFO queue as the placement says, else as the application promises, else by message', () => {
    const group = (place: Place) => explain(plan(place)).placements.find((p) => p.subject === 'post-created')?.placed;
    expect(group({ channel: 'sqs-fifo', group: 'object' })).toBe('sqs-fifo, group object');
    expect(group({ channel: 'sqs-fifo' })).toBe('sqs-fifo, a group for each message');
    expect(plan({ channel: 'sqs-fifo', group: 'object' }).events[0]?.ordered_by).toBe('object');
  });

  test('takes parameters of its own over the options', () => {
    const parameters = { 'rabbitmq.moderation.prefetch': 3, 'sqs-fifo.calls_per_s': 5, 'broker.memory_mb': 100 };
    const p = plan({ channel: 'rabbitmq', prefetch: 7 }, { parameters });
    expect(part(p, 'rabbitmq/post-created/moderation')?.values.prefetch).toBe(3);
    expect(part(p, 'rabbitmq/post-created/transcode')?.values.prefetch).toBe(7);
    expect(part(p, 'rabbitmq')?.values.memory_mb).toBe(100);
  });

  test('sends three thousand messages a second at most, and far more in high-throughput mode', () => {
    const calls = (high_throughput: boolean) =>
      part(plan({ channel: 'sqs-fifo', high_throughput }), 'sqs-fifo/post-created/moderation')?.values.calls_per_s;
    expect([calls(false), calls(true)]).toEqual([300, 70_000]);
  });
});

describe('a channel that cannot be', () => {
  test.each<[Place, string, string]>([
    [{ channel: 'rabbitmq', durable: false }, 'durable', 'a quorum queue cannot be without durability'],
    [{ channel: 'rabbitmq', instance: 'mq.m5.lage' }, 'instance', 'unknown broker instance "mq.m5.lage"'],
  ])('is refused: %o', (place, field, message) => {
    expect(problemsOf(on(place), 'hybrid')).toMatchObject([{ path: `overrides.events.post-created.${field}`, message }]);
  });

  test.each([
    ['channel=rabitmq', 'rabbitmq'],
    ['channel=sqs-fifa', 'sqs-fifo'],
  ])('has a nearest name: %s', (assignment, suggestion) => {
    expect(setPath({}, `overrides.events.made.${assignment}`)).toMatchObject({
      problems: [{ expected: 'one of sqs, sqs-fifo, rabbitmq', suggestion }],
    });
  });
});
