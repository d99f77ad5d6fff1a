import { describe, expect, test } from 'vitest';
import { quantile } from '../../simulator/domain/distribution.ts';
import type { Part } from '../../simulator/domain/plan.ts';
import { hitRatio } from '../../simulator/plan/hit-ratio.ts';
import { orderOf } from '../../simulator/plan/order.ts';
import { messagesPer, ratesOf } from '../../simulator/plan/rates.ts';
import { poolSizing, staffing } from '../../simulator/plan/sizing.ts';
import { planOf, SHARES, scenario } from './fixture.ts';

const part = (plan: { parts: Part[] }, path: string): Part => plan.parts.find((p) => p.path === path) as Part;

describe('square-root staffing on paper', () => {
  test.each([
    [100, 8, 14], // 110 / 8 = 13.75
    [100, 110, 1],
    [100, 109, 2],
    [16, 4, 5], // 20 / 4
    [1, 1, 2],
    [0, 4, 1],
  ])('an offered load of %d on %d slots needs %d instances', (offered, slots, instances) => {
    expect(staffing(offered, slots)).toBe(instances);
  });

  const demand = { perOperation: 2, load: { first: 10, peak: 50, highest: 200 }, holding_ms: 1000, slots: 4 };
  test('static is staffed for the base peak and stays there', () => {
    const sizing = poolSizing(demand, { name: 'static', options: {} }, { reserved_share: 0 });
    expect(sizing).toMatchObject({ initial: 28, minimum: 28, maximum: 28 }); // R = 100, (100 + 10) / 4 = 27.5
  });

  test('others start at the staffing of the first rate and may grow to twice that of the highest', () => {
    const sizing = poolSizing(demand, { name: 'queue-depth', options: {} }, { reserved_share: 0 });
    expect(sizing).toMatchObject({ initial: 7, minimum: 1, maximum: 210 }); // (20 + 4.47) / 4; 2 x (400 + 20) / 4
  });

  test('a placement that names a minimum and a maximum gets them', () => {
    const wishes = { minimum: 9, maximum: 12, reserved_share: 0 };
    expect(poolSizing(demand, { name: 'queue-depth', options: {} }, wishes)).toMatchObject({
      initial: 9,
      minimum: 9,
      maximum: 12,
    });
    const few = { maximum: 3, reserved_share: 0 };
    expect(poolSizing(demand, { name: 'static', options: {} }, few)).toMatchObject({ initial: 3, minimum: 3, maximum: 3 });
  });

  test('what is reserved is paid for all the time, so the pool never goes below it', () => {
    const sizing = poolSizing(demand, { name: 'target-utilization', options: {} }, { reserved_share: 0.5 });
    expect(sizing).toMatchObject({ initial: 7, reserved: 4, minimum: 4 });
  });
});

describe('rates', () => {
  const { application } = scenario();
  const rates = ratesOf({ application, calleesFirst: orderOf(application).calleesFirst, shares: SHARES, missRatio: () => 0.5 });

  test('a component is called as often as operations, other components and messages together call it', () => {
    expect(rates.components.get('auth')).toBeCloseTo(0.2 + 0.6 * 0.5 + 0.2, 12);
    expect(rates.components.get('recommend')).toBeCloseTo(0.6 * 0.5, 12); // through feed
    expect(rates.direct.get('feed')).toBeCloseTo(0.6 * 0.5, 12);
    expect(rates.direct.has('recommend')).toBe(false);
    expect(rates.components.get('moderation')).toBeCloseTo(0.2, 12); // through post and its event
  });

  test('fan-out counts one message for each hundred followers begun, as the users of the run have them', () => {
    const law = { kind: 'pareto', min: 50, exponent: 1.5, cap: 100_000 } as const;
    let sum = 0;
    for (let rank = 0; rank < 1000; rank++) sum += Math.max(1, Math.ceil(quantile(law, 1 - (rank + 0.5) / 1000) / 100));
    expect(messagesPer(application.users, { attribute: 'followers', each: 100 })).toBeCloseTo(sum / 1000, 1);
    expect(rates.components.get('fan-out')).toBeCloseTo((0.2 * sum) / 1000, 1);
    expect(rates.writes.get('feeds')).toBeCloseTo((20 * sum) / 1000, 0);
  });

  test('what stands behind a cache is asked for its misses only', () => {
    const cold = ratesOf({ application, calleesFirst: orderOf(application).calleesFirst, shares: SHARES, missRatio: () => 1 });
    expect(cold.components.get('feed')).toBeCloseTo(0.6, 12);
    expect(rates.components.get('feed')).toBeCloseTo(0.3, 12);
  });

  test('equally popular rows are found as often as r ttl / (1 + r ttl) says', () => {
    expect(hitRatio({ count: 1000, zipf: 0, attributes: {} }, { lookups_per_s: 100, ttl_s: 30 })).toBeCloseTo(3 / 4, 2);
    const popular = hitRatio({ count: 1000, zipf: 1, attributes: {} }, { lookups_per_s: 100, ttl_s: 30 });
    let exact = 0;
    const norm = Array.from({ length: 1000 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    for (let i = 1; i <= 1000; i++) exact += ((1 / i / norm) * (3000 / i / norm)) / (1 + 3000 / i / norm);
    expect(popular).toBeCloseTo(exact, 2);
  });
});

describe('pools of a plan', () => {
  test('CPU-bound work gets as many calls an instance as keep its cores busy, whatever its slots', () => {
    const sizing = part(planOf(scenario(), 'all-servers'), 'server/auth').sizing;
    expect(part(planOf(scenario(), 'all-servers'), 'server/auth').values.slots).toBe(16);
    expect(sizing?.slots).toBe(2); // 5 ms of CPU and nothing else on 2 cores
    expect(sizing?.holding_ms).toBeCloseTo(5, 9);
  });

  test('work that mostly waits fills its slots', () => {
    const s = scenario();
    (s.application.components.auth as { io_ms: number }).io_ms = 500;
    expect(part(planOf(s, 'all-servers'), 'server/auth').sizing?.slots).toBe(16);
  });

  test('memory limits slots: as many calls as fit into the instance', () => {
    expect(part(planOf(scenario(), 'all-servers'), 'server/moderation').values.slots).toBe(4); // 8 GB / 2,048 MB
  });

  test('the holding time of a caller includes what it calls and the hops there and back', () => {
    const s = scenario({ parameters: { 'gateway.hop_ms': 1, 'dynamodb.read_ms': 5 } });
    (s.application.components.feed as { cpu_ms: number }).cpu_ms = 10;
    const feed = part(planOf(s, 'all-servers'), 'server/feed').sizing?.holding_ms;
    expect(feed).toBeCloseTo(10 + 5 + (1 + 2 + 8 * 12 + 1), 9);
  });

  test('of parallel branches the longest counts', () => {
    const s = scenario({ parameters: { 'gateway.hop_ms': 0 } });
    const { components } = s.application;
    (components.ledger as { steps: unknown }).steps = [{ parallel: [{ call: 'auth' }, { call: 'recommend' }] }];
    expect(part(planOf(s, 'all-servers'), 'server/ledger').sizing?.holding_ms).toBeCloseTo(3 + 98, 9);
  });

  test('a GPU carries a whole batch in the time that a full batch takes', () => {
    const sizing = part(planOf(scenario(), 'hybrid-gpu'), 'gpu/transcode').sizing;
    expect(sizing).toMatchObject({ slots: 16, holding_ms: 853.333 }); // 800 ms x 16 / 15
    // 20/s x .2 a second: R = 3.41, and at 400/s x .2: R = 68.3, (68.3 + 8.3) / 16 = 4.8
    expect(sizing).toMatchObject({ initial: 1, maximum: 10 });
  });

  test('--controller changes every pool except those that an override has settled', () => {
    const server = { platform: 'server', controller: { name: 'queue-depth' } } as const;
    const s = scenario({ controller: { name: 'static' }, overrides: { components: { feed: server } } });
    const plan = planOf(s, 'all-servers');
    expect(part(plan, 'server/auth').sizing?.controller.name).toBe('static');
    expect(part(plan, 'server/moderation').sizing?.controller.name).toBe('static');
    expect(part(plan, 'server/feed').sizing?.controller.name).toBe('queue-depth');
  });

  test('the database is the smallest whose CPU the base peak leaves idle enough', () => {
    const costly = scenario({ parameters: { 'postgres.cpu_ms_read': 100 } }); // 100/s x .2 x 100 ms = 2 cores of work
    expect(part(planOf(scenario(), 'hybrid'), 'postgres').words.instance).toBe('db.m7g.large');
    expect(part(planOf(costly, 'hybrid'), 'postgres').words.instance).toBe('db.m7g.xlarge');
  });
});

describe('memory of functions', () => {
  const memoryOf = (plan: { parts: Part[] }, name: string) => part(plan, `function/${name}`).values.memory_mb;
  const limit = (operation: string, limit_ms: number) => ({ operation, quantile: 0.95, limit_ms });

  test('pure CPU work of many periods costs nearly the same at any size up to a whole vCPU, so it gets the whole', () => {
    const s = scenario();
    (s.application.components.auth as { cpu_ms: number }).cpu_ms = 500;
    expect(memoryOf(planOf(s, 'all-functions'), 'auth')).toBe(1769);
  });

  test('pure CPU work that fits into the quota of a smaller size is as fast there', () => {
    // 5 ms, or 6.6 at the speed of a function: 512 MB give 5.8 in 20, and 2 more until the kernel sees that they are used up.
    expect(memoryOf(planOf(scenario(), 'all-functions'), 'auth')).toBe(512);
    const evenly = scenario({ parameters: { 'function.cpu_period_ms': 0 } });
    expect(memoryOf(planOf(evenly, 'all-functions'), 'auth')).toBe(1769);
  });

  test('work that waits gets the least memory, until an objective asks for more', () => {
    const s = scenario();
    (s.application.components.auth as { io_ms: number }).io_ms = 50;
    expect(memoryOf(planOf(s, 'all-functions'), 'auth')).toBe(128); // 5 ms of CPU take 86 ms there
    const hurried = { limits: [limit('sign-in', 160)] };
    const memory = memoryOf(planOf(s, 'all-functions', hurried), 'auth') as number;
    expect(memory).toBeGreaterThan(128);
    expect(memory).toBeLessThan(1769);
  });

  test('a limit that no memory meets is said, with the latency before any load', () => {
    const plan = planOf(scenario(), 'all-functions', { limits: [limit('sign-in', 20)] });
    const miss = plan.decisions.find((d) => d.subject === 'objective of sign-in');
    expect(miss?.placed).toMatch(/^\d+ ms at p95, unloaded$/);
    expect(memoryOf(plan, 'auth')).toBe(512);
  });

  test('a component gets at least the memory that it needs', () => {
    const s = scenario();
    (s.application.components.auth as { memory_mb: number }).memory_mb = 5000;
    expect(memoryOf(planOf(s, 'all-functions'), 'auth')).toBe(5000);
    expect(memoryOf(planOf(s, 'all-functions'), 'moderation')).toBe(3008);
  });

  test('a number in the placement or the parameters is taken as it is', () => {
    const placed = scenario({ overrides: { components: { auth: { platform: 'function', memory_mb: 700 } } } });
    expect(memoryOf(planOf(placed, 'all-functions'), 'auth')).toBe(700);
    const set = scenario({ parameters: { 'function.auth.memory_mb': 640 } });
    expect(memoryOf(planOf(set, 'all-functions'), 'auth')).toBe(640);
    expect(planOf(set, 'all-functions').parameters.find((p) => p.path === 'function.auth.memory_mb')?.source).toBe('scenario');
  });

  test('the functions that a server overflows to are fast enough by themselves', () => {
    const slow = part(planOf(scenario(), 'hybrid-burst'), 'function/post+burst').values.memory_mb as number;
    const fast = planOf(scenario(), 'hybrid-burst', { limits: [limit('create-post', 330)] });
    expect(part(fast, 'function/post+burst').values.memory_mb).toBeGreaterThan(slow);
  });
});
