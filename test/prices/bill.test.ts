import { describe, expect, it } from 'vitest';
import { billOf } from '../../simulator/measure/bill.ts';
import { PRICES, priceOf, tieredUsd } from '../../simulator/prices/index.ts';
import { cents, month } from './bills.ts';

describe('a bill', () => {
  it('adds up: lines to the run, components to the run, whatever is on it', () => {
    const usage = Object.keys(PRICES).map((item, i) => ({ component: `part-${i % 7}`, item, quantity: 1 + i * 13.7 }));
    const bill = billOf([{ usage, served_total: 500, duration_s: 1800 }]);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    expect(bill.lines).toHaveLength(usage.length);
    expect(sum(bill.lines.map((l) => l.usd))).toBe(bill.run_usd);
    expect(sum(bill.by_component.map((c) => c.usd))).toBeCloseTo(bill.run_usd, 9);
    for (const line of bill.lines) expect(line.usd).toBe(line.quantity * line.price_usd);
  });

  it('is a month of 730 hours at this load, and so much for a million served', () => {
    const bill = billOf([{ usage: [{ component: 'a', item: 'logs-gb', quantity: 2 }], served_total: 4_000, duration_s: 1800 }]);
    expect(bill.run_usd).toBe(1);
    expect(bill.month_usd).toBe(1460);
    expect(bill.per_million_served_usd).toBe(250);
  });

  it('of several seeds is their mean', () => {
    const cell = (quantity: number) => ({
      usage: [{ component: 'a', item: 'logs-gb', quantity }],
      served_total: 1000,
      duration_s: 1800,
    });
    expect(billOf([cell(1), cell(3)]).run_usd).toBe(1);
  });

  it('has no price per million when nothing was served', () => {
    expect(billOf([{ usage: [], served_total: 0, duration_s: 60 }]).per_million_served_usd).toBeNull();
  });
});

describe('queues and brokers', () => {
  it('a RabbitMQ cluster of three mq.m5.large with 200 GB each is $690.72 a month, whatever goes through', () => {
    expect(cents(month({ 'broker-hours:mq.m5.large': 3 * 730, 'broker-gb-months': 600 }).run_usd)).toBe(690.72);
  });

  it('a million requests are $0.50 to a FIFO queue and $0.40 to a standard one', () => {
    const usd = (item: string) => cents(month({ [item]: 1e6 }).run_usd);
    expect([usd('sqs-fifo-requests'), usd('sqs-requests')]).toEqual([0.5, 0.4]);
  });
});

describe('volume bands and the free tier, once on the month of the whole account', () => {
  it.each([
    ['function-gb-s:x86_64', 7e9, 6e9 * 1.66667e-5 + 1e9 * 1.5e-5],
    ['function-gb-s:arm64', 20e9, 7.5e9 * 1.33334e-5 + 11.25e9 * 1.20001e-5 + 1.25e9 * 1.06667e-5],
    ['gateway-requests', 400e6, 300 + 90],
    ['sqs-requests', 250e9, 40_000 + 30_000 + 12_000],
    ['s3-gb-months', 600_000, 51_200 * 0.023 + 460_800 * 0.022 + 88_000 * 0.021],
    ['transfer-out-gb', 100, 0],
    ['transfer-out-gb', 1_100, 90],
    ['edge-gb', 20_480, 870.4 + 819.2],
  ])('%s: %d cost as its bands say', (item, quantity, usd) => {
    expect(tieredUsd(priceOf(item), quantity)).toBeCloseTo(usd, 4);
  });

  it('both architectures share 400,000 GB-seconds', () => {
    const apart = month({ 'function-gb-s:x86_64': 300_000, 'function-gb-s:arm64': 300_000 }).month_tiered_usd;
    expect(apart).toBeCloseTo(200_000 * 1.33334e-5, 6);
  });

  it('does not apply to provisioned concurrency', () => {
    expect(month({ 'function-provisioned-gb-s:arm64': 100_000 }).month_tiered_usd).toBeCloseTo(0.33334, 9);
  });

  it('is taken once, not once for each component', () => {
    const usage = ['a', 'b'].map((component) => ({ component, item: 'function-requests', quantity: 1_000_000 }));
    const bill = billOf([{ usage, served_total: 1, duration_s: 730 * 3600 }]);
    expect(cents(bill.month_tiered_usd)).toBe(0.2);
    expect(cents(bill.run_usd)).toBe(0.4);
  });
});

describe('what parts cost for a month, on paper', () => {
  it.each([
    ['m7g.large on demand', { 'server-hours:m7g.large': 730 }, 59.57],
    ['m7g.large reserved', { 'server-hours-reserved:m7g.large': 730 }, 39.37],
    ['g4dn.xlarge on demand', { 'server-hours:g4dn.xlarge': 730 }, 383.98],
    ['a load balancer with one unit', { 'load-balancer-hours': 730, 'load-balancer-units': 730 }, 22.27],
    ['a NAT gateway with 100 GB', { 'nat-hours': 730, 'nat-gb': 100 }, 37.35],
    ['five idle pollers of a queue, before the free tier', { 'sqs-requests': (5 * 730 * 3600) / 20 }, 0.26],
    ['100 GB between zones, both sides', { 'transfer-zone-gb': 200 }, 2],
    ['a database with 100 GB', { 'postgres-hours:db.m7g.large': 730, 'postgres-gb-months': 100 }, 134.14],
    ['a million writes and ten million reads of a table', { 'dynamodb-write-units': 1e6, 'dynamodb-read-units': 1e7 }, 1.88],
    ['two provisioned gigabytes, idle', { 'function-provisioned-gb-s:arm64': 2 * 730 * 3600 }, 17.52],
  ])('%s', (_what, usage, usd) => expect(cents(month(usage as unknown as Record<string, number>).run_usd)).toBe(usd));
});
