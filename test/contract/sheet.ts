import { tmpdir } from 'node:os';
import type { Part, PlannedDataset } from '../../simulator/domain/plan.ts';
import { type ScenarioInput, ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import type { Addresses, LiveEffect, Message, RunSheet, Story } from '../../simulator/worlds/live/contract.ts';

type Application = ScenarioInput['application'];

/** What a part under test is part of: one event to one consumer, one dataset. */
export interface Asked {
  event?: NonNullable<NonNullable<ScenarioInput['overrides']>['events']>[string];
  kb?: number;
  store?: 'dynamodb' | 's3' | 'postgres';
  stock?: NonNullable<Application['datasets']>[string]['stock'];
  parameters?: ScenarioInput['parameters'];
}

const count = { sheets: 0 };

/** The run sheet of a plan that holds what is asked for, under a namespace of its own. */
export function sheetOf(asked: Asked, addresses: Addresses): RunSheet {
  const scenario = ScenarioSchema.parse({
    name: 'contract',
    description: 'one part',
    application: {
      name: 'contract',
      description: 'one part',
      users: { count: 10 },
      objects: { count: 10 },
      components: { station: { description: 'consumes' } },
      events: { made: { description: 'made', kb: asked.kb ?? 1, consumers: { station: {} } } },
      datasets: { rows: { description: 'rows', shape: 'key-value', item_kb: 1, ...(asked.stock ? { stock: asked.stock } : {}) } },
      operations: { work: { description: 'publishes', attempts: 1, steps: [{ read: 'rows' }, { publish: 'made' }] } },
    },
    workload: {
      duration_s: 60,
      arrivals: { kind: 'constant', rate: 1 },
      sessions: { think_ms: 0, start: { work: 1 }, next: { work: { leave: 1 } } },
    },
    strategies: ['all-servers'],
    overrides: {
      events: { made: asked.event ?? { channel: 'sqs' } },
      datasets: { rows: { store: asked.store ?? 'dynamodb' } },
    },
    parameters: asked.parameters ?? {},
  });
  const axes = { strategies: ['all-servers'], controllers: [], rates: [1], seeds: [1], wantsLedger: false };
  const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
  if (cell === undefined) throw new Error('no cell');
  return {
    schema: 'run-sheet@1',
    plan: cell.plan,
    seed: 1,
    rate: 1,
    namespace: `t${process.pid}-${count.sheets++}`,
    folder: tmpdir(),
    epoch_ms: Date.now(),
    burn_per_ms: 1,
    addresses,
  };
}

export function partOf(sheet: RunSheet, beginning: string): Part {
  const part = sheet.plan.parts.find(({ path }) => path.startsWith(beginning));
  if (part === undefined) throw new Error(`the plan has no part ${beginning}`);
  return part;
}

export function rowsIn(sheet: RunSheet): PlannedDataset {
  return sheet.plan.datasets[0] as PlannedDataset;
}

/** Action `n` of user `n % 10`. */
export function storyOf(n: number): Story {
  return { action: n, session: n, user: n % 10, object: 0, operation: 0, cause: null, attempt: 1, key: n };
}

export function messageOf(n: number, user = n % 10): Message {
  return { id: `made-${n}`, event: 'made', story: { ...storyOf(n), user }, published_at_ms: n };
}

/** The line that worker 1's delivery of the message of action `n` writes. */
export function effectOf(n: number): LiveEffect {
  return { at_ms: n, effect: 'handled', entity: n, cause: `made/${n}`, part: 'server/station', attempt: 1, count: 1, row: 0 };
}
