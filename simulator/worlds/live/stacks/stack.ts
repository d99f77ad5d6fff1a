import type { Addresses, AwsAddress, RunningPart } from '../contract.ts';
import type { Place } from '../wire.ts';

/** Entry programs of `programs/` that a run starts. */
export type Program = 'gateway' | 'worker' | 'driver' | 'follow-ups';

/** What a program says when it is ready. */
export interface Listening {
  /** On this machine's loopback. */
  port: number;
  /** Where other programs of the run reach it, if that is elsewhere. */
  inside?: Place;
}

/** What an instance may use of the machine, by its plan. */
export interface Limits {
  cores: number;
  memory_gb: number;
}

export interface StartOptions {
  name: string;
  env: Readonly<Record<string, string>>;
  /** Of an instance of a pool; only containers can hold it to them. */
  limits?: Limits;
  /** It is an instance of a pool on GPUs. */
  isGpu?: boolean;
  /** How long it may take until it listens. */
  ready_ms?: number;
  died?(): void;
}

/** Which parts were asked for. */
export interface StackChoice {
  name: 'embedded' | 'compose' | 'endpoint';
  /** Who answers for AWS; `url` is what runs already. */
  aws: AwsAddress['backend'];
  functions: AwsAddress['functions'];
  /** Where `url` is, if the environment does not say. */
  endpoint?: string;
  /** Hosts other than this machine that the user has confirmed to be theirs. */
  confirmed: readonly string[];
}

/** What is brought up where nobody chooses: processes on this machine. */
export const EMBEDDED: StackChoice = { name: 'embedded', aws: 'embedded', functions: 'own', confirmed: [] };

/** Real parts that are up: where they are, how programs are started beside them, and how all of it ends. */
export interface Stack {
  readonly name: StackChoice['name'];
  readonly addresses: Addresses;
  /** What functions are told of where they reach the parts, if that is elsewhere than for this process. */
  readonly inside?: Readonly<Record<string, string>>;
  /** URL of an OpenTelemetry collector among its parts. */
  readonly collector?: string;
  /** A folder of its own, gone when the stack is. */
  readonly folder: string;
  /**
   * Starts a program of ours; resolves when it listens. `died` hears when it ends by itself later; without it that breaks the run.
   *
   * Throws: UnavailableError with its last words when it dies before.
   */
  start(program: Program, o: StartOptions): Promise<RunningPart<Listening>>;
  /** Lets programs of this stack write in the folder of a run, where they run as somebody else. */
  share?(folder: string): void;
  /** Zip of the function program, for CreateFunction. */
  functionZip(): Promise<Uint8Array>;
  /** Rejects as soon as a part dies that nobody stopped; never resolves. */
  readonly broken: Promise<never>;
  /** Breaks the run: what went wrong beside its main way. */
  fail(error: unknown): void;
  /** Faults that happen to whole parts, where this stack can do them. */
  readonly disturb: {
    stopBroker?(): Promise<() => Promise<void>>;
    crashPostgres?(): Promise<() => Promise<void>>;
  };
  end(): Promise<void>;
}
