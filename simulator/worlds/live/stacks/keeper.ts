import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '../../../domain/problem.ts';
import type { RunningPart } from '../contract.ts';
import { type KeeperAnswer, type KeeperRequest, linesOf, type PartOrder } from './keeper-lines.ts';

/** A request before it is numbered; spelled out because a union loses its members when one field is taken from it. */
type Order = { do: 'start'; order: PartOrder } | { do: 'stop'; name: string; signal?: NodeJS.Signals } | { do: 'end' };

type Done = Extract<KeeperAnswer, { do: 'done' }>;

const LAST_LINES = 20;

/**
 * The keeper as the command line sees it: every part of a run is started through it, and gone with it.
 *
 * `folder` is the run's own, removed at the end.
 */
export class Keeper {
  readonly folder: string;
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, { resolve(done: Done): void; reject(error: Error): void }>();
  private readonly died: (name: string, message: string) => void;
  private next = 0;
  private isEnding = false;

  constructor(o: { process: ChildProcess; folder: string; died(name: string, message: string): void }) {
    this.process = o.process;
    this.folder = o.folder;
    this.died = o.died;
  }

  /**
   * Starts a program and waits until it is ready; `address` is the JSON that it said first, if that is what makes it ready.
   *
   * Throws: UnavailableError with the last lines of its log when it did not get that far; nothing of it is left then.
   */
  async start<Address>(order: PartOrder): Promise<RunningPart<Address>> {
    const { pid, line } = await this.ask({ do: 'start', order });
    return {
      name: order.name,
      address: (order.ready.on === 'json-line' ? JSON.parse(line as string) : undefined) as Address,
      pids: pid === undefined ? [] : [pid],
      log: () => this.log(order.name),
      stop: () => this.stop(order.name),
    };
  }

  /** Ends a part by its own way to end or by `signal`, and waits until nothing of it is left; nothing happens where it is not running. */
  async stop(name: string, signal?: NodeJS.Signals): Promise<void> {
    if (!this.isEnding) await this.ask({ do: 'stop', name, ...(signal ? { signal } : {}) });
  }

  /** Stops every part, the last first, and removes the folder. */
  async end(): Promise<void> {
    if (this.isEnding) return;
    this.isEnding = true;
    await this.ask({ do: 'end' });
    if (this.process.exitCode === null && this.process.signalCode === null)
      await new Promise((resolve) => this.process.once('exit', resolve));
  }

  take(answer: KeeperAnswer): void {
    if (answer.do === 'died')
      this.died(answer.name, `${answer.name} ${answer.words}. The last lines of what it said:\n${answer.log}`);
    if (answer.do !== 'done' && answer.do !== 'failed') return;
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.do === 'done') waiting?.resolve(answer);
    else waiting?.reject(new UnavailableError(answer.message));
  }

  /** It ended. Parts go with it (the kernel sees to that where `setpriv` is there), the folder is left to us. */
  gone(words: string): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    const message = `The process that keeps the parts of this run ended (${words}): whatever was started is gone, start again.`;
    for (const { reject } of this.waiting.values()) reject(new UnavailableError(message));
    this.waiting.clear();
    if (!this.isEnding) this.died('keeper', message);
    this.isEnding = true;
  }

  private ask(order: Order): Promise<Done> {
    const request: KeeperRequest = { id: this.next++, ...order };
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { resolve, reject });
      this.process.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  }

  private log(name: string): string {
    const file = join(this.folder, 'logs', `${name}.log`);
    if (!existsSync(file)) return '';
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }
}

/** Starts the keeper. `died` hears of every part that ended by itself, in words for the user. */
export function openKeeper(o: { died(name: string, message: string): void }): Promise<Keeper> {
  const child = spawn(process.execPath, programOf('keeper'), { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  const said: string[] = [];
  linesOf(child.stderr, (line) => void said.push(line));
  return new Promise((resolve, reject) => {
    const open: { keeper?: Keeper } = {};
    linesOf(child.stdout, (line) => {
      const answer = JSON.parse(line) as KeeperAnswer;
      if (answer.do !== 'open') return open.keeper?.take(answer);
      open.keeper = new Keeper({ process: child, folder: answer.folder, died: o.died });
      resolve(open.keeper);
    });
    child.on('error', (error) =>
      reject(new UnavailableError(`The keeper of the run's parts could not be started: ${error.message}`)),
    );
    child.on('exit', (code, signal) => {
      const words = [`with ${signal ?? code}`, ...said.slice(-LAST_LINES)].join('\n');
      if (open.keeper) open.keeper.gone(words);
      else reject(new UnavailableError(`The keeper of the run's parts ended before it was ready, ${words}`));
    });
  });
}

/** Arguments with which Node starts a program of `programs/`: from source under tsx, or from the bundle beside this file. */
export function programOf(name: string): string[] {
  const source = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
  if (!existsSync(source)) return [fileURLToPath(new URL(`./${name}.js`, import.meta.url))];
  return ['--import', import.meta.resolve('tsx'), source];
}
