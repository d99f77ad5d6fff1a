import type { Instruction, Part, Plan } from '../../../domain/plan.ts';
import { type SingleStep, stepsOf } from '../../../domain/steps.ts';
import { homesOf, undoersOf } from '../../../domain/undoing.ts';
import { CHANNELS } from '../channels/index.ts';
import { wait, wallMs } from '../clock.ts';
import type { RunSheet, Sender, Store, Story } from '../contract.ts';
import { Journal } from '../journal.ts';
import { gatewayPlace } from '../run-sheet.ts';
import { SpanLog } from '../spans.ts';
import { STORES } from '../stores/index.ts';
import { post, type Result } from '../wire.ts';
import type { Surroundings } from './surroundings.ts';

/** Between two tries to reach a part that is away, ms. */
const AGAIN_MS = 500;
/** Less than what a program has to become ready. */
const PATIENCE_MS = Number(process.env.PLACEMENT_PATIENCE_MS ?? 15_000);

/** Surroundings that were opened, and how to leave them. */
export interface Opened extends Surroundings {
  close(): Promise<void>;
}

/**
 * Opens what the given programs use: their stores, the queues they publish to, the journal. `call` says how components are reached,
 * `lookingAt` which effects are asked about besides.
 *
 * Throws: Error when a part cannot be reached.
 */
export async function openFor(
  sheet: RunSheet,
  o: {
    name: string;
    programs: readonly (readonly Instruction[])[];
    call: Surroundings['call'];
    lookingAt?: readonly number[];
  },
): Promise<Opened> {
  const { plan } = sheet;
  const steps = o.programs.flatMap(stepsOf);
  const stores = new Map<number, Store>();
  const datasets = [...steps.flatMap((step) => datasetsOf(plan, step)), ...datasetsBehind(plan, o.lookingAt ?? [])];
  for (const dataset of datasets) {
    const index = plan.datasets[dataset]?.part ?? -1;
    if (!stores.has(index)) stores.set(index, await whenUp(() => openStore(plan.parts[index] as Part, sheet)));
  }
  const senders = new Map<string, Sender>();
  for (const step of steps) {
    if (step.do !== 'publish') continue;
    for (const [k, { queue }] of (plan.events[step.event]?.consumers ?? []).entries()) {
      const key = `${step.event} ${k}`;
      if (senders.has(key)) continue;
      const channel = await channelOf(plan, queue);
      senders.set(key, await whenUp(() => channel.sender(plan.parts[queue] as Part, sheet)));
    }
  }
  const journal = new Journal(sheet.folder, o.name);
  const spans = new SpanLog(sheet, o.name);
  return {
    sheet,
    plan,
    call: o.call,
    spans,
    store: (dataset) => known(stores.get(plan.datasets[dataset]?.part ?? -1)),
    sender: (event, consumer) => known(senders.get(`${event} ${consumer}`)),
    note: (effect) => journal.write(effect),
    tell: (message) => journal.tell(message),
    failed: (component, message) => journal.failed(component, message),
    async close() {
      await Promise.all([...stores.values(), ...senders.values()].map((opened) => opened.close()));
      journal.close();
      spans.close();
    },
  };
}

/** Datasets that a step reads, writes, or looks at before it writes. */
function datasetsOf(plan: Plan, step: SingleStep): number[] {
  if (step.do === 'read' || step.do === 'write') return [step.dataset];
  if (step.do !== 'settle') return [];
  return [step.dataset, ...datasetsBehind(plan, [step.unless, step.undoes])];
}

/** Datasets that have lines of these effects, or of what takes them back; -1 is none. */
function datasetsBehind(plan: Plan, effects: readonly number[]): number[] {
  const asked = effects.filter((effect) => effect >= 0);
  const homes = homesOf(plan, [...asked, ...asked.flatMap((effect) => undoersOf(plan, effect))]);
  return homes.map(({ dataset }) => dataset);
}

/** Calls components through the gateway, which knows where their instances are. */
export function throughGateway(): Surroundings['call'] {
  const gateway = gatewayPlace();
  return (component: number, story: Story): Promise<Result> => post({ ...gateway, path: `/calls/${component}`, story });
}

async function openStore(part: Part, sheet: RunSheet): Promise<Store> {
  const load = STORES[part.kind];
  if (load === undefined) throw new RangeError(`${part.path}: no live store of kind ${part.kind}`);
  return (await load()).store(part, sheet);
}

/** The channel that carries queue part `queue` of the plan. */
export async function channelOf(plan: Plan, queue: number) {
  const part = plan.parts[queue] as Part;
  const load = CHANNELS[part.kind];
  if (load === undefined) throw new RangeError(`${part.path}: no live channel of kind ${part.kind}`);
  return load();
}

/**
 * Opens a part that may be away for the moment, as it is for who starts while a fault lasts.
 *
 * Throws: what it says of being away when it has not come back after a while.
 */
export async function whenUp<T>(open: () => Promise<T>): Promise<T> {
  for (const until = wallMs() + PATIENCE_MS; ; await wait(AGAIN_MS)) {
    try {
      return await open();
    } catch (error) {
      if ((error as Error).name !== 'UnavailableError' || wallMs() > until) throw error;
    }
  }
}

function known<T>(found: T | undefined): T {
  if (found === undefined) throw new RangeError('a program uses a part that was not opened for it');
  return found;
}
