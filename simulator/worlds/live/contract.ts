import type { Part, Plan, PlannedDataset } from '../../domain/plan.ts';
import type { Tally } from '../../domain/undoing.ts';

/** How the AWS endpoint is reached: one URL for each service, and credentials that SDK clients take as they are. */
export interface AwsAddress {
  /** Which backend answers: its own, an emulator's program, or a URL that the user named. */
  backend: 'embedded' | 'ministack' | 'url';
  /** Who runs functions: the backend, or this project's own runtime beside it, which alone counts what they do. */
  functions: 'emulator' | 'own';
  /** Who holds functions to their share of the CPU, in the own runtime. */
  cpu_share?: 'cgroup' | 'stretch';
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Only with temporary credentials. */
  sessionToken?: string;
  endpoints: { lambda: string; sqs: string; dynamodb: string; s3: string };
}

/** Where the parts of a stack are reached: plain JSON, handed to every process of a run. A part that is not up has none. */
export interface Addresses {
  postgres?: { url: string };
  rabbitmq?: { url: string };
  aws?: AwsAddress;
}

/** Who sends the load in place of the own driver: k6 the same schedule, autocannon as much as is answered. */
export type DriverChoice = { name: 'k6'; program: string } | { name: 'autocannon'; connections: number };

/**
 * What every process of a run reads when it starts: plain JSON, in `folder`/run.json.
 *
 * `namespace` begins the name of every table, queue, bucket and function of the run, so that runs share a stack without meeting.
 * `epoch_ms` is the wall time of run time 0 (`Date.now()`), known before the first request. `burn_per_ms` is how many rounds of the burn
 * loop make one CPU millisecond of the reference core on this machine.
 */
export interface RunSheet {
  schema: 'run-sheet@1';
  plan: Plan;
  seed: number;
  rate: number;
  namespace: string;
  folder: string;
  epoch_ms: number;
  burn_per_ms: number;
  addresses: Addresses;
  /** Whether processes write down where requests spend their time (`spans.ts`). */
  isTraced?: boolean;
}

/**
 * Who wants something and why: goes with every call (header) and message (body), and comes back in every effect.
 *
 * `action` is the number of the action in the schedule, which is also the entity it creates. `cause` names the message that is worked on,
 * or is null in the operation itself; it is the same for every delivery of a message. `key` is the draw key of whatever runs now.
 * `traceparent` is the W3C trace context, in traced runs: it travels beside the rest, in what each carrier has for it (`trace-context.ts`).
 */
export interface Story {
  action: number;
  session: number;
  user: number;
  object: number;
  operation: number;
  cause: string | null;
  attempt: number;
  key: number;
  traceparent?: string;
}

/**
 * One line of the ledger as a live part writes it: kept in the store by the write itself, or in the journal of the process.
 *
 * `at_ms` is run time by the clock of the machine. `effect` is the plan's name of the effect; `row` and `group` as in the ledger.
 */
export interface LiveEffect {
  at_ms: number;
  effect: string;
  entity: number;
  cause: string | null;
  part: string;
  attempt: number;
  count: number;
  row?: number;
  group?: number;
}

/**
 * What a part answers: a refusal is an outcome. `repeat`: this effect is there already and the writer knows it; `overtaken`: another one
 * stands in its way.
 */
export type Outcome = 'ok' | 'repeat' | 'sold-out' | 'overtaken' | 'throttled' | 'refused';

/** One read of `items` rows from `row` on; `left` is the row's stock, where the dataset keeps one. */
export interface ReadAnswer {
  outcome: Outcome;
  left?: number;
  isStale?: boolean;
}

/**
 * One write of `items` rows from `row` on, in one transaction with its ledger line (if it has one).
 *
 * `isGuarded`: a line of the same effect, entity and cause must not be written twice: the second is a `repeat` and changes nothing.
 * `take` units leave the row's stock: with `isConditional` only if so many are left (else `sold-out`), in one go; without it the store writes
 * back `seen - take` (`seen`: what the writer last read; undefined: takes from what is there), as a read-modify-write does.
 * `isFollowed`: others undo this effect or wait for it, so they must meet its line, or come before it.
 */
export interface WriteOrder {
  dataset: PlannedDataset;
  row: number;
  items: number;
  line: LiveEffect | undefined;
  isGuarded: boolean;
  isFollowed: boolean;
  take: number;
  isConditional: boolean;
  seen: number | undefined;
}

/** An effect that somebody undoes or waits for, and what takes it back; `elsewhere` is what the lines of other stores say of it. */
export interface Followed {
  effect: string;
  undoneBy: readonly string[];
  elsewhere: Tally;
}

/**
 * One write of `items` rows from `row` on that is made only while `unless` does not stand for `entity`, and that takes back what it
 * undoes, with `units` of a stock for each time: all of it in one transaction with the lines that this store keeps.
 *
 * `isGuarded`: takes back what stands, and a second time nothing (`repeat`); without it all that ever happened.
 */
export interface SettleOrder extends Pick<WriteOrder, 'dataset' | 'row' | 'items' | 'line' | 'isGuarded'> {
  entity: number;
  unless: Followed | undefined;
  undoes: (Followed & { units: number }) | undefined;
}

/** Whose lines a store is asked to count, and in which row where the dataset keeps a stock. */
export interface TallyQuestion extends Pick<Followed, 'effect' | 'undoneBy'> {
  dataset: PlannedDataset;
  entity: number;
  row: number;
}

/** A store as a process that uses it sees it; one file a kind under `stores/`, which also exports `prepare`, `readBack` and `dispose`. */
export interface Store {
  read(dataset: PlannedDataset, row: number, o: { items: number; isConsistent: boolean }): Promise<ReadAnswer>;
  write(order: WriteOrder): Promise<Outcome>;
  settle(order: SettleOrder): Promise<Outcome>;
  /** How often an effect happened and was taken back, as far as lines of this store say; always what was committed last. */
  tally(asked: TallyQuestion): Promise<Tally | Outcome>;
  close(): Promise<void>;
}

/** A store as the run sees it before and after: makes what is needed (tables, buckets, stock), reads the ledger back, takes all away. */
export interface StoreKeeper {
  prepare(datasets: readonly PlannedDataset[], o: { objects: number }): Promise<void>;
  /** Every ledger line that was committed, in no order. */
  readBack(): AsyncIterable<LiveEffect>;
  /** What is left of each object's stock, by dataset name; only where there is one. */
  stockLeft(): Promise<Record<string, Record<number, number>>>;
  /** Every access takes `factor` times longer from now on; 1 ends it. Only where the store can be slowed. */
  slow?(factor: number): Promise<void>;
  dispose(): Promise<void>;
}

/** A message on a channel. `id` is the cause that its consumer writes into effects; the same however often it is delivered. */
export interface Message {
  id: string;
  event: string;
  story: Story;
  published_at_ms: number;
  /** Among which messages the order is promised, as text; absent where none is. */
  group?: string;
}

/** How a process puts messages on one queue. A send that is refused resolves to `refused`, or to `throttled` if it is worth another try. */
export interface Sender {
  /** `deduplication` names the publication: a channel that recognises repeats stores it once. */
  send(messages: readonly Message[], o: { deduplication?: string }): Promise<Outcome>;
  close(): Promise<void>;
}

/** Says how a delivery ended: done (then it is deleted or acknowledged) or not (then it comes back as the channel has it). */
export type Handler = (message: Message, o: { receives: number }) => Promise<boolean>;

/** How a process takes messages from one queue, at most `slots` at a time. `stop` takes no more, waits for those at work, and closes. */
export interface Receiver {
  start(handle: Handler): Promise<void>;
  stop(): Promise<void>;
}

/** A queue as the run sees it before, during and after. */
export interface QueueKeeper {
  prepare(): Promise<void>;
  /** Nobody can say what lies in it now: its depth is what it was. */
  readonly isAway?: boolean;
  /** `inFlight`: nobody else may have them now: received and not deleted, or delayed. */
  depth(): Promise<{ visible: number; inFlight: number }>;
  /** Dead letters that lie beside it, and those that somebody is just looking at. */
  deadDepth(): Promise<number>;
  /** Messages that still lie in it, and those given up on. */
  left(): Promise<Message[]>;
  dead(): Promise<{ message: Message; receives: number }[]>;
  dispose(): Promise<void>;
}

/** `isDead`: of what the queue has given up on; `isPoller`: takes for a function, and acknowledges whatever the plan says. */
export interface ReceiverOptions {
  slots: number;
  isDead?: boolean;
  isPoller?: boolean;
}

/**
 * What a channel's file under `channels/` exports, by the plan's part of that queue (its values: visibility timeout, prefetch, ...).
 *
 * A part's path is made into a queue name by `nameOf` in `names.ts`.
 */
export interface ChannelKind {
  sender(part: Part, sheet: RunSheet): Promise<Sender>;
  receiver(part: Part, sheet: RunSheet, o: ReceiverOptions): Promise<Receiver>;
  keeper(part: Part, sheet: RunSheet): Promise<QueueKeeper>;
}

/** What a store's file under `stores/` exports, by the plan's part of that store. */
export interface StoreKind {
  store(part: Part, sheet: RunSheet): Promise<Store>;
  keeper(part: Part, sheet: RunSheet): Promise<StoreKeeper>;
}

/**
 * A part of the stack that was started: where it is, and how it ends. `stop` is idempotent and waits until nothing of it is left.
 *
 * `log` is the last lines of what it said, for messages about a part that died.
 */
export interface RunningPart<Address> {
  name: string;
  address: Address;
  pids: number[];
  log(): string;
  stop(): Promise<void>;
  /** Ends it at once, where it is none of this machine's processes. */
  kill?(): void;
}
