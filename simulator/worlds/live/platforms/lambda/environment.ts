import type { ChildProcess } from 'node:child_process';
import { signalGroup } from '../../stacks/process-group.ts';
import type { CpuShare } from './cpu-share.ts';
import { peakMemoryMb, type Start, startProcess } from './environment-process.ts';
import { type Answer, failure, type Invocation, reportLine } from './invocation.ts';
import { RESPONSE_MAX } from './parameters.ts';
import { RuntimeApi } from './runtime-api.ts';

/** The end of a log that goes with an answer, bytes. */
const LOG_TAIL = 4_096;

const RESPONSE_TOO_LARGE = Buffer.from(
  JSON.stringify({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_MAX} bytes).`,
  }),
);

/** What an environment has to know of its function and of the machine. */
export interface EnvironmentOptions {
  id: string;
  arn: string;
  start: Start;
  timeoutMs: number;
  initTimeoutMs: number;
  /** Above it the process is killed. */
  memoryMaxMb: number;
  memorySampleMs: number;
  cpu: CpuShare;
  share: number;
  /** Called once, when the process has ended. */
  gone: (environment: Environment) => void;
}

export type Failure = { type: string; message: string };

/** How an invocation ended, and how long it took. */
export interface Done extends Answer {
  durationMs: number;
  ending: 'answered' | 'failed' | 'timed-out' | 'lost';
}

type Current = { invocation: Invocation; since: number; initMs: number; timer: NodeJS.Timeout; settle: (done: Done) => void };

/**
 * One process that works on one invocation at a time: INIT, invocations, and its end by timeout, memory, a fault or expiry.
 *
 * Simplified: after an INIT that failed the environment is gone, where the service tries INIT once more inside the first call.
 */
export class Environment {
  readonly bornAt = performance.now();
  readonly id: string;
  initMs = 0;
  isGone = false;
  private process: ChildProcess | undefined = undefined;
  private settleInit: ((failed: Failure | Buffer | undefined) => void) | undefined = undefined;
  private current: Current | undefined = undefined;
  private log = '';
  private isOutOfMemory = false;
  private isEnding = false;
  private watch: NodeJS.Timeout | undefined = undefined;
  private readonly api: RuntimeApi;
  private readonly o: EnvironmentOptions;

  constructor(o: EnvironmentOptions) {
    this.id = o.id;
    this.o = o;
    this.api = new RuntimeApi({
      asked: () => this.settleInit?.(undefined),
      initFailed: (payload) => this.settleInit?.(payload),
      answered: (requestId, answer) => this.answered(requestId, answer),
    });
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  get lastLog(): string {
    return this.log;
  }

  /** Starts the process and waits until it asks for work. Resolves to what went wrong: a failure, or what the process said of it. */
  async start(): Promise<Failure | Buffer | undefined> {
    const failed = await this.ready().catch((error: Error) => {
      this.ended(error.message);
      return { type: 'Runtime.ExitError', message: `Runtime could not be started: ${error.message}` };
    });
    this.settleInit = undefined;
    clearTimeout(this.watch);
    this.initMs = performance.now() - this.bornAt;
    if (failed !== undefined) this.kill();
    return failed;
  }

  /** Works on one invocation; always resolves. `initMs` is what its INIT took, 0 when warm. */
  invoke(invocation: Invocation, initMs: number): Promise<Done> {
    return new Promise((settle) => {
      if (invocation.wantsLog) this.log = `START RequestId: ${invocation.requestId} Version: $LATEST\n`;
      const timer = setTimeout(() => this.timedOut(), this.o.timeoutMs);
      this.current = { invocation, since: performance.now(), initMs, timer, settle };
      this.watch = setInterval(() => this.weigh(), this.o.memorySampleMs);
      if (this.isGone) this.finish('lost', this.lost());
      else this.api.give(invocation, { arn: this.o.arn, deadlineMs: Date.now() + this.o.timeoutMs });
    });
  }

  kill(): void {
    this.isEnding = true;
    this.process?.stdin?.destroy();
    signalGroup(this.pid, 'SIGKILL');
  }

  /** INIT at full speed, then held to its share. */
  private async ready(): Promise<Failure | Buffer | undefined> {
    const failed = await this.init();
    if (failed === undefined && this.pid !== undefined) this.o.cpu.limit(this.id, this.pid, this.o.share);
    return failed;
  }

  private async init(): Promise<Failure | Buffer | undefined> {
    const address = await this.api.listen();
    if (this.isEnding) throw new Error('it was stopped before');
    const start = { ...this.o.start, variables: { ...this.o.start.variables, AWS_LAMBDA_RUNTIME_API: address } };
    const seconds = (this.o.initTimeoutMs / 1000).toFixed(2);
    const late = { type: 'Sandbox.Timedout', message: `Task timed out after ${seconds} seconds` };
    return new Promise((resolve) => {
      this.settleInit = resolve;
      this.watch = setTimeout(() => resolve(late), this.o.initTimeoutMs);
      this.run(startProcess(start));
    });
  }

  private run(child: ChildProcess): void {
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.wrote(chunk));
    child.stdin?.on('error', () => undefined);
    child.once('error', (error) => this.ended(error.message));
    child.once('exit', (code, signal) => this.ended(signal === null ? `exit status ${code}` : `signal: ${signal}`));
  }

  private wrote(chunk: Buffer): void {
    this.log = (this.log + chunk.toString()).slice(-2 * LOG_TAIL);
  }

  private answered(requestId: string, o: { payload: Buffer; isError: boolean; isTooLarge: boolean }): void {
    if (this.current?.invocation.requestId !== requestId) return;
    if (o.isTooLarge) this.finish('failed', RESPONSE_TOO_LARGE);
    else this.finish(o.isError ? 'failed' : 'answered', o.payload);
  }

  private timedOut(): void {
    const message = `Task timed out after ${(this.o.timeoutMs / 1000).toFixed(2)} seconds`;
    this.finish('timed-out', this.failed({ type: 'Sandbox.Timedout', message }));
    this.kill();
  }

  /** Peak memory, not the present: a spike between two looks counts. Shorter calls than the interval are looked at in a later one. */
  private weigh(): void {
    if (peakMemoryMb(this.pid) <= this.o.memoryMaxMb) return;
    this.isOutOfMemory = true;
    this.kill();
  }

  private lost(why = 'signal: killed'): Buffer {
    const type = this.isOutOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
    return this.failed({ type, message: `Runtime exited with error: ${why.replace('SIGKILL', 'killed')}` });
  }

  private failed(o: Failure): Buffer {
    return failure(this.current?.invocation.requestId ?? '', o);
  }

  private ended(why: string): void {
    if (this.isGone) return;
    this.isGone = true;
    this.api.close();
    this.o.cpu.release(this.id);
    signalGroup(this.pid, 'SIGKILL');
    this.settleInit?.({ type: 'Runtime.ExitError', message: `Runtime exited with error: ${why}` });
    if (this.current !== undefined) this.finish('lost', this.lost(why));
    this.o.gone(this);
  }

  /** The log is taken one turn of the loop later: what the process wrote before it answered lies in the pipe by then. */
  private finish(ending: Done['ending'], payload: Buffer): void {
    const current = this.current;
    if (current === undefined) return;
    this.current = undefined;
    clearTimeout(current.timer);
    clearInterval(this.watch);
    const done: Done = {
      ending,
      payload,
      error: ending === 'answered' ? undefined : 'Unhandled',
      log: '',
      durationMs: performance.now() - current.since,
    };
    if (!current.invocation.wantsLog) {
      current.settle(done);
      return;
    }
    const usedMb = peakMemoryMb(this.pid);
    setImmediate(() => current.settle({ ...done, log: this.logOf(current, { durationMs: done.durationMs, usedMb }) }));
  }

  private logOf({ invocation, initMs }: Current, o: { durationMs: number; usedMb: number }): string {
    const report = reportLine(invocation.requestId, { ...o, initMs, memoryMb: this.o.start.memoryMb });
    return `${this.log}END RequestId: ${invocation.requestId}\n${report}`.slice(-LOG_TAIL);
  }
}
