import { describe, expect, it } from 'vitest';
import { count, maxMs, meanMs, metered, outcomes } from './small.ts';
import { four, READ, store, WRITE } from './stores.ts';

describe('postgres, on paper', () => {
  it('shares its cores: four reads of 10 ms on two take 20 ms', () => {
    expect(meanMs(store('postgres', { steps: four(READ), parameters: { 'postgres.cpu_ms_read': 10 } }))).toBeCloseTo(20, 6);
  });

  it('has a disk of its own speed: at 100 a second the fourth waits 30 ms and takes 5', () => {
    const parameters = { 'postgres.cpu_ms_read': 0, 'postgres.iops': 100, 'postgres.io_per_read': 1, 'postgres.disk_ms': 5 };
    expect(meanMs(store('postgres', { steps: four(READ), parameters }))).toBeCloseTo(35, 6);
  });

  it('has a limited number of connections, and refuses who waits too long for one', () => {
    const limits = { 'postgres.connections': 1, 'postgres.wait_timeout_ms': 50, 'postgres.cpu_ms_read': 10 };
    const result = store('postgres', { steps: [READ], parameters: limits, rate: 200, duration_s: 10 });
    const { sent, served, refused } = outcomes(result);
    // 10 ms each on one connection: 100 a second, and a few that still wait at the end.
    expect(served).toBeGreaterThanOrEqual(1_000);
    expect(served).toBeLessThanOrEqual(1_006);
    expect([served + refused, maxMs(result) <= 60]).toEqual([sent, true]);
  });

  it('is never stale, and is paid by the hour and the gigabyte', () => {
    const result = store('postgres', { steps: [WRITE, READ], duration_s: 3600 });
    expect(count(result, 'stale_read')).toBe(0);
    expect(metered(result, 'postgres-hours:db.m7g.large')).toBe(1);
    expect(metered(result, 'postgres-gb-months')).toBeCloseTo(10 / 730, 9);
  });
});
