import type { Cell } from '../../domain/cell.ts';
import { keyOf, mix } from '../../domain/draws.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Span, Trace } from '../../domain/trace.ts';
import { OUTCOME } from '../../measure/recorder.ts';
import { COLUMN, MARK, type Recording, WIDTH } from './engine/recordings.ts';
import { FAILURE } from './walk.ts';

type Attributes = Span['attributes'];

/** What a mark is called where its row says no more, and on what its own time is spent. */
type Said = Pick<Span, 'name' | 'kind' | 'phase' | 'part' | 'component'> & { attributes?: Attributes };

const OUTCOMES: Readonly<Record<number, Trace['outcome']>> = {
  [OUTCOME.served]: 'served',
  [OUTCOME.refused]: 'refused',
  [OUTCOME.timedOut]: 'timed-out',
  [OUTCOME.failed]: 'failed',
};
const FAILURES: Readonly<Record<number, string>> = {
  [FAILURE.refused]: 'refused',
  [FAILURE.timedOut]: 'timeout',
  [FAILURE.failed]: 'failed',
};
/** What `error.type` says of an access that did not succeed. */
const ANSWERS = ['', 'throttled', 'refused'];
const SYSTEMS: Readonly<Record<string, string>> = { postgres: 'postgresql', dynamodb: 'aws.dynamodb' };

/** A recording as spans; what is still open when the run ends at `endedAt` ends there. */
export function traceOf(cell: Cell, recording: Recording, o: { picks: Trace['picks']; endedAt: number }): Trace {
  const id = idsOf(cell, recording);
  const spans: Span[] = [];
  for (let row = 0; row < recording.used; row += WIDTH) {
    const above = spans[recording.at(row, COLUMN.parent) / WIDTH];
    spans.push({ ...spanOf(cell.plan, recording, { row, above, endedAt: o.endedAt }), trace: id.trace, span: id.span(row) });
  }
  return {
    operation: cell.plan.operations[recording.operation]?.name ?? '',
    picks: o.picks,
    outcome: OUTCOMES[recording.outcome] ?? 'failed',
    seed: cell.seed,
    session: recording.session,
    action: recording.action,
    latency_us: recording.us,
    dropped: recording.dropped,
    spans,
  };
}

/** Numbers of 32 bits in hexadecimal, from what the trace is about: the same request of two strategies is two traces. */
function idsOf({ plan, rate, seed }: Cell, { action, session }: Recording) {
  const placed = plan.parts.map((part) => part.sizing?.controller.name ?? '').join();
  const key = mix(mix(mix(mix(seed, session), action), keyOf(`${plan.strategy} ${placed}`)), keyOf(String(rate)));
  const word = (n: number) => (mix(key, n) >>> 0).toString(16).padStart(8, '0');
  return { trace: [1, 2, 3, 4].map(word).join(''), span: (row: number) => word(2 * row + 5) + word(2 * row + 6) };
}

function spanOf(
  plan: Plan,
  recording: Recording,
  o: { row: number; above: Span | undefined; endedAt: number },
): Omit<Span, 'trace' | 'span'> {
  const { row, above } = o;
  const [mark, failure, closedAt] = [
    recording.at(row, COLUMN.mark),
    recording.at(row, COLUMN.failure),
    recording.at(row, COLUMN.end),
  ];
  const said = saidOf(plan, recording, { row, component: above?.component ?? 'client' });
  // Rounded as the latency is, so that the spans add up to it.
  const us = (at: number) => Math.round((at - recording.intendedAt) * 1000);
  const isOpen = Number.isNaN(closedAt);
  const start = us(recording.at(row, COLUMN.start));
  const error = mark === MARK.access ? ANSWERS[failure] : FAILURES[failure];
  return {
    parent: above?.span ?? null,
    ...said,
    start_us: Math.round(recording.intendedAt * 1000) + start,
    duration_us: us(isOpen ? Math.max(o.endedAt, recording.at(row, COLUMN.start)) : closedAt) - start,
    is_linked: mark === MARK.transit || mark === MARK.process,
    has_failed: Boolean(error),
    attributes: {
      ...said.attributes,
      ...(error ? { 'error.type': error } : {}),
      ...(isOpen ? { 'placement_lab.is_unfinished': true } : {}),
    },
  };
}

interface Row {
  plan: Plan;
  subject: number;
  detail: number;
  /** Who did what the row is about: the component of the span above. */
  component: string;
  operation: string;
  session: number;
}

function saidOf(plan: Plan, recording: Recording, o: { row: number; component: string }): Said {
  const row: Row = {
    plan,
    subject: recording.at(o.row, COLUMN.subject),
    detail: recording.at(o.row, COLUMN.detail),
    component: o.component,
    operation: plan.operations[recording.operation]?.name ?? '',
    session: recording.session,
  };
  const said = WORDS[recording.at(o.row, COLUMN.mark)];
  if (said === undefined) throw new RangeError('a recording has a mark without words');
  return said(row);
}

const CLIENT = { part: 'client', component: 'client' } as const;

const WORDS: Readonly<Record<number, (row: Row) => Said>> = {
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
function worker({ plan, subject, detail }: Row): Omit<Said, 'kind'> {
  const name = plan.components[detail]?.name ?? '';
  return { name, phase: 'network', part: pathOf(plan, subject), component: name };
}

function platform({ plan, subject, detail }: Row, trigger: string): Attributes {
  if (plan.parts[subject]?.kind !== 'function') return {};
  return { 'cloud.platform': 'aws_lambda', 'faas.name': plan.components[detail]?.name ?? '', 'faas.trigger': trigger };
}

/** A stretch within what its component does. */
function inside({ plan, subject, component }: Row, name: string, phase: Span['phase'], attributes: Attributes = {}): Said {
  return { name, kind: 'internal', phase, part: pathOf(plan, subject), component, attributes };
}

function inStore({ plan, subject, component }: Row): { part: string; component: string } {
  return { part: pathOf(plan, plan.datasets[subject]?.part ?? -1), component };
}

function access(row: Row): Said {
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
