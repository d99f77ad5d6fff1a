import { describe, expect, it } from 'vitest';
import { lawOf } from '../../simulator/domain/calibration.ts';
import { quantile } from '../../simulator/domain/distribution.ts';
import type { Leg } from '../../simulator/domain/leg.ts';
import { Calibrator } from '../../simulator/measure/calibrate/calibrate.ts';
import { Crowd, waysOf } from '../../simulator/measure/calibrate/crowd.ts';
import { Stays } from '../../simulator/measure/calibrate/requests.ts';
import { at, planOf } from './hello-plan.ts';

const leg = (kind: Leg['leg'], of: number, o: { from: number; to: number; on?: string; action?: number }): Leg => {
  return { leg: kind, of, action: o.action ?? 0, on: o.on ?? 'worker', at_ms: o.to, ms: o.to - o.from };
};

describe('who wants the cores at once', () => {
  const bursts = [
    [0, 10],
    [4, 12],
  ] as const;
  const crowd = new Crowd(bursts, [[6, 8]]);

  it('is met by who begins: all that are there, and not itself, nor who has just ended', () => {
    expect([0, 4, 6].map((from) => crowd.metAt(from))).toEqual([0, 1, 2]);
    expect([8, 9, 10, 11.9, 12].map((from) => crowd.metAt(from))).toEqual([2, 2, 1, 1, 0]);
  });

  it('is counted over the time of bursts, ways among who is there', () => {
    // One from 0 to 4 and 10 to 12, two from 4 to 6 and 8 to 10, both of them beside the way from 6 to 8.
    expect(crowd.bursts_ms).toEqual([undefined, 4 + 2, 2 * (2 + 2), 2 * 2]);
  });

  it('is nobody where nothing was measured', () => {
    expect(new Crowd([], []).metAt(5)).toBe(0);
    expect(new Crowd([], []).bursts_ms).toEqual([]);
  });
});

describe('ways through other processes', () => {
  it('are accesses, publications and calls without the work that they asked for, not messages on their way to a machine', () => {
    const plan = planOf('all-servers');
    const page = at(plan.components, 'page');
    const queue = plan.parts.findIndex(({ kind }) => kind === 'sqs' || kind === 'rabbitmq');
    const legs = [
      leg('call', page, { from: 0, to: 20, on: 'gateway' }),
      leg('work', page, { from: 3, to: 18 }),
      { ...leg('cpu', page, { from: 3, to: 11 }), asked_ms: 8 },
      leg('read', 0, { from: 11, to: 14 }),
      leg('send', queue, { from: 14, to: 16 }),
      leg('delivery', queue, { from: 14, to: 19, on: 'other' }),
      leg('io', page, { from: 16, to: 18 }),
    ];
    const ways = waysOf(plan, legs, new Stays(legs));
    expect(ways).toHaveLength(4);
    expect(ways).toEqual(expect.arrayContaining([[0, 3] as const, [18, 20], [11, 14], [14, 16]]));
  });

  it('are messages to a function, a new environment, and a component with code of its own', () => {
    const plan = planOf('all-functions');
    const page = at(plan.components, 'page');
    const queue = plan.parts.findIndex(({ kind }) => kind === 'sqs');
    const legs = [
      leg('delivery', queue, { from: 0, to: 5 }),
      leg('init', page, { from: 5, to: 200 }),
      leg('cpu', page, { from: 200, to: 210 }),
    ];
    expect(waysOf(plan, legs, new Stays(legs))).toEqual([
      [0, 5],
      [5, 200],
      [200, 210],
    ]);
  });

  it('have the law that is left when those that met two bursts were half as long again', () => {
    const plan = planOf('all-servers');
    const [page, entries] = [at(plan.components, 'page'), at(plan.datasets, 'entries')];
    const legs = Array.from({ length: 200 }).flatMap((_, action): Leg[] => {
      const from = 1_000 * action;
      const isCrowded = action % 2 === 1;
      const burst = { ...leg('cpu', page, { from: from - 5, to: from + 5, action }), asked_ms: 10 };
      return [
        leg('read', entries, { from, to: from + (isCrowded ? 3 : 2), action }),
        ...(isCrowded ? [burst, { ...burst, on: 'second' }] : []),
      ];
    });
    const metered = { legs, latency_ms: new Map<number, number>(), boots_ms: new Map<number, number[]>() };
    const [read] = new Calibrator([{ plan, metered }], 2).values().filter(({ path }) => path === 'dynamodb.read_ms');
    if (read === undefined) throw new Error('reads were not calibrated');
    for (const q of [0.1, 0.5, 0.9]) expect(quantile(lawOf(read), q)).toBeCloseTo(2, 1);
  });
});
