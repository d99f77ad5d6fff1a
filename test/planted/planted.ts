import type { Fault } from '../../simulator/domain/fault.ts';
import { parseFault } from '../../simulator/plan/load/fault-text.ts';
import type { Small } from '../virtual/small.ts';

type Components = NonNullable<Small['components']>;
type Steps = Components[string]['steps'];
type Channel = NonNullable<NonNullable<Small['overrides']>['events']>[string];

/** A mistake that a careful reviewer would find, in a shop so small that either world plays it in seconds. */
export interface PlantedSmall {
  name: string;
  /** For the correct variant and the defect alike, in the words of `--fault`. */
  fault: string;
  /** The check that counts it, and finds nothing in the correct variant. */
  caught: 'twice' | 'lost' | 'oversold';
  correct: Small;
  defect: Small;
}

/** `--fault TEXT` */
export function faultOf(text: string): Fault {
  const parsed = parseFault(text);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.fault;
}

const rows = { description: 'rows', shape: 'relational' as const };

/** One machine with so many slots. */
export function machine(slots: number) {
  const fixed = { minimum: 1, maximum: 1, controller: { name: 'static' } };
  return { platform: 'server' as const, instance: 'm7g.large', slots, ...fixed };
}

interface Shop {
  fault?: string;
  /** What `order` does before it publishes; nothing, unless said. */
  steps?: Steps;
  ship?: Partial<Components[string]>;
  /** Slots of the machine that ships. */
  slots?: number;
  channel?: Channel;
  rate?: number;
  parameters?: Small['parameters'];
}

/** Users order, again and again until the order is taken; `ship` writes a shipment for each, behind a queue. */
export function shop(o: Shop): Small {
  return {
    components: {
      // Published first: an order that was accepted has its message, whatever breaks in between.
      order: {
        description: 'sells',
        cpu_ms: 1,
        steps: [...(o.steps ?? []), { publish: 'placed' }, { write: 'orders', effect: 'accepted' }],
      },
      price: { description: 'asks a third party', io_ms: 30 },
      ship: { description: 'ships', cpu_ms: 1, steps: [{ write: 'shipments', effect: 'shipped' }], ...o.ship },
    },
    operations: {
      work: { description: 'orders', creates: 'order', attempts: 10, timeout_ms: 5_000, steps: [{ call: 'order' }] },
    },
    events: { placed: { description: 'ordered', consumers: { ship: {} } } },
    datasets: { stock: { ...rows, stock: { each: 5 } }, orders: rows, shipments: rows },
    entities: { order: { accepted: 'accepted' } },
    overrides: {
      components: { order: machine(16), price: machine(16), ship: machine(o.slots ?? 4) },
      events: { placed: o.channel ?? { channel: 'sqs' } },
    },
    parameters: {
      'gateway.retry_base_ms': 2_000,
      'gateway.retry_cap_ms': 4_000,
      'server.boot_s': 1,
      'sqs.visibility_timeout_s': 2,
      'sqs.receives_max': 20,
      ...o.parameters,
    },
    rate: o.rate ?? 5,
    duration_s: 5,
    drain_s: 60,
    ...(o.fault ? { faults: [faultOf(o.fault)] } : {}),
  };
}

const DIES = 'duplicate placed to 40% at 0s for 5s';
const KILLED = 'kill ship at 3s';
const RESTARTS = 'stop rabbitmq at 3s for 1s';
const WAITS = 'slow-third-party price by x20 at 0s for 5s';
const WORKS = { io_ms: 500 };
const RABBIT = { channel: 'rabbitmq', queue: 'classic' } as const;
const take = (conditional: boolean): Steps => [
  { read: 'stock', consistent: true },
  { call: 'price' },
  { write: 'stock', take: 1, effect: 'reserved', ...(conditional ? { conditional } : {}) },
];

/** One table for both worlds. */
export const PLANTED_SMALL: readonly PlantedSmall[] = [
  {
    name: 'lost update',
    fault: WAITS,
    caught: 'oversold',
    correct: shop({ fault: WAITS, steps: take(true) }),
    defect: shop({ fault: WAITS, steps: take(false) }),
  },
  {
    name: 'no idempotency',
    fault: DIES,
    caught: 'twice',
    correct: shop({ fault: DIES, ship: { idempotent: true } }),
    defect: shop({ fault: DIES, ship: { idempotent: false } }),
  },
  {
    name: 'ack before work',
    fault: KILLED,
    caught: 'lost',
    correct: shop({ fault: KILLED, ship: WORKS, channel: { ...RABBIT, ack: 'manual' } }),
    defect: shop({ fault: KILLED, ship: WORKS, channel: { ...RABBIT, ack: 'automatic' } }),
  },
  {
    name: 'non-durable queue',
    fault: RESTARTS,
    caught: 'lost',
    correct: shop({ fault: RESTARTS, ship: WORKS, slots: 1, channel: RABBIT }),
    defect: shop({ fault: RESTARTS, ship: WORKS, slots: 1, channel: { ...RABBIT, durable: false } }),
  },
];
