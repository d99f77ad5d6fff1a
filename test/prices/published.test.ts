import { describe, expect, it } from 'vitest';
import { priceOf } from '../../simulator/prices/index.ts';
import { calls, cents, month } from './bills.ts';

const PER_HOUR = 3600;
/** Thirty days, as the published calculations have them. */
const MONTH_S = 720 * PER_HOUR;

describe('published function bills, to the cent', () => {
  // deepakkarkala.com: 512 MB 200 ms, 1 GB 200 ms, 1 GB 1 s; per million, free tier apart.
  it.each([
    [512, 200, 1.867, 0],
    [1024, 200, 3.533, 0],
    [1024, 1000, 16.867, 10],
  ])('a million calls of %i MB and %i ms cost $%d, and $%d after the free tier', (memory_mb, ms, usd, afterFree) => {
    const bill = month(calls(1_000_000, { memory_mb, ms }));
    expect(bill.run_usd).toBeCloseTo(usd, 3);
    expect(bill.per_million_served_usd).toBeCloseTo(usd, 3);
    expect(cents(bill.month_tiered_usd)).toBe(afterFree);
  });

  it('35 requests a second of 128 MB and half a second cost $105.78 a month after the free tier, and not the $105.65 once printed', () => {
    // sendgrid/lambda_cost: millions of requests were divided as integers; at its rate of 1.667e-5 the right figure is $105.79.
    const usage = calls(35 * MONTH_S, { memory_mb: 128, ms: 500 });
    const tiered = month(usage).month_tiered_usd;
    expect(cents(tiered)).toBe(105.78);
    const paidGbS = (usage['function-gb-s:x86_64'] as number) - 400_000;
    expect(cents(tiered + paidGbS * (1.667e-5 - priceOf('function-gb-s:x86_64').value))).toBe(105.79);
  });

  // BBVA/economics-of-serverless: first whole rate at which 200 ms on a function cost more than the instance, 720 h, free tier taken.
  it.each([
    ['m3.medium', 0.067, 128, 35, 49.08],
    ['m4.large', 0.1, 128, 50, 73.06],
    ['m4.4xlarge', 0.8, 128, 365, 576.63],
    ['m3.medium', 0.067, 1024, 7, null],
    ['m3.medium', 0.067, 2048, 4, null],
    ['m4.large', 0.1, 1024, 9, null],
    ['m4.large', 0.1, 2048, 5, null],
    ['m4.4xlarge', 0.8, 1024, 64, null],
    ['m4.4xlarge', 0.8, 2048, 33, null],
  ])(
    'an %s at $%d an hour is cheaper than a function of %i MB from %i requests a second',
    (_name, hourly, memory_mb, rate, published) => {
      const at = (perSecond: number) => month(calls(perSecond * MONTH_S, { memory_mb, ms: 200 })).month_tiered_usd;
      expect(at(rate)).toBeGreaterThan(720 * hourly);
      expect(at(rate - 1)).toBeLessThanOrEqual(720 * hourly);
      // Published with 1.667e-5 a GB-second, a fiftieth of a per cent more than the price book has.
      if (published !== null) expect(Math.abs(at(rate) / published - 1)).toBeLessThan(0.0002);
    },
  );

  it('a call of the LIBRA experiment, 512 MB for a second, costs $8.53e-6', () => {
    expect(month(calls(1, { memory_mb: 512, ms: 1000 })).run_usd).toBeCloseTo(8.5333e-6, 9);
  });

  it('2.9067 ms at 128 MB are billed as 3 ms: $6.3e-9, not the $2.083e-7 of 100 ms steps', () => {
    // aws-lambda-power-tuning: ceil(ms) x 2.1e-9 x MB / 128.
    const perMs = (priceOf('function-gb-s:x86_64').value * 128) / 1024 / 1000;
    expect(perMs).toBeCloseTo(2.1e-9, 10);
    expect(month({ 'function-gb-s:x86_64': (Math.ceil(2.9067) * 0.125) / 1000 }).run_usd).toBeCloseTo(6.25e-9, 13);
  });

  it('a request costs $2.0e-7, so a second of 128 MB $2.283e-6 and not the $4.1e-6 of a fee ten times too large', () => {
    expect(priceOf('function-requests').value).toBe(2e-7);
    expect(month(calls(1, { memory_mb: 128, ms: 1000 })).run_usd).toBeCloseTo(2.2833e-6, 9);
  });

  it('the doubling experiment: 100 requests, then twice as many each time, have cost a dollar before the batch of 6,553,600', () => {
    // BBVA unit test: 128 MB, 100 ms; the free tier is taken from everything sent so far.
    let sent = 0;
    let batch = 100;
    for (; month(calls(sent, { memory_mb: 128, ms: 100 })).month_tiered_usd < 1; batch *= 2) sent += batch;
    expect(batch).toBe(6_553_600);
  });
});

describe('what the price book does not have', () => {
  it.each(['function-gpu-s', 'server-hours-reserved:g6.xlarge', 'server-hours-reserved:c7i.large', 'server-hours:p9.huge'])(
    '%s has no price, and says so',
    (item) => expect(() => priceOf(item)).toThrow(/no price for/),
  );

  it('no price is zero but the free first band of transfer', () => {
    expect(priceOf('transfer-out-gb').tiers?.[0]).toEqual([100, 0]);
    expect(priceOf('transfer-out-gb').value).toBe(0.09);
  });
});
