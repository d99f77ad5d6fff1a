import { z } from 'zod';

/** What a fault acts on, of all that its target may name. */
export type FaultSubject = 'function' | 'machine' | 'component' | 'store' | 'queue';

/**
 * What the number of a fault means.
 *
 * `loss` is a share below 1, or a number of instances from 1 on; a `share` lies in (0, 1] and goes wrong, a `rest` in [0, 1) is what is left.
 */
export type FaultAmount = 'none' | 'loss' | 'share' | 'rest' | 'factor';

/** One kind of fault: what `list` says, what it acts on, and how each world does it. A world that is not there refuses the kind. */
export interface FaultDefinition {
  readonly description: string;
  readonly acts: readonly FaultSubject[];
  readonly amount: FaultAmount;
  /** What counts where no amount is given; kinds without it want one. */
  readonly usual?: number;
  /** Over as soon as it has happened: its time may be left out. */
  readonly isInstant?: true;
  /** Needs no target: everything that it can act on. */
  readonly isEverywhere?: true;
  readonly worlds: { readonly virtual: string; readonly live?: string };
}

/** The largest amount; as a number of instances it is all of them. */
const FAULT_AMOUNT_MAX = 100_000;

/** What can go wrong, by the word that begins its sentence: `stop sqs at 600s for 60s`. */
export const FAULTS = {
  kill: {
    description: 'instances of a pool end at once: a share, a number, or all; no machine takes their place for the time given',
    acts: ['function', 'machine'],
    amount: 'loss',
    usual: FAULT_AMOUNT_MAX,
    isInstant: true,
    worlds: {
      virtual: 'instances end, calls on them fail, messages come back; then the pool starts what it lacks',
      live: 'processes are killed, connections break, messages come back; then the pool starts what it lacks',
    },
  },
  slow: {
    description: 'a component computes, or a store answers, so many times slower',
    acts: ['component', 'store'],
    amount: 'factor',
    worlds: {
      virtual: 'times of work that begins meanwhile are multiplied',
      live: 'a component burns so many times more CPU; accesses of PostgreSQL wait before their commit; other stores are refused',
    },
  },
  stop: {
    description:
      'a store or a queue refuses every request; SQS keeps its messages; RabbitMQ stops as a whole broker, and keeps what is durable',
    acts: ['store', 'queue'],
    amount: 'none',
    worlds: {
      virtual: 'reads, writes, sends, receives and deletes are refused at once; without confirms, RabbitMQ loses sends instead',
      live: 'the RabbitMQ node stops, and starts again on its data; other queues and stores are refused',
    },
  },
  'fail-over': {
    description: 'a database is away; whoever asks waits for it, as long as for a connection',
    acts: ['store'],
    amount: 'none',
    worlds: {
      virtual: 'accesses begin when it is back, or are refused when their wait is over',
      live: 'the one PostgreSQL crashes, stays away, and recovers from its log',
    },
  },
  throttle: {
    description: 'a function or a store lets through only a share of what is asked',
    acts: ['function', 'store'],
    amount: 'rest',
    worlds: {
      virtual: 'one request of every 1 / share is let through, evenly; the others are throttled',
      live: 'the function runtime answers the others with 429; stores are refused',
    },
  },
  duplicate: {
    description: 'a standard SQS queue stores a share of its messages twice; other channels store each once',
    acts: ['queue'],
    amount: 'share',
    worlds: {
      virtual: 'a message that is sent meanwhile is put in a second time with this probability',
      live: "a share of the deliveries ends with the consumer's death between effect and acknowledgement",
    },
  },
  'bad-deployment': {
    description: "a component's errors go up to a share of its calls",
    acts: ['component'],
    amount: 'share',
    worlds: {
      virtual: 'calls that begin meanwhile fail with this probability, after their work',
      live: 'calls that begin meanwhile fail with this probability, after their work',
    },
  },
  'slow-third-party': {
    description: 'what a component waits for outside takes so many times longer',
    acts: ['component'],
    amount: 'factor',
    worlds: {
      virtual: 'io_ms of calls that begin meanwhile is multiplied',
      live: 'waits of calls that begin meanwhile are so many times longer',
    },
  },
  'spot-wave': {
    description:
      'a share of all spot machines (half, unless said) is taken back with two minutes of notice; the pools replace them',
    acts: ['machine'],
    amount: 'share',
    usual: 0.5,
    isInstant: true,
    isEverywhere: true,
    worlds: {
      virtual: 'machines take nothing new, and what still runs at the end of the notice is cut off',
      live: 'processes take nothing new and go when they are idle; the pool starts others',
    },
  },
  'lose-zone': {
    description: 'a share of all instances (a third, unless said) ends at once; others are started elsewhere',
    acts: ['function', 'machine'],
    amount: 'share',
    usual: 1 / 3,
    isInstant: true,
    isEverywhere: true,
    worlds: {
      virtual: 'instances end, calls on them fail, messages come back; the pool starts what it lacks at once',
      live: 'a share of the processes of every pool is killed; the pools start what they lack',
    },
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as [FaultKind, ...FaultKind[]];

/**
 * One thing that goes wrong: when, for how long, what kind, to what, how much.
 *
 * Units: seconds of run time. `target` names a component, a dataset, an event or its consumer, or a kind of part (`server`, `sqs`,
 * `postgres`); which of several things of that name is meant follows from the kind.
 */
export const FaultSchema = z.strictObject({
  at_s: z.number().min(0).max(604_800),
  for_s: z.number().min(0).max(604_800).optional(),
  kind: z.enum(FAULT_KINDS),
  target: z.string().max(100).optional(),
  amount: z.number().min(0).max(FAULT_AMOUNT_MAX).optional(),
});
export type Fault = z.infer<typeof FaultSchema>;

/** What happens, without the times: `kill auth by 50%`, `slow postgres by x3`. */
export function faultInWords({ kind, target, amount }: Pick<Fault, 'kind' | 'target' | 'amount'>): string {
  const definition: FaultDefinition = FAULTS[kind];
  const words = target === undefined ? kind : `${kind} ${target}`;
  if (amount === undefined) return words;
  if (definition.amount === 'factor') return `${words} by x${amount}`;
  if (definition.amount === 'loss' && amount >= 1) return `${words} by ${amount}`;
  const isLoss = definition.amount === 'loss' || definition.isEverywhere;
  return `${words} ${isLoss ? 'by' : 'to'} ${Number((amount * 100).toPrecision(4))}%`;
}
