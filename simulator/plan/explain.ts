import type { ControllerAssets } from '../domain/controller.ts';
import type { Distribution } from '../domain/distribution.ts';
import { FAULTS } from '../domain/fault.ts';
import type { Instruction, Part, Plan, PlannedFault, PlannedFollowUp, PoolSizing } from '../domain/plan.ts';

/** One way that work takes: who asks whom, over what, for which step; nested by `depth`. */
export interface Hop {
  depth: number;
  what: string;
  where: string;
  latency: string;
}

/** A plan in words: for people, and for `explain --json`. */
export interface Explanation {
  scenario: string;
  strategy: string;
  description: string;
  placements: { subject: string; placed: string; rule: string; because: string }[];
  sizes: { subject: string; placed: string; because: string }[];
  /** What the controller of a pool knows before the run; empty where the scenario has no history. */
  known: { pool: string; history: string; patience: string }[];
  operations: { name: string; hops: Hop[] }[];
  consumers: { name: string; hops: Hop[] }[];
  faults: { text: string; times: string; acts: string; how: string }[];
  parameters: { path: string; value: string; unit: string; kind: string; source: string; date: string }[];
}

/** Everything that a plan decides, with why and from which source. */
export function explain(plan: Plan): Explanation {
  const sizes = plan.decisions.filter((d) => d.rule === 'fair sizing');
  return {
    scenario: plan.scenario,
    strategy: plan.strategy,
    description: plan.description,
    placements: plan.decisions.filter((d) => d.rule !== 'fair sizing'),
    sizes: sizes.map(({ subject, placed, because }) => ({ subject, placed, because })),
    known: plan.parts.flatMap((part) => (part.sizing?.assets ? [knownOf(part.path, part.sizing, part.sizing.assets)] : [])),
    operations: plan.operations.map(({ name, program, on_failure }) => ({
      name,
      hops: [frontDoor(plan), ...hopsOf(plan, program, 1), ...afterFailure(plan, on_failure)],
    })),
    consumers: plan.events.flatMap((event) =>
      event.consumers.map((consumer) => delivery(plan, { event: event.name, ...consumer })),
    ),
    faults: (plan.faults ?? []).map((fault) => faultInFull(plan, fault)),
    parameters: plan.parameters.map((p) => ({
      path: p.path,
      value: typeof p.value === 'string' ? p.value : lawInWords(p.value),
      unit: p.unit,
      kind: p.range === undefined ? p.kind : `${p.kind}, ${p.range[0]} to ${p.range[1]}`,
      source: p.source,
      date: p.date,
    })),
  };
}

/** Earlier load of a pool, and how long its calls may wait, in words. */
function knownOf(pool: string, { holding_ms }: PoolSizing, assets: ControllerAssets): Explanation['known'][number] {
  const { history, patience, start_s = 0 } = assets;
  const calls = Array.from(history?.arrivals ?? []);
  const per_s = (count: number) => short(Number((count / (history?.step_s ?? 1)).toPrecision(3)));
  const mean = calls.reduce((sum, count) => sum + count, 0) / Math.max(1, calls.length);
  const wait_s = ((patience?.wait ?? 0) * holding_ms) / 1000;
  return {
    pool,
    history: `${calls.length} steps of ${history?.step_s ?? 0} s: ${per_s(mean)} calls/s in the mean, ${per_s(Math.max(0, ...calls))} at most`,
    patience: `of its calls ${short(100 * (patience?.late ?? 0))} % may wait more than ${short(Number(wait_s.toPrecision(3)))} s; an instance takes ${short(Math.round(start_s))} s to start`,
  };
}

function faultInFull(plan: Plan, fault: PlannedFault): Explanation['faults'][number] {
  const { kind, text, at_ms, for_ms, isOutside, parts, components } = fault;
  const names = [...parts.map((i) => plan.parts[i]?.path), ...components.map((i) => plan.components[i]?.name)];
  return {
    text,
    times: isOutside ? 'outside the window' : `at ${short(at_ms / 1000)} s${for_ms > 0 ? ` for ${short(for_ms / 1000)} s` : ''}`,
    acts: names.length > 0 ? `on ${names.join(', ')}` : 'no effect under this strategy',
    how: FAULTS[kind].worlds.virtual,
  };
}

/** A law in a few words: `5`, `p50 16, p99 70`, `300 to 420`. */
export function lawInWords(law: Distribution): string {
  if (typeof law === 'number') return short(law);
  switch (law.kind) {
    case 'exponential':
      return `exponential, mean ${short(law.mean)}`;
    case 'uniform':
      return `${short(law.min)} to ${short(law.max)}`;
    case 'lognormal':
      return `p50 ${short(law.p50)}, p99 ${short(law.p99)}`;
    case 'pareto':
      return `Pareto from ${short(law.min)}, exponent ${short(law.exponent)}, at most ${short(law.cap)}`;
    case 'quantiles':
      return law.points.map(([p, v]) => `p${short(p * 100)} ${short(v)}`).join(', ');
  }
}

function frontDoor(plan: Plan): Hop {
  const gateway = plan.parts.find((part) => part.kind === 'gateway');
  const type = gateway?.words.type ?? 'gateway';
  return {
    depth: 0,
    what: 'user',
    where: type,
    latency: `${value(gateway, 'client_ms')} there, ${value(gateway, 'added_ms')} inside`,
  };
}

type Consumer = Plan['events'][number]['consumers'][number];

function delivery(plan: Plan, o: Consumer & { event: string }) {
  const component = plan.components[o.component];
  const queue = plan.parts[o.queue];
  const messages = o.each > 0 ? `one message for each ${short(o.each)} ${o.attribute}` : 'one message';
  const first: Hop = { depth: 0, what: messages, where: queue?.path ?? '?', latency: value(queue, 'delivery_ms') };
  const name = `${o.event} -> ${component?.name}`;
  const work: Hop = {
    depth: 1,
    what: `${component?.name} works`,
    where: placeOf(plan, o.component),
    latency: demandOf(plan, o.component),
  };
  return { name, hops: [first, work, ...hopsOf(plan, component?.program ?? [], 2), ...afterFailure(plan, o.on_failure)] };
}

/** What is published once it has failed for good. */
function afterFailure(plan: Plan, followUp: PlannedFollowUp | undefined): Hop[] {
  if (followUp === undefined) return [];
  const { event, after_ms, unless } = followUp;
  const later = after_ms > 0 ? ` ${short(after_ms / 1000)} s later` : '';
  const condition = unless >= 0 ? `, unless ${plan.effects[unless]?.name}` : '';
  const where = plan.events[event]?.consumers.map((c) => plan.parts[c.queue]?.path).join(', ') ?? '';
  return [{ depth: 1, what: `failed for good: publish ${plan.events[event]?.name}${later}${condition}`, where, latency: '' }];
}

function hopsOf(plan: Plan, program: readonly Instruction[], depth: number): Hop[] {
  return program.flatMap((step) => hop(plan, step, depth));
}

function hop(plan: Plan, step: Instruction, depth: number): Hop[] {
  switch (step.do) {
    case 'call':
      return [
        { depth, what: callInWords(plan, step), where: placeOf(plan, step.component), latency: demandOf(plan, step.component) },
        ...hopsOf(plan, plan.components[step.component]?.program ?? [], depth + 1),
      ];
    case 'parallel':
      return [{ depth, what: 'at once', where: '', latency: '' }, ...step.branches.flatMap((b) => hopsOf(plan, b, depth + 1))];
    case 'lookup': {
      const edge = plan.parts[step.edge];
      const what = `look up ${step.of}, kept ${short(step.ttl_ms / 1000)} s`;
      return [
        { depth, what, where: edge?.path ?? '?', latency: value(edge, 'hit_ms') },
        ...hopsOf(plan, step.otherwise, depth + 1),
      ];
    }
    case 'publish': {
      const event = plan.events[step.event];
      const queues = event?.consumers.map((c) => plan.parts[c.queue]) ?? [];
      return [
        {
          depth,
          what: `publish ${event?.name}`,
          where: queues.map((q) => q?.path).join(', '),
          latency: sending(queues[0]),
        },
      ];
    }
    case 'show':
      return [{ depth, what: `show the newest ${plan.entities[step.entity]?.name} of the ${step.of}`, where: '', latency: '' }];
    default:
      return [access(plan, step, depth)];
  }
}

/** How long a publisher waits: for its send, and for the confirm where it asks for one. */
function sending(queue: Part | undefined): string {
  const send = value(queue, 'send_ms');
  return queue?.words.confirms === 'yes' ? `${send} to send, ${value(queue, 'commit_ms')} to be confirmed` : send;
}

function callInWords(plan: Plan, step: { component: number; optional: boolean }): string {
  return `call ${plan.components[step.component]?.name}${step.optional ? ', if it can' : ''}`;
}

const STORE_LATENCY: Readonly<Record<string, Readonly<Record<'read' | 'write', string>>>> = {
  postgres: { read: 'network_ms', write: 'network_ms' },
  dynamodb: { read: 'read_ms', write: 'write_ms' },
  s3: { read: 'get_ms', write: 'put_ms' },
};

function access(plan: Plan, step: Extract<Instruction, { do: 'read' | 'write' | 'settle' }>, depth: number): Hop {
  const dataset = plan.datasets[step.dataset];
  const part = plan.parts[dataset?.part ?? -1];
  const verb = step.do === 'read' ? 'read' : 'write';
  const words: string[] = [verb, dataset?.name ?? '?', `of the ${step.of}`];
  if (step.items > 1) words.push(`(${step.items} items)`);
  if (step.do === 'read' && step.consistent) words.push('consistently');
  if (step.do === 'write' && step.take > 0) words.push(`taking ${step.take} from stock`);
  if (step.do === 'write' && step.conditional) words.push('on condition');
  if (step.do !== 'read' && step.effect >= 0) words.push(`= ${plan.effects[step.effect]?.name}`);
  if (step.do === 'settle' && step.undoes >= 0) words.push(`undoing ${plan.effects[step.undoes]?.name}`);
  if (step.do === 'settle' && step.unless >= 0) words.push(`unless ${plan.effects[step.unless]?.name}`);
  return {
    depth,
    what: words.join(' '),
    where: part?.path ?? '?',
    latency: value(part, STORE_LATENCY[part?.kind ?? '']?.[verb] ?? ''),
  };
}

function placeOf(plan: Plan, component: number): string {
  const planned = plan.components[component];
  const overflow = plan.parts[planned?.overflow ?? -1];
  return [plan.parts[planned?.part ?? -1], overflow].flatMap((part) => (part === undefined ? [] : [part.path])).join(', then ');
}

/** Demand of one call where it is placed, and what the platform adds. */
function demandOf(plan: Plan, component: number): string {
  const planned = plan.components[component];
  if (planned === undefined) return '';
  const part = plan.parts[planned.part];
  const words: string[] = [];
  for (const [name, law] of [
    ['cpu', planned.cpu_ms],
    ['gpu', planned.gpu_ms],
    ['io', planned.io_ms],
  ] as const) {
    if (law !== 0) words.push(`${name} ${lawInWords(law)} ms`);
  }
  if (part?.kind === 'function') words.push(`invoke ${value(part, 'invoke_ms')}`);
  return words.join('; ');
}

function value(part: Part | undefined, name: string): string {
  const law = part?.values[name];
  return law === undefined ? '' : `${lawInWords(law)} ms`;
}

function short(x: number): string {
  return String(Number(x.toPrecision(5)));
}
