import type { Cell, CellResult } from '../../simulator/domain/cell.ts';
import { type ScenarioInput, ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { runCell } from '../../simulator/worlds/virtual/world.ts';

type Application = ScenarioInput['application'];

/** A system small enough to know its answer on paper: no network, no noise, one action at a time at regular intervals. */
export interface Small {
  components?: Application['components'];
  operations?: Application['operations'];
  events?: Application['events'];
  datasets?: Application['datasets'];
  entities?: Application['entities'];
  users?: Application['users'];
  objects?: Application['objects'];
  overrides?: ScenarioInput['overrides'];
  parameters?: ScenarioInput['parameters'];
  faults?: ScenarioInput['faults'];
  arrivals?: ScenarioInput['workload']['arrivals'];
  /** What users do one after another, a tenth of a second apart; the first operation only, unless said. */
  doing?: string[];
  rate?: number;
  seed?: number;
  duration_s?: number;
  drain_s?: number;
  /** Where in the schedule the run begins. */
  cut_start_s?: number;
  traces?: Cell['traces'];
}

/** Numbers that take everything away that paper does not have. */
const STILL = {
  'gateway.client_ms': 0,
  'gateway.added_ms': 0,
  'gateway.hop_ms': 0,
  'function.speed': 1,
  'function.invoke_ms': 0,
  'function.init_ms': 0,
  'function.first_call_ms': 0,
  'server.speed': 1,
  'server.warmup_s': 0,
  'server.health_check_s': 0,
  'server.boot_s': 60,
  'gpu.speed': 1,
  'gpu.boot_s': 60,
  'gpu.model_load_s': 0,
  'edge.hit_ms': 1,
  'edge.miss_ms': 2,
  'sqs.send_ms': 0,
  'sqs.delivery_ms': 0,
  'sqs.duplicate_rate': 0,
  'sqs-fifo.send_ms': 0,
  'sqs-fifo.delivery_ms': 0,
  'rabbitmq.send_ms': 0,
  'rabbitmq.commit_ms': 0,
  'rabbitmq.delivery_ms': 1,
  'rabbitmq.batch_window_ms': 0,
  'broker.messages_per_s': 1e15,
  'dynamodb.read_ms': 5,
  'dynamodb.write_ms': 8,
  'dynamodb.stale_lag_ms': 0,
  's3.get_ms': 25,
  's3.put_ms': 40,
  'postgres.cpu_ms_read': 1,
  'postgres.cpu_ms_write': 1,
  'postgres.io_per_read': 0,
  'postgres.io_per_write': 0,
  'postgres.network_ms': 0,
};

export const FUNCTION = { station: { platform: 'function' as const, memory_mb: 1769 } };

/** One operation `work` that calls one component `station`, where nothing else is said. */
const CALL = { description: 'one request', attempts: 1, timeout_ms: 60_000, steps: [{ call: 'station' }] };

/** Runs it; insists that conservation and Little's law hold. */
export function play(o: Small): CellResult {
  const result = runCell(cellOf(o));
  if (result.broken.length > 0) throw new Error(result.broken.join('\n'));
  return result;
}

/** It as a cell, which either world can play. */
export function cellOf(o: Small): Cell {
  const operations = o.operations ?? { work: CALL };
  const doing = o.doing ?? Object.keys(operations).slice(0, 1);
  const scenario = ScenarioSchema.parse({
    name: 'small',
    description: 'known on paper',
    application: {
      name: 'small',
      description: 'known on paper',
      users: o.users ?? { count: 1 },
      objects: o.objects ?? { count: 1 },
      components: o.components ?? { station: { description: 'ten milliseconds', cpu_ms: 10 } },
      events: o.events ?? {},
      datasets: o.datasets ?? {},
      operations,
      entities: o.entities ?? {},
    },
    workload: {
      duration_s: o.duration_s ?? 60,
      arrivals: o.arrivals ?? { kind: 'constant', rate: o.rate ?? 1 },
      process: { kind: 'regular' },
      sessions: {
        think_ms: o.doing ? 100 : 0,
        start: { [doing[0] as string]: 1 },
        next: Object.fromEntries(doing.map((name, i) => [name, { [doing[i + 1] ?? 'leave']: 1 }])),
      },
    },
    strategies: ['all-functions'],
    overrides: o.overrides ?? {},
    parameters: { ...STILL, ...o.parameters },
    faults: o.faults ?? [],
    warmup_s: 0,
    drain_s: o.drain_s ?? 900,
  });
  const axes = { strategies: ['all-functions'], controllers: [], rates: [1], seeds: [o.seed ?? 1], wantsLedger: true };
  const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
  if (cell === undefined) throw new Error('no cell');
  return { ...cell, cut_start_s: o.cut_start_s ?? 0, ...(o.traces ? { traces: o.traces } : {}) };
}

/** How a message consumer is asked about: what it is, where it runs, how much each message weighs. */
export interface Consuming extends Omit<Small, 'components' | 'events'> {
  station?: Partial<Application['components'][string]>;
  kb?: number;
  messages_per?: { attribute: string; each: number };
  ordered_by?: 'actor' | 'object';
}

/** Every action is accepted (8 ms) and publishes to `station`, which writes `handled` (8 ms) after its own work. */
export function consume(o: Consuming): CellResult {
  const { station, kb, messages_per, ordered_by, overrides, ...rest } = o;
  const event = { description: 'made', kb: kb ?? 1, ...(ordered_by ? { ordered_by } : {}) };
  const handled = { write: 'rows', effect: 'handled' };
  const small: Small = {
    components: {
      maker: { description: 'accepts', steps: [{ write: 'rows', effect: 'accepted' }, { publish: 'made' }] },
      station: { description: 'consumes', steps: [handled], ...station },
    },
    operations: { work: { description: 'one thing', creates: 'thing', attempts: 1, steps: [{ call: 'maker' }] } },
    entities: { thing: { accepted: 'accepted', shown_after: 'handled' } },
    datasets: { rows: { description: 'rows', shape: 'key-value' } },
    events: { made: { ...event, consumers: { station: messages_per ? { messages_per } : {} } } },
    ...rest,
    overrides: {
      components: { maker: { platform: 'function', memory_mb: 1769 }, ...FUNCTION, ...overrides?.components },
      datasets: { rows: { store: 'dynamodb' } },
      events: overrides?.events ?? {},
    },
  };
  return play(small);
}

/** The only operation's result. */
export function work(result: CellResult): CellResult['operations'][number] {
  return result.operations[0] as CellResult['operations'][number];
}

/** Of `sent`: how it ended, in words that add up to it. */
export function outcomes(result: CellResult): Record<'sent' | 'served' | 'refused' | 'timed_out' | 'failed' | 'pending', number> {
  const { sent, served, refused, timed_out, failed, pending } = work(result);
  return { sent, served, refused, timed_out, failed, pending };
}

export function meanMs(result: CellResult): number {
  const { count, sum_us } = work(result).latency;
  return sum_us / count / 1000;
}

export function maxMs(result: CellResult): number {
  return work(result).latency.max_us / 1000;
}

/** Metered quantity of one item, over all components or of one. */
export function metered(result: CellResult, item: string, component?: string): number {
  return result.usage
    .filter((u) => u.item === item && (component === undefined || u.component === component))
    .reduce((sum, u) => sum + u.quantity, 0);
}

export function count(result: CellResult, check: string): number {
  return result.checks.find((c) => c.name === check)?.count ?? Number.NaN;
}

/** Times of the ledger's lines of one kind. */
export function times(result: CellResult, kind: string): number[] {
  return (result.ledger ?? []).filter((e) => e.kind === kind).map((e) => e.at_ms);
}

/** Machines of a pool that is there from the start and keeps its size. */
export function servers(instances: number, slots = 1): NonNullable<ScenarioInput['overrides']>['components'] {
  const fixed = { minimum: instances, maximum: instances, controller: { name: 'static' } };
  return { station: { platform: 'server', instance: 'm7g.large', slots, ...fixed } };
}
