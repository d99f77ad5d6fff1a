import type { Plan } from './plan.ts';
import type { Span } from './trace.ts';

/** What a row of a recording says happened; `subject` and `detail` mean what stands behind it. */
export const MARK = {
  /** The operation: its index. */
  root: 0,
  /** An attempt: its number. */
  attempt: 1,
  /** Through the front door and back: in the live world the operation's index is the detail. */
  gateway: 2,
  /** A lookup: the edge's part; 1 on a hit. */
  edge: 3,
  /** A call, seen by its caller: the component. */
  call: 4,
  /** A call, seen by who answers: the part; the component. */
  serve: 5,
  /** A message at work: the part; the component. */
  process: 6,
  /** A message on its way: the queue's part; which receive it is. */
  transit: 7,
  /** Waiting for a slot, for a core, in a batch: the part. */
  queue: 8,
  /** A new environment: the part. */
  cold: 9,
  /** Work on a CPU, on a GPU, waiting for others: the part; of a CPU in the live world, ms that were asked for, 0 for a component's own code. */
  cpu: 10,
  gpu: 11,
  io: 12,
  /** An access: the dataset; items * 4 + strict * 2 + write. */
  access: 13,
  /** Waiting for a connection, for a row: the dataset. */
  connection: 14,
  lock: 15,
  /** Sending an event: the event. */
  publish: 16,
  /** A channel that makes the publisher wait: the event. */
  blocked: 17,
} as const;

type Attributes = Span['attributes'];

/** What a mark is called where its row says no more, and on what its own time is spent. */
type Said = Pick<Span, 'name' | 'kind' | 'phase' | 'part' | 'component'> & { attributes?: Attributes };

const SYSTEMS: Readonly<Record<string, string>> = { postgres: 'postgresql', dynamodb: 'aws.dynamodb' };

/** What a world knows of a span beside when it was: its mark, with the subject and detail that stand behind that. */
export interface Happened {
  plan: Plan;
  mark: number;
  subject: number;
  detail: number;
  /** Of the action's operation. */
  operation: string;
  session: number;
  /** What `error.type` says; empty when it ended well. */
  error: string;
  /** Still under way when the run ended. */
  isOpen: boolean;
  above: Span | undefined;
}

/** All of a span but its ids and times, in the same words in every world. */
export function describedSpan(happened: Happened): Omit<Span, 'trace' | 'span' | 'start_us' | 'duration_us'> {
  const { above, error, mark } = happened;
  const words = WORDS[mark];
  if (words === undefined) throw new RangeError('a recording has a mark without words');
  const said = words({ ...happened, component: above?.component ?? 'client' });
  return {
    parent: above?.span ?? null,
    ...said,
    is_linked: mark === MARK.transit || mark === MARK.process,
    has_failed: error !== '',
    attributes: {
      ...said.attributes,
      ...(error ? { 'error.type': error } : {}),
      ...(happened.isOpen ? { 'placement_lab.is_unfinished': true } : {}),
    },
  };
}

interface Facts extends Pick<Happened, 'plan' | 'subject' | 'detail' | 'operation' | 'session'> {
  /** Who did what the row is about: the component of the span above. */
  component: string;
}

const CLIENT = { part: 'client', component: 'client' } as const;

const WORDS: Readonly<Record<number, (row: Facts) => Said>> = {
  [MARK.root]: ({ operation, session }) => ({
    ...CLIENT,
    name: operation,
    kind: 'internal',
    phase: 'back-off',
    attributes: { 'session.id': String(session) },
  }),
  [MARK.attempt]: ({ subject }) => ({
    ...CLIENT,
    name: 'attempt',
    kind: 'client',
    phase: 'network',
    attributes: subject > 1 ? { 'http.request.resend_count': subject - 1 } : {},
  }),
  [MARK.gateway]: ({ operation }) => ({ ...at('gateway'), name: operation, kind: 'server', phase: 'network' }),
  [MARK.edge]: ({ plan, subject, detail }) => ({
    ...placeOf(plan, subject),
    name: 'lookup',
    kind: 'server',
    phase: 'network',
    attributes: { 'placement_lab.cache_hit': detail === 1 },
  }),
  [MARK.call]: ({ plan, subject, component }) => {
    const called = plan.components[subject];
    return { name: called?.name ?? '', kind: 'client', phase: 'network', part: pathOf(plan, called?.part ?? -1), component };
  },
  [MARK.serve]: (row) => ({ ...worker(row), kind: 'server', attributes: platform(row, 'http') }),
  [MARK.process]: (row) => ({
    ...worker(row),
    kind: 'consumer',
    attributes: { ...platform(row, 'pubsub'), 'messaging.operation.type': 'process', 'messaging.operation.name': 'process' },
  }),
  [MARK.transit]: ({ plan, subject, detail }) => ({
    ...at(pathOf(plan, subject)),
    name: 'in queue',
    kind: 'internal',
    phase: 'channel',
    attributes: {
      ...messaging(plan, subject),
      ...(detail > 1 ? { 'placement_lab.receive': detail } : {}),
    },
  }),
  [MARK.queue]: (row) => inside(row, 'wait for a slot', 'queue'),
  [MARK.cold]: (row) => inside(row, 'cold start', 'cold-start', { 'faas.coldstart': true }),
  [MARK.cpu]: (row) => inside(row, 'cpu', 'compute'),
  [MARK.gpu]: (row) => inside(row, 'gpu', 'compute'),
  [MARK.io]: (row) => inside(row, 'wait for a third party', 'compute'),
  [MARK.access]: access,
  [MARK.connection]: (row) => ({ ...inStore(row), name: 'wait for a connection', kind: 'internal', phase: 'queue' }),
  [MARK.lock]: (row) => ({ ...inStore(row), name: 'wait for a lock', kind: 'internal', phase: 'queue' }),
  [MARK.publish]: ({ plan, subject, component }) => {
    const queue = plan.events[subject]?.consumers[0]?.queue ?? -1;
    const sends = { 'messaging.operation.type': 'send', 'messaging.operation.name': 'send' };
    const attributes = { ...messaging(plan, queue), 'messaging.destination.name': plan.events[subject]?.name ?? '', ...sends };
    const part = pathOf(plan, queue);
    return { name: `send ${plan.events[subject]?.name}`, kind: 'producer', phase: 'channel', part, component, attributes };
  },
  [MARK.blocked]: ({ plan, subject, component }) => {
    const part = pathOf(plan, plan.events[subject]?.consumers[0]?.queue ?? -1);
    return { name: 'blocked by the channel', kind: 'internal', phase: 'queue', part, component };
  },
};

const at = (path: string) => ({ part: path, component: path });

function pathOf(plan: Plan, part: number): string {
  return plan.parts[part]?.path ?? 'unknown';
}

function placeOf(plan: Plan, part: number): { part: string; component: string } {
  return { part: pathOf(plan, part), component: plan.parts[part]?.owner ?? 'unknown' };
}

/** Who answers a call or works on a message: what it spends beside its steps is the platform's own time. */
function worker({ plan, subject, detail }: Facts): Omit<Said, 'kind'> {
  const name = plan.components[detail]?.name ?? '';
  return { name, phase: 'network', part: pathOf(plan, subject), component: name };
}

function platform({ plan, subject, detail }: Facts, trigger: string): Attributes {
  if (plan.parts[subject]?.kind !== 'function') return {};
  return { 'cloud.platform': 'aws_lambda', 'faas.name': plan.components[detail]?.name ?? '', 'faas.trigger': trigger };
}

/** A stretch within what its component does. */
function inside({ plan, subject, component }: Facts, name: string, phase: Span['phase'], attributes: Attributes = {}): Said {
  return { name, kind: 'internal', phase, part: pathOf(plan, subject), component, attributes };
}

function inStore({ plan, subject, component }: Facts): { part: string; component: string } {
  return { part: pathOf(plan, plan.datasets[subject]?.part ?? -1), component };
}

function access(row: Facts): Said {
  const { plan, subject, detail } = row;
  const dataset = plan.datasets[subject];
  const [verb, items] = [(detail & 1) === 1 ? 'write' : 'read', detail >> 2];
  const kind = plan.parts[dataset?.part ?? -1]?.kind ?? '';
  const name = dataset?.name ?? '';
  const attributes: Attributes =
    kind === 's3'
      ? { 'rpc.system': 'aws-api', 'rpc.method': verb === 'write' ? 'PutObject' : 'GetObject', 'aws.s3.bucket': name }
      : { 'db.system.name': SYSTEMS[kind] ?? kind, 'db.collection.name': name, 'db.operation.name': verb };
  if (items > 1) attributes['db.operation.batch.size'] = items;
  return { ...inStore(row), name: `${verb} ${name}`, kind: 'client', phase: 'store', attributes };
}

function messaging(plan: Plan, queue: number): Attributes {
  const path = pathOf(plan, queue);
  return { 'messaging.system': path.startsWith('rabbitmq') ? 'rabbitmq' : 'aws_sqs', 'messaging.destination.name': path };
}
