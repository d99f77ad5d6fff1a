import { afterAll, describe, expect, it } from 'vitest';
import shopSale from '../../scenarios/shop-sale.ts';
import type { Fault } from '../../simulator/domain/fault.ts';
import type { ScenarioInput } from '../../simulator/domain/scenario.ts';
import { parseFault } from '../../simulator/plan/load/fault-text.ts';
import { ask, type Outcome } from './what-if.ts';

type Shop = ScenarioInput;
type Change = (shop: Shop) => void;

/** A mistake that a careful reviewer would find, the conditions that bring it out, and who says so. */
interface Planted {
  name: string;
  /** For the correct variant and the defect alike. */
  under: string;
  conditions: Change;
  defect: Change;
  /** A check that finds nothing when all is well, or an objective on the share of checkouts that were not answered. */
  caught:
    | 'charged_twice'
    | 'oversold'
    | 'charged_without_order'
    | 'twice'
    | 'lost'
    | 'out_of_order'
    | 'checkout error_rate <= 1 %';
}

const component = (shop: Shop, name: string) =>
  shop.application.components[name] as NonNullable<Shop['application']['components'][string]>;
const set = (shop: Shop, parameters: Record<string, number>) => {
  shop.parameters = { ...shop.parameters, ...parameters };
};

/** `--fault TEXT` */
const fault = (text: string): Fault => {
  const parsed = parseFault(text);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.fault;
};

/** Consumers that a fault can kill. */
const SERVERS = { platform: 'server' as const, minimum: 2, controller: { name: 'queue-depth' } };

const PLANTED: readonly Planted[] = [
  {
    name: 'no idempotency',
    under: 'users who give up after 900 ms',
    conditions: (shop) => {
      (shop.application.operations.checkout as { timeout_ms: number }).timeout_ms = 900;
    },
    defect: (shop) => {
      component(shop, 'payment').idempotent = false;
    },
    caught: 'charged_twice',
  },
  {
    name: 'read-modify-write without a condition',
    under: 'the sale itself',
    conditions: () => {},
    defect: (shop) => {
      component(shop, 'inventory').steps = [
        { read: 'stock', consistent: true },
        { write: 'stock', take: 1, effect: 'stock-reserved' },
      ];
    },
    caught: 'oversold',
  },
  {
    name: 'charge before reserve',
    under: 'the sale itself',
    conditions: () => {},
    defect: (shop) => {
      const [scores, reserve, charge, ...rest] = component(shop, 'checkout').steps ?? [];
      component(shop, 'checkout').steps = [scores!, charge!, reserve!, ...rest];
    },
    caught: 'charged_without_order',
  },
  {
    name: 'visibility timeout shorter than the work',
    under: 'a warehouse that takes seconds, and cannot tell repeats',
    conditions: (shop) => {
      const fulfil = component(shop, 'fulfil');
      fulfil.io_ms = { kind: 'lognormal', p50: 1500, p99: 6000 };
      fulfil.idempotent = false;
      set(shop, { 'sqs.duplicate_rate': 0, 'sqs.fulfil.batch_size': 1, 'sqs.fulfil.visibility_timeout_s': 90 });
    },
    defect: (shop) => set(shop, { 'sqs.fulfil.visibility_timeout_s': 3 }),
    caught: 'twice',
  },
  {
    name: 'retry without back-off',
    under: 'stock in a table whose hot partition is just too slow for the crowd',
    conditions: (shop) => {
      shop.overrides = { datasets: { stock: { store: 'dynamodb' } } };
      set(shop, { 'dynamodb.stock.partition_write_units': 130, 'dynamodb.stock.retries': 8 });
    },
    defect: (shop) => set(shop, { 'dynamodb.stock.retry_base_ms': 0, 'gateway.retry_base_ms': 0 }),
    caught: 'checkout error_rate <= 1 %',
  },
  {
    name: 'non-durable queue',
    under: 'a broker that restarts, and clients who try for as long',
    conditions: (shop) => {
      shop.overrides = { events: { 'order-placed': { channel: 'rabbitmq', queue: 'classic' } } };
      shop.faults = [fault('stop rabbitmq at 250s for 2s')];
      (shop.application.operations.checkout as { attempts: number }).attempts = 10;
      set(shop, { 'gateway.retry_base_ms': 2_000, 'gateway.retry_cap_ms': 2_000 });
    },
    defect: (shop) => {
      shop.overrides = { events: { 'order-placed': { channel: 'rabbitmq', queue: 'classic', durable: false } } };
    },
    caught: 'lost',
  },
  {
    name: 'early ack',
    under: 'half of the fulfilling servers killed',
    conditions: (shop) => {
      shop.overrides = { components: { fulfil: SERVERS }, events: { 'order-placed': { channel: 'rabbitmq', ack: 'manual' } } };
      shop.faults = [fault('kill fulfil by 50% at 250s')];
    },
    defect: (shop) => {
      shop.overrides = { components: { fulfil: SERVERS }, events: { 'order-placed': { channel: 'rabbitmq', ack: 'automatic' } } };
    },
    caught: 'lost',
  },
  {
    name: 'FIFO group key missing',
    under: 'orders of one product that have to be fulfilled in turn, and a slow minute',
    conditions: (shop) => {
      (shop.application.events?.['order-placed'] as { ordered_by?: string }).ordered_by = 'object';
      component(shop, 'fulfil').io_ms = { kind: 'lognormal', p50: 10, p99: 40 };
      component(shop, 'email').io_ms = { kind: 'lognormal', p50: 10, p99: 40 };
      shop.overrides = { events: { 'order-placed': { channel: 'sqs-fifo', high_throughput: true } } };
      shop.faults = [fault('slow fulfil by x3 at 250s for 60s')];
    },
    defect: (shop) => {
      shop.overrides = { events: { 'order-placed': { channel: 'sqs-fifo', group: 'none', high_throughput: true } } };
    },
    caught: 'out_of_order',
  },
];

/** A hundred seconds around the crowd, at half the rate. */
function run(...changes: readonly Change[]): Outcome {
  const shop = structuredClone(shopSale);
  for (const change of changes) change(shop);
  return ask('all-functions', [], { base: shop, length_s: 100, rate: 0.5 });
}

/** What the check counts, or per cent of checkouts without an answer. */
function found(outcome: Outcome, caught: Planted['caught']): number {
  if (caught !== 'checkout error_rate <= 1 %') return outcome.check(caught);
  const { sent, served } = outcome.result.operations.find((o) => o.name === 'checkout')!;
  return (100 * (sent - served)) / sent;
}

describe('a planted defect', () => {
  const rows: Record<string, string | number>[] = [];
  afterAll(() => console.table(rows));

  it.each(PLANTED)('$name is caught by $caught under $under, and its correct variant passes there', (planted) => {
    const correct = run(planted.conditions);
    const defective = run(planted.conditions, planted.defect);
    const [without, withIt] = [correct, defective].map((outcome) => found(outcome, planted.caught)) as [number, number];
    const { name, under, caught } = planted;
    rows.push({ defect: name, under, 'caught by': caught, correct: +without.toFixed(2), defective: +withIt.toFixed(2) });
    const allowed = caught.includes('%') ? 1 : 0;
    expect(without).toBeLessThanOrEqual(allowed);
    expect(withIt).toBeGreaterThan(allowed);
    for (const check of shopSale.checks ?? []) expect([check, correct.check(check)]).toEqual([check, 0]);
  });
});
