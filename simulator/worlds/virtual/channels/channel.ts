import type { Usage } from '../../../domain/cell.ts';
import type { DeadlineRing } from '../engine/deadline-ring.ts';

/** What `admits` answers instead of a wait: the messages are on their way, got lost without a word, or were turned away. */
export const ADMITTED = 0;
export const LOST = -1;
export const TURNED_AWAY = -2;

/**
 * What carries an event to one consumer.
 *
 * Publishing, handing out and deliveries are the same for every channel and ask it what differs: who may send, which message is next, how
 * far it is, and what becomes of one that was not worked off.
 */
export interface Channel {
  /** Most messages in one go to a function, and how long a batch that is not full waits. */
  readonly batchSize: number;
  readonly windowMs: number;
  readonly receivesMax: number;
  readonly retentionMs: number;
  readonly inFlightMax: number;
  /** Order within a group is promised: a batch ends at its first failure, and a late delete does nothing. */
  readonly isOrdered: boolean;
  /** A message that was not worked off comes back at once, not when its visibility timeout is over; it may not come back at all. */
  readonly returnsAtOnce: boolean;
  readonly forgets: boolean;
  /** A batch is deleted as a whole or not at all. */
  readonly isAllOrNothing: boolean;
  /** Refuses every call: takes nothing, gives nothing away, lets nothing be deleted, and keeps what it has. */
  readonly isStopped: boolean;
  /** Visibility deadlines of what is in flight. */
  readonly deadlines: DeadlineRing;
  inFlight: number;
  /** Messages being carried to a consumer that has not begun with them. */
  inTransit: number;
  batchesOut: number;
  /** True while a look at the channel is put off to a later event. */
  isWaiting: boolean;
  /** Messages that nobody works on; how many of them may be handed out now. */
  readonly waiting: number;
  readonly ready: number;
  /** Time until one more batch may be out, ms, while messages wait for pollers; infinite when that is not what they wait for. */
  readonly nextPollerMs: number;

  /** ADMITTED, LOST or TURNED_AWAY for `n` messages on the publisher's try `tries`, else ms after which it tries again. */
  admits(now: number, n: number, tries: number): number;
  /** Time until what is sent at `now` can be handed out, ms. */
  storingMs(now: number, n: number): number;
  /** Time the publisher waits for its send, ms. */
  sendMs(): number;
  isDuplicated(): boolean;
  /** Whether an idempotent publisher leaves it to the channel to recognise what it sends again. */
  readonly recognisesRepeats: boolean;
  /** First cause of what `sender` sends again, when it is forgotten and counts as new; -1 when it is recognised. */
  repeated(sender: number, now: number): number;
  /** `sender` has sent messages whose causes begin with `cause`. */
  sent(sender: number, cause: number, now: number): void;
  /** A new message lies in the channel, or one that was handed out is back. */
  put(m: number): void;
  back(m: number, now: number): void;
  /** Message `m`, which had been taken, is gone for good. */
  left(m: number): void;

  /** How many batches may be out at once. Every look begins with it and ends with `looked`. */
  allowance(now: number): number;
  looked(): void;
  /** The next message for a batch that has `n`, or -1. */
  take(n: number): number;
  /** The oldest message that may be handed out, which stays. */
  peek(): number;
  receive(m: number, now: number): void;
  /** Time from now until a consumer has the batch that was just taken, ms. */
  deliveryMs(now: number): number;

  metersSends(messages: number): void;
  metersReceive(messages: number): void;
  metersDelete(messages: number): void;
  usage(now: number): Usage[];
}
