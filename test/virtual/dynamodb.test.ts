import { describe, expect, it } from 'vitest';
import { OnDemandCapacity } from '../../simulator/worlds/virtual/stores/on-demand-capacity.ts';
import { count, meanMs, metered, outcomes } from './small.ts';
import { READ, type Steps, store, WRITE } from './stores.ts';

describe('dynamodb, on paper', () => {
  it('counts units by size: 5 KB are five to write, two to read, one to read eventually', () => {
    const units = (steps: Steps, consistent_reads = false) => {
      const result = store('dynamodb', { steps, item_kb: 5, consistent_reads });
      return ['dynamodb-write-units', 'dynamodb-read-units'].map((item) => metered(result, item) / 59);
    };
    expect(units([WRITE])).toEqual([5, 0]);
    expect(units([READ])).toEqual([0, 1]);
    expect(units([READ], true)).toEqual([0, 2]);
    expect(units([{ ...READ, consistent: true }])).toEqual([0, 2]);
  });

  it('takes 5 ms to read and 8 to write', () => {
    expect(meanMs(store('dynamodb', { steps: [READ, WRITE] }))).toBeCloseTo(13, 6);
  });

  it('takes what one partition can, however much the table has left: a hot row at twice the rate', () => {
    const parameters = { 'dynamodb.partition_write_units': 10, 'dynamodb.retries': 0 };
    const result = store('dynamodb', { steps: [WRITE], parameters, rate: 20 });
    const { sent, served, refused } = outcomes(result);
    expect(Math.abs(served - (10 + 10 * 60))).toBeLessThanOrEqual(1);
    expect([served + refused, metered(result, 'dynamodb-write-units')]).toEqual([sent, served]);
  });

  it('lets a throttled caller back off and try again: a burst of twenty passes, later', () => {
    const steps: Steps = [
      { parallel: Array.from({ length: 10 }, () => WRITE) },
      { parallel: Array.from({ length: 10 }, () => WRITE) },
    ];
    const at = (retries: number) =>
      outcomes(
        store('dynamodb', {
          steps,
          rate: 0.125,
          parameters: { 'dynamodb.partition_write_units': 10, 'dynamodb.retries': retries },
        }),
      );
    expect(at(0)).toMatchObject({ served: 0, refused: 7 });
    expect(at(10)).toMatchObject({ served: 7, refused: 0 });
  });

  it('may read the version before the last write, unless the read is consistent', () => {
    const at = (consistent: boolean, lag: number) =>
      count(
        store('dynamodb', { steps: [WRITE, { ...READ, consistent }], parameters: { 'dynamodb.stale_lag_ms': lag } }),
        'stale_read',
      );
    expect([at(false, 1000), at(false, 0), at(true, 1000)]).toEqual([59, 0, 0]);
  });

  it('doubles: what it takes is twice what it took half an hour ago, up to the quota', () => {
    const capacity = new OnDemandCapacity({
      initial: 100,
      quota: 350,
      memoryMin: 30,
      burst_s: 1,
      perPartition: 1e9,
      partitions: 1,
    });
    const second = (at_s: number) => {
      let taken = 0;
      for (let i = 0; i < 1000; i++) if (capacity.take(at_s * 1000 + i, 1, 0)) taken++;
      return taken;
    };
    const taken = new Map<number, number>();
    for (let s = 0; s < 100 * 60; s++) taken.set(s, second(s));
    expect([60, 29 * 60, 32 * 60, 64 * 60, 96 * 60].map((s) => Math.round(taken.get(s)! / 10) * 10)).toEqual([
      100, 100, 200, 350, 350,
    ]);
  });
});
