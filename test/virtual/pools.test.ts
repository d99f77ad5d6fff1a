import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../simulator/domain/distribution.ts';
import type { Part } from '../../simulator/domain/plan.ts';
import { CalendarQueue } from '../../simulator/worlds/virtual/engine/calendar-queue.ts';
import { EVENT } from '../../simulator/worlds/virtual/engine/events.ts';
import { Frames } from '../../simulator/worlds/virtual/engine/frames.ts';
import { Account } from '../../simulator/worlds/virtual/platforms/account.ts';
import { FunctionPool, THROTTLED } from '../../simulator/worlds/virtual/platforms/function.ts';
import { GpuPool } from '../../simulator/worlds/virtual/platforms/gpu.ts';
import { QUEUED, REFUSED, ServerPool } from '../../simulator/worlds/virtual/platforms/server.ts';

type Values = Record<string, Distribution>;
const FUNCTION: Values = {
  memory_mb: 1769,
  full_vcpu_mb: 1769,
  cpu_period_ms: 20,
  cpu_overrun_ms: 0,
  speed: 1,
  invoke_ms: 0,
  init_ms: 100,
  first_call_ms: 0,
  first_call_factor: 1,
  idle_expiry_s: 300,
  timeout_s: 30,
  scaling_burst: 1000,
  scaling_per_s: 100,
  provisioned: 0,
  reserved: -1,
  log_kb: 0,
};
const MACHINE: Values = { boot_s: 30, drain_s: 300, disk_gb: 8, log_kb: 0 };
const SERVER: Values = {
  ...MACHINE,
  cores: 2,
  speed: 1,
  slots: 4,
  queue_limit: 3,
  warmup_s: 0,
  warmup_factor: 1,
  health_check_s: 0,
};
const GPU: Values = {
  ...MACHINE,
  batch_max: 4,
  batch_wait_ms: 20,
  fills_while_waiting: 0,
  batch_base: 0,
  saturation_batch: 2,
  speed: 1,
  queue_limit: 100,
  model_load_s: 10,
};

const account = (concurrency = 1000) => new Account(part('account', { concurrency, rate_per_concurrency: 10 }), 0);

function part(kind: Part['kind'], values: Values, initial = 1): Part {
  const controller = { name: 'static', options: {} };
  const sizing = { initial, minimum: 0, maximum: 100, reserved: 0, controller, holding_ms: 1, slots: 4 };
  return { path: `${kind}/x`, kind, owner: 'x', values, words: { instance: 'm7g.large' }, sizing };
}

const lambda = (values: Values = {}, shared = account()) =>
  new FunctionPool(part('function', { ...FUNCTION, ...values }), shared, 1);

function servers(values: Values = {}, initial = 1) {
  const events = new CalendarQueue(() => 0);
  const pool = new ServerPool(part('server', { ...SERVER, ...values }, initial), 0, {
    events,
    seed: 1,
    endMs: 1e9,
    overflows: false,
  });
  return { pool, events };
}

describe('a function', () => {
  it('serves one request per instance, cold first and warm after', () => {
    const pool = lambda();
    const a = pool.start(0);
    expect([pool.isCold, pool.delay]).toEqual([true, 100]);
    const b = pool.start(1);
    expect(b).not.toBe(a);
    pool.finish(a, 500, 400);
    expect(pool.start(600)).toBe(a);
    expect([pool.isCold, pool.delay]).toEqual([false, 0]);
  });

  it('picks the newest-created idle instance', () => {
    const pool = lambda();
    const [a, b, c] = [pool.start(0), pool.start(0), pool.start(0)] as [number, number, number];
    for (const i of [b, c, a]) pool.finish(i, 10, 10);
    expect([pool.start(20), pool.start(20), pool.start(20)]).toEqual([c, b, a]);
  });

  it('is cold again after its idle expiry, and its life ends when it expired, not when that was noticed', () => {
    const pool = lambda();
    pool.finish(pool.start(0), 1000, 1000);
    pool.start(302_000);
    expect(pool.isCold).toBe(true);
    expect(pool.colds).toBe(2);
    expect(pool.aliveMs).toBe(301_000);
  });

  it('answers 429 at the concurrency of the account, and at the reserved concurrency of its own', () => {
    const shared = account(2);
    const [one, two] = [lambda({}, shared), lambda({}, shared)];
    expect([one.start(0) >= 0, two.start(0) >= 0, one.start(0)]).toEqual([true, true, THROTTLED]);
    const reserved = lambda({ reserved: 1 });
    expect([reserved.start(0) >= 0, reserved.start(0)]).toEqual([true, THROTTLED]);
  });

  it('makes at most 1,000 new environments at once and 100 a second more', () => {
    const pool = lambda({}, account(100_000));
    let made = 0;
    for (let i = 0; i < 5000; i++) if (pool.start(0) >= 0) made++;
    expect(made).toBe(1000);
    for (let i = 0; i < 5000; i++) if (pool.start(3000) >= 0) made++;
    expect(made).toBe(1300);
  });

  it('answers 429 above ten requests a second per unit of account concurrency', () => {
    const pool = lambda({}, account(10));
    let served = 0;
    for (let t = 0; t < 10_000; t++) {
      const i = pool.start(t);
      if (i >= 0) {
        served++;
        pool.finish(i, t, 0);
      }
    }
    expect(served).toBeGreaterThan(1050);
    expect(served).toBeLessThan(1110);
  });

  it('pauses work that needs more than its share of a period, and is no faster than one vCPU', () => {
    const half = { memory_mb: 884.5, cpu_period_ms: 20, cpu_overrun_ms: 0 };
    expect([5, 10, 11, 20, 100].map((ms) => lambda(half).taken(ms, 20))).toEqual([5, 10, 21, 30, 190]);
    expect(lambda({ ...half, speed: 2 }).taken(22, 20)).toBe(21);
    expect(lambda({ ...half, cpu_period_ms: 0 }).taken(5, 20)).toBe(10);
    for (const memory_mb of [1769, 3538]) expect(lambda({ ...half, memory_mb }).taken(100, 20)).toBe(100);
  });

  it('bills INIT and whole milliseconds of every call', () => {
    const pool = lambda({ memory_mb: 1024, init_ms: 100.4 });
    pool.finish(pool.start(0), 200, 99.2);
    pool.finish(pool.start(300), 400, 50.1);
    const gbs = pool.usage(1000).find((u) => u.item.startsWith('function-gb-s'))?.quantity;
    expect(gbs).toBeCloseTo((200 + 51) / 1000, 12);
  });

  it('keeps provisioned instances warm and uses them first', () => {
    const pool = lambda({ provisioned: 2 });
    pool.start(1e9);
    expect(pool.isCold).toBe(false);
    pool.start(1e9);
    expect(pool.isCold).toBe(false);
    pool.start(1e9);
    expect(pool.isCold).toBe(true);
  });
});

describe('a pool of servers', () => {
  it('queues what finds no slot, first in first out, and refuses above its limit', () => {
    const { pool } = servers();
    const taken = [1, 2, 3, 4].map((f) => pool.admit(f, 0));
    expect(taken.every((i) => i >= 0)).toBe(true);
    expect([5, 6, 7].map((f) => pool.admit(f, 0))).toEqual([QUEUED, QUEUED, QUEUED]);
    expect(pool.admit(8, 0)).toBe(REFUSED);
    expect(pool.release(taken[0]!, 10)).toBe(5);
    expect(pool.release(pool.nextInstance, 20)).toBe(6);
  });

  it('spreads requests over its instances in turn', () => {
    const { pool } = servers({}, 3);
    const taken = Array.from({ length: 6 }, (_, f) => pool.admit(f, 0));
    for (const i of new Set(taken)) expect(taken.filter((x) => x === i)).toHaveLength(2);
  });

  it('makes CPU work above the core count wait', () => {
    const { pool } = servers();
    const i = pool.admit(1, 0);
    expect([pool.work(i, 0, 10), pool.work(i, 0, 10), pool.work(i, 0, 10), pool.work(i, 4, 10)]).toEqual([10, 10, 20, 20]);
    expect(pool.workedMs(15)).toBe(30);
  });

  it('is slower while it warms up', () => {
    const { pool, events } = servers({ warmup_s: 60, warmup_factor: 2 });
    pool.resize(2, 0);
    events.peek();
    events.pop();
    pool.booted(events.arg, events.time);
    expect(pool.work(events.arg, 30_000, 10)).toBe(30_020);
    expect(pool.work(events.arg, 95_000, 10)).toBe(95_010);
  });

  it('takes no work before it has booted, and lets an instance go only when its last request is done', () => {
    const { pool, events } = servers();
    pool.resize(2, 0);
    expect([pool.free, pool.fleet.starting]).toEqual([4, 1]);
    expect([events.peek(), events.size]).toEqual([30_000, 1]);
    events.pop();
    expect(events.code).toBe(EVENT.booted);
    expect(pool.booted(events.arg, 30_000)).toBe(true);
    expect(pool.free).toBe(8);
    const taken = [1, 2].map((f) => pool.admit(f, 30_000));
    pool.resize(1, 40_000);
    expect([pool.fleet.draining, pool.fleet.existingNow, pool.free]).toEqual([1, 2, 3]);
    for (const i of taken) pool.release(i, 50_000);
    expect([pool.fleet.draining, pool.fleet.existingNow, pool.free]).toEqual([0, 1, 4]);
  });

  it('sends no work to an instance before its health checks are passed', () => {
    const { pool, events } = servers({ health_check_s: 10 });
    pool.resize(2, 0);
    expect(events.peek()).toBe(40_000);
  });

  it('bills from launch, sixty seconds at least', () => {
    const { pool, events } = servers();
    pool.resize(2, 0);
    events.peek();
    events.pop();
    pool.booted(events.arg, 30_000);
    pool.resize(1, 31_000);
    const hours = pool.usage(1e9).find((u) => u.item === 'server-hours:m7g.large')?.quantity;
    expect(hours).toBeCloseTo((1e9 + 60_000) / 3_600_000, 9);
  });
});

describe('a pool of GPU workers', () => {
  function gpus(values: Values = {}) {
    const events = new CalendarQueue(() => 0);
    const frames = new Frames();
    const pool = new GpuPool(part('gpu', { ...GPU, ...values }), 0, { events, frames, seed: 1, endMs: 1e9 });
    const join = (now: number) => pool.join(frames.take(frames.stories.take()), now, 10);
    const next = () => {
      events.peek();
      events.pop();
      return { at: events.time, code: events.code, arg: events.arg };
    };
    return { pool, frames, join, next, events };
  }

  it('computes a full batch at once, flat up to saturation and linear above', () => {
    const { join, next, pool } = gpus();
    for (let i = 0; i < 4; i++) expect(join(i)).toBe(true);
    const done = next();
    // gpu_ms 10 x max(1, 4 / 2) after the fourth joined at 3 ms.
    expect([done.at, done.code]).toEqual([20, EVENT.batchDue]);
    pool.due(done.arg, 20);
    expect(next()).toMatchObject({ at: 23, code: EVENT.batchDone });
  });

  it('closes a batch that has waited long enough', () => {
    const { join, next, pool } = gpus();
    join(0);
    join(5);
    const due = next();
    expect([due.at, due.code]).toEqual([20, EVENT.batchDue]);
    pool.due(due.arg, 20);
    expect(next()).toMatchObject({ at: 30, code: EVENT.batchDone });
  });

  it('makes closed batches wait for a card, first in first out, and returns every member', () => {
    const { join, next, pool, frames } = gpus();
    for (let i = 0; i < 8; i++) join(0);
    expect([pool.computing, pool.waiting]).toEqual([4, 4]);
    next();
    const first = next();
    const second = first.code === EVENT.batchDone ? first : next();
    let members = 0;
    for (let f = pool.done(second.arg, second.at); f >= 0; f = frames.next[f]!) members++;
    expect(members).toBe(4);
    expect([pool.computing, pool.waiting]).toEqual([4, 0]);
  });

  it('loads its model before it takes work', () => {
    const { pool, events } = gpus();
    pool.fleet.resize(2, 0);
    expect(events.peek()).toBe(40_000);
  });

  it('refuses when too many wait', () => {
    const { join } = gpus({ queue_limit: 4, batch_max: 2 });
    const answers = Array.from({ length: 10 }, () => join(0));
    expect(answers.filter(Boolean)).toHaveLength(6);
  });
});
