import { afterAll, describe, expect, it } from 'vitest';
import shopSale from '../../scenarios/shop-sale.ts';
import type { ScenarioInput } from '../../simulator/domain/scenario.ts';
import { faultOf, PLANTED_SMALL } from '../planted/planted.ts';
import { count, play } from './small.ts';
import { ask, type Outcome } from './what-if.ts';

type Shop = ScenarioInput;
type Change = (shop: Shop) => void;

/** A mistake that a careful reviewer would find, the conditions that bring it out, and who says so. */
interface Planted {
  name: string;
  /** For the correct variant and the defect alike: a shipped fault, in the words of `--fault`, and what else holds. */
  fault: string;
  and?: string;
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

/** Consumers that a fault can kill. */
const SERVERS = { platform: 'server' as const, minimum: 2, controller: { name: 'queue-depth' } };

const PLANTED: readonly Planted[] = [
  {
    name: 'no idempotency',
    fault: 'slow-third-party payment by x10 at 245s for 30s',
    and: 'users who give up after 3 s',
    conditions: (shop) => {
      (shop.application.operations.checkout as { timeout_ms: number }).timeout_ms = 3000;
    },
    defect: (shop) => {
      component(shop, 'payment').idempotent = false;
    },
    caught: 'charged_twice',
  },
  {
    name: 'read-modify-write without a condition',
    fault: 'slow stock by x5 at 245s for 30s',
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
    fault: 'throttle inventory to 50% at 245s for 20s',
    conditions: () => {},
    defect: (shop) => {
      const [scores, reserve, charge, ...rest] = component(shop, 'checkout').steps ?? [];
      component(shop, 'checkout').steps = [scores!, charge!, reserve!, ...rest];
    },
    caught: 'charged_without_order',
  },
  {
    name: 'visibility timeout shorter than the work',
    fault: 'slow-third-party fulfil by x12 at 245s for 60s',
    and: 'a warehouse that cannot tell repeats',
    conditions: (shop) => {
      component(shop, 'fulfil').idempotent = false;
      set(shop, { 'sqs.duplicate_rate': 0, 'sqs.fulfil.batch_size': 1, 'sqs.fulfil.visibility_timeout_s': 90 });
    },
    defect: (shop) => set(shop, { 'sqs.fulfil.visibility_timeout_s': 3 }),
    caught: 'twice',
  },
  {
    name: 'retry without back-off',
    fault: 'stop stock at 250s for 4s',
    and: 'clients who try seven times',
    conditions: (shop) => {
      (shop.application.operations.checkout as { attempts: number }).attempts = 7;
      set(shop, { 'gateway.retry_base_ms': 500 });
    },
    defect: (shop) => set(shop, { 'gateway.retry_base_ms': 0 }),
    caught: 'checkout error_rate <= 1 %',
  },
  {
    name: 'non-durable queue',
    fault: 'stop rabbitmq at 250s for 2s',
    and: 'clients who try for as long',
    conditions: (shop) => {
      shop.overrides = { events: { 'order-placed': { channel: 'rabbitmq', queue: 'classic' } } };
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
    fault: 'kill fulfil by 50% at 250s',
    conditions: (shop) => {
      shop.overrides = { components: { fulfil: SERVERS }, events: { 'order-placed': { channel: 'rabbitmq', ack: 'manual' } } };
    },
    defect: (shop) => {
      shop.overrides = { components: { fulfil: SERVERS }, events: { 'order-placed': { channel: 'rabbitmq', ack: 'automatic' } } };
    },
    caught: 'lost',
  },
  {
    name: 'FIFO group key missing',
    fault: 'slow fulfil by x3 at 250s for 60s',
    and: 'orders of one product that have to be fulfilled in turn',
    conditions: (shop) => {
      (shop.application.events?.['order-placed'] as { ordered_by?: string }).ordered_by = 'object';
      component(shop, 'fulfil').io_ms = { kind: 'lognormal', p50: 10, p99: 40 };
      component(shop, 'email').io_ms = { kind: 'lognormal', p50: 10, p99: 40 };
      shop.overrides = { events: { 'order-placed': { channel: 'sqs-fifo', high_throughput: true } } };
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

  it.each(PLANTED)('$name is caught by $caught under $fault, and its correct variant passes there', (planted) => {
    const { name, caught, and = '', fault } = planted;
    const conditions = (shop: Shop) => {
      shop.faults = [faultOf(fault)];
      planted.conditions(shop);
    };
    const correct = run(conditions);
    const defective = run(conditions, planted.defect);
    const [without, withIt] = [correct, defective].map((outcome) => found(outcome, caught)) as [number, number];
    rows.push({ defect: name, fault, and, 'caught by': caught, correct: +without.toFixed(2), defective: +withIt.toFixed(2) });
    const allowed = caught.includes('%') ? 1 : 0;
    expect(without).toBeLessThanOrEqual(allowed);
    expect(withIt).toBeGreaterThan(allowed);
    for (const check of shopSale.checks ?? []) expect([check, correct.check(check)]).toEqual([check, 0]);
  });
});

describe('a planted defect of the table that both worlds share', () => {
  it.each(PLANTED_SMALL)('$name is caught by $caught under $fault, and its correct variant passes there', (planted) => {
    const { caught, correct, defect } = planted;
    expect(count(play(correct), caught)).toBe(0);
    expect(count(play(defect), caught)).toBeGreaterThan(0);
  });
});
