import { describe, expect, it } from 'vitest';
import type { Fault } from '../../simulator/domain/fault.ts';
import type { PlannedFault } from '../../simulator/domain/plan.ts';
import { explainLines } from '../../simulator/plan/explain-lines.ts';
import { rowsOf } from '../../simulator/run/rows.ts';
import { planOf, type Settings, scenario } from './fixture.ts';

function planned(fault: Fault, strategy = 'hybrid', settings: Settings = {}): PlannedFault {
  return planOf(scenario({ faults: [fault] }), strategy, settings).faults?.[0] as PlannedFault;
}

/** Paths of parts and names of components that a fault acts on. */
function actsOn(fault: Fault, strategy: string): string[] {
  const plan = planOf(scenario({ faults: [fault] }), strategy);
  const [resolved] = plan.faults ?? [];
  const parts = resolved?.parts.map((i) => plan.parts[i]?.path ?? '') ?? [];
  return [...parts, ...(resolved?.components.map((i) => plan.components[i]?.name ?? '') ?? [])];
}

const FIFO = ['fan-out', 'moderation', 'transcode'].map((consumer) => `sqs-fifo/post-created/${consumer}`);

describe('what a fault acts on', () => {
  it.each<[string, Fault, string, string[]]>([
    ['a component in its pool', { kind: 'kill', target: 'auth', at_s: 1 }, 'all-servers', ['server/auth']],
    [
      'and in the pool of its overflow',
      { kind: 'kill', target: 'auth', at_s: 1 },
      'hybrid-burst',
      ['server/auth', 'function/auth+burst'],
    ],
    [
      'the queue of a consumer, where the kind acts on queues',
      { kind: 'stop', target: 'moderation', at_s: 1, for_s: 1 },
      'hybrid',
      ['sqs/post-created/moderation'],
    ],
    [
      'the component itself, where it acts on components',
      { kind: 'slow', target: 'moderation', amount: 2, at_s: 1, for_s: 1 },
      'hybrid',
      ['moderation'],
    ],
    [
      'all queues of an event',
      { kind: 'stop', target: 'post-created', at_s: 1, for_s: 1 },
      'hybrid',
      ['sqs/post-created/fan-out', 'sqs/post-created/moderation', 'sqs/post-created/transcode'],
    ],
    ['the store of a dataset', { kind: 'stop', target: 'accounts', at_s: 1, for_s: 1 }, 'hybrid', ['postgres']],
    ['nothing where the strategy has no such thing', { kind: 'kill', target: 'server', at_s: 1 }, 'all-functions', []],
    ['only a database fails over', { kind: 'fail-over', target: 'feeds', at_s: 1, for_s: 1 }, 'hybrid', []],
  ])('%s', (_, fault, strategy, expected) => {
    expect(actsOn(fault, strategy)).toEqual(expected);
  });

  it.each<[string, Pick<Fault, 'kind' | 'target' | 'amount'>, 'sqs-fifo' | 'rabbitmq', string[]]>([
    ['a FIFO queue by its kind', { kind: 'stop', target: 'sqs-fifo' }, 'sqs-fifo', FIFO],
    ['the broker of what is on RabbitMQ', { kind: 'stop', target: 'rabbitmq' }, 'rabbitmq', ['rabbitmq']],
    ['and that of a single queue as well', { kind: 'stop', target: 'moderation' }, 'rabbitmq', ['rabbitmq']],
    ['nothing that recognises repeats', { kind: 'duplicate', target: 'moderation', amount: 1 }, 'sqs-fifo', []],
    ['nothing that stores each message once', { kind: 'duplicate', target: 'moderation', amount: 1 }, 'rabbitmq', []],
  ])('%s', (_, fault, channel, expected) => {
    const plan = planOf(
      scenario({ faults: [{ ...fault, at_s: 1, for_s: 1 }], overrides: { events: { 'post-created': { channel } } } }),
      'hybrid',
    );
    expect(plan.faults?.[0]?.parts.map((i) => plan.parts[i]?.path)).toEqual(expected);
  });

  it('a zone is lost to all pools, a spot wave acts where spot machines are bought', () => {
    const kinds = (kind: 'lose-zone' | 'spot-wave', strategy: string) =>
      new Set(actsOn({ kind, at_s: 1 }, strategy).map((path) => path.split('/')[0]));
    expect([...kinds('lose-zone', 'hybrid-gpu')].sort()).toEqual(['function', 'gpu', 'server']);
    expect([...kinds('spot-wave', 'spot-servers')]).toEqual(['server']);
    expect([...kinds('spot-wave', 'reserved-base')]).toEqual([]);
    // What keeps state stays on demand.
    expect(actsOn({ kind: 'spot-wave', target: 'ledger', at_s: 1 }, 'spot-servers')).toEqual([]);
  });

  it('a scenario without faults has a plan without them', () => {
    expect(planOf(scenario(), 'hybrid')).not.toHaveProperty('faults');
  });

  it('what no strategy has is a problem, what only this one lacks is not', () => {
    const rows = (fault: Fault, strategy: string) => () =>
      rowsOf(scenario({ faults: [fault] }), {
        strategies: [strategy],
        controllers: [],
        rates: [1],
        seeds: [1],
        wantsLedger: false,
      });
    expect(rows({ kind: 'kill', target: 'gpu', at_s: 1 }, 'all-functions')).not.toThrow();
    expect(rows({ kind: 'fail-over', target: 'feeds', at_s: 1, for_s: 1 }, 'hybrid')).toThrow(
      /fail-over feeds.*no strategy has anything/,
    );
  });
});

describe('when a fault happens', () => {
  const stop = (at_s: number, for_s: number): Fault => ({ kind: 'stop', target: 'sqs', at_s, for_s });
  /** A window from 200 s to 300 s of the schedule. */
  const WINDOW = { cut_start_s: 200, duration_ms: 100_000 };

  it.each([
    ['within', 250, 20, 50, 20, false],
    ['before it began', 190, 20, 0, 10, false],
    ['until after its end', 290, 60, 90, 60, false],
    ['over', 100, 100, -100, 100, true],
    ['yet to come', 300, 10, 100, 10, true],
  ])('shifts with the window: %s', (_, at_s, for_s, from, length, isOutside) => {
    expect(planned(stop(at_s, for_s), 'hybrid', WINDOW)).toMatchObject({ at_ms: from * 1000, for_ms: length * 1000, isOutside });
  });

  it('what is over as soon as it has happened does not happen again', () => {
    expect(planned({ kind: 'kill', target: 'auth', at_s: 199, for_s: 60 }, 'hybrid', WINDOW).isOutside).toBe(true);
  });

  it('is explained with what it acts on and how', () => {
    const lines = explainLines(planOf(scenario({ faults: [stop(60, 30)] }), 'hybrid')).join('\n');
    expect(lines).toMatch(/Faults\n {2}stop sqs at 60 s for 30 s, on sqs\/post-created\/fan-out.*\n {6}reads, writes, sends/);
  });
});
