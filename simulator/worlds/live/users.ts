import type { Lateness } from '../../../workloads/drivers/lateness.ts';
import { mix, PURPOSE, uniform } from '../../domain/draws.ts';
import { numberOf } from '../../domain/part-values.ts';
import type { Plan } from '../../domain/plan.ts';
import { MARK } from '../../domain/span-words.ts';
import { type TraceIds, traceIdsOf } from '../../domain/trace-keys.ts';
import { OUTCOME } from '../../measure/recorder.ts';
import { wait, wallMs } from './clock.ts';
import type { RunSheet, Story } from './contract.ts';
import { type Begun, type SpanLog, traceparentOf } from './spans.ts';
import { resultOf, type Sent, send, statusOf } from './wire.ts';

/** One action of the schedule, due at run time `at_ms`; `key` is the action's own draw key. */
export interface Action {
  at_ms: number;
  index: number;
  session: number;
  user: number;
  object: number;
  operation: number;
  key: number;
}

/** What came of an action: when it was to be sent, when its answer was back (run time, ms), how it ended, in how many attempts. */
export interface ActionRow {
  operation: number;
  at_ms: number;
  done_ms: number;
  outcome: number;
  attempts: number;
}

/** What a driver brings back. */
export interface Driven {
  rows: ActionRow[];
  lateness: Lateness;
  /** Only of a closed loop, which is late for nothing: share of its time in which the driver itself was busy. */
  driver_busy?: number;
}

/** Statuses of the gateway that end an operation at once. */
const UNAUTHORISED = 401;
const TOO_LARGE = 413;
/** Statuses after which nobody tries again. */
export const FINAL: readonly number[] = [statusOf('ok'), statusOf('sold-out'), UNAUTHORISED, TOO_LARGE];

/** How users wait between attempts. */
export interface Backoff {
  base: number;
  cap: number;
}

/** How long a user waits after attempt `attempt` of an action: full jitter, by the action's own draw. */
export function backoffMs({ base, cap }: Backoff, action: Action, attempt: number): number {
  const most = Math.min(cap, base * 2 ** (attempt - 1));
  return uniform(mix(mix(action.key, attempt), PURPOSE.backoff)) * most;
}

/** What users know of the front door: how long they wait between attempts, and for an answer, by operation. */
export function mannersOf(plan: Plan): { backoff: Backoff; patience: number[] } {
  const door = plan.parts.find((p) => p.kind === 'gateway');
  if (door === undefined) throw new RangeError('the plan has no gateway');
  return {
    backoff: { base: numberOf(door, 'retry_base_ms'), cap: numberOf(door, 'retry_cap_ms') },
    patience: plan.operations.map((operation) => Math.min(operation.timeout_ms, numberOf(door, 'timeout_ms'))),
  };
}

/** The users' side of a live run: gives up at the timeout, tries again with back-off and full jitter, as the virtual client does. */
export class Users {
  readonly rows: ActionRow[] = [];
  /** Attempts that never left this machine. */
  unsent = 0;
  private open = 0;
  private readonly plan: Plan;
  private readonly start_ms: number;
  private readonly port: number;
  private readonly bodies: Buffer[];
  private readonly backoff: Backoff;
  private readonly patience: number[];
  private readonly spans: SpanLog;
  /** Only in a traced run. */
  private readonly idsOf: ((session: number, action: number) => TraceIds) | undefined;
  private readonly failed: (story: Story) => void;

  /** `failed` hears of operations that ended without an answer, whose users will not try again. */
  constructor(sheet: RunSheet, o: { start_ms: number; port: number; spans: SpanLog; failed?(story: Story): void }) {
    const { plan } = sheet;
    this.plan = plan;
    this.spans = o.spans;
    this.idsOf = sheet.isTraced ? traceIdsOf(sheet, sheet.namespace) : undefined;
    this.start_ms = o.start_ms;
    this.port = o.port;
    this.failed = o.failed ?? (() => undefined);
    this.bodies = plan.operations.map((operation) => Buffer.alloc(Math.round(operation.request_kb * 1024), 'x'));
    const { backoff, patience } = mannersOf(plan);
    this.backoff = backoff;
    this.patience = patience;
  }

  /** Starts an action; its row is there at once and pending until it ends. */
  begin(action: Action): void {
    const row = { operation: action.operation, at_ms: action.at_ms, done_ms: 0, outcome: OUTCOME.pending, attempts: 0 };
    this.rows.push(row);
    this.open++;
    this.attempt(action, row);
  }

  /** Resolves when every action has ended, or after `patience_ms`. */
  async settled(patience_ms: number): Promise<void> {
    const until = wallMs() + patience_ms;
    while (this.open > 0 && wallMs() < until) await wait(20);
  }

  private attempt(action: Action, row: ActionRow): void {
    row.attempts++;
    const { index, operation, session } = action;
    const ids = this.idsOf?.(session, index);
    const traced = ids ? { traceparent: traceparentOf(ids.trace, ids.span(0)) } : {};
    const span = this.spans.begin({ ...storyOf(action, row.attempts), ...traced });
    let isOver = false;
    const end = (status: Sent | 'timed-out') => {
      if (isOver) return;
      isOver = true;
      if (status === 'unsent') this.unsent++;
      this.ended(action, row, { status, span });
    };
    const posted = {
      port: this.port,
      path: `/operations/${operation}`,
      story: span.story,
      body: this.bodies[operation] as Buffer,
    };
    const sent = send(posted, end);
    const timer = setTimeout(() => {
      end('timed-out');
      sent.destroy();
    }, this.patience[operation] as number);
    sent.on('close', () => clearTimeout(timer));
  }

  private ended(action: Action, row: ActionRow, { status, span }: { status: Sent | 'timed-out'; span: Begun }): void {
    const outcome = outcomeOf(status);
    this.spans.end(span, MARK.attempt, row.attempts, { error: OUTCOME_ERRORS[outcome] ?? '' });
    const isFinal = typeof status === 'number' && FINAL.includes(status);
    const attempts = this.plan.operations[row.operation]?.attempts ?? 1;
    if (!isFinal && row.attempts < attempts) {
      setTimeout(() => this.attempt(action, row), backoffMs(this.backoff, action, row.attempts));
      return;
    }
    if (!isFinal) this.failed({ ...storyOf(action, row.attempts), key: mix(action.key, row.attempts) });
    row.outcome = outcome;
    row.done_ms = wallMs() - this.start_ms;
    this.open--;
  }
}

/** The story of an attempt. */
export function storyOf({ index, session, user, object, operation, key }: Action, attempt: number): Story {
  return { action: index, session, user, object, operation, cause: null, attempt, key };
}

/** What an attempt's end means for its operation. */
export function outcomeOf(status: Sent | 'timed-out'): number {
  if (status === 'timed-out') return OUTCOME.timedOut;
  if (typeof status !== 'number' || status === UNAUTHORISED) return OUTCOME.failed;
  if (status === TOO_LARGE) return OUTCOME.refused;
  const result = resultOf(status);
  if (result === 'ok' || result === 'sold-out') return OUTCOME.served;
  return result === 'refused' ? OUTCOME.refused : result === 'timed-out' ? OUTCOME.timedOut : OUTCOME.failed;
}

/** What `error.type` says of an outcome. */
export const OUTCOME_ERRORS: Readonly<Record<number, string>> = {
  [OUTCOME.refused]: 'refused',
  [OUTCOME.timedOut]: 'timeout',
  [OUTCOME.failed]: 'failed',
};
