import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
import { linesOf, type PartOrder } from './keeper-lines.ts';
import { leashed, prioritise, signalGroup } from './process-group.ts';

/** Lines of a part's own words that a message about its end repeats. */
const LAST_LINES = 20;
/** How long the output of a part that has ended may still be on its way, kept open by what it had started. */
const OUTPUT_MS = 1_000;
/** How often a port is knocked at that nobody has opened yet. */
const KNOCK_MS = 50;

interface KeptOptions {
  logFile: string;
  /** Called once, when it is over and nothing of its group is left. */
  ended(words: string): void;
}

/**
 * One program in a process group of its own, with what it said.
 *
 * A group of its own, so that Ctrl-C in the terminal does not reach it, and so that all it started can be killed with it.
 */
export class KeptPart {
  readonly order: PartOrder;
  readonly ended: Promise<string>;
  /** Somebody told it to end: then its end is no news. */
  isStopping = false;
  private readonly child: ChildProcess;
  private readonly last: string[] = [];
  private readonly listeners = new Set<(line: string) => void>();

  constructor(order: PartOrder, o: KeptOptions) {
    this.order = order;
    const [command, args] = leashed(order.command, order.args, order.orphaned);
    this.child = spawn(command, args, {
      cwd: order.cwd,
      env: order.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...order.user,
    });
    prioritise(this.child.pid, order.isFirst === true);
    this.child.stdin?.on('error', () => undefined);
    for (const stream of [this.child.stdout, this.child.stderr])
      if (stream) linesOf(stream, (line) => this.heard(line, o.logFile));
    this.ended = this.watch();
    void this.ended.then(o.ended);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get log(): string {
    return this.last.join('\n');
  }

  /** The line that says that it is ready; rejects with how it ended, or with the time that it took too long. */
  ready(): Promise<string> {
    const { ready, ready_ms } = this.order;
    if (ready.on === 'end') return this.ended.then((words) => (words === 'ended with 0' ? '' : Promise.reject(new Error(words))));
    const isIt = ready.on === 'words' ? matcher(ready.words) : (line: string) => ready.on === 'json-line' && line.startsWith('{');
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        clearInterval(knocking);
        this.listeners.delete(listen);
        act();
      };
      const listen = (line: string) => isIt(line) && settle(() => resolve(line));
      const timer = setTimeout(() => settle(() => reject(new Error(`was not ready after ${ready_ms / 1000} s`))), ready_ms);
      const knocking =
        ready.on === 'port' ? setInterval(() => knock(ready.port, () => settle(() => resolve(''))), KNOCK_MS) : undefined;
      this.listeners.add(listen);
      void this.ended.then((words) => settle(() => reject(new Error(words))));
    });
  }

  /** Asks it to end, kills it when the grace is over, and waits until it is gone. */
  async stop(signal: NodeJS.Signals = this.order.stop): Promise<void> {
    this.isStopping = true;
    this.child.stdin?.end();
    this.child.kill(signal);
    const timer = setTimeout(() => signalGroup(this.pid, 'SIGKILL'), this.order.grace_ms);
    await this.ended;
    clearTimeout(timer);
  }

  private heard(line: string, logFile: string): void {
    this.last.push(line);
    if (this.last.length > LAST_LINES) this.last.shift();
    appendFileSync(logFile, `${line}\n`);
    for (const listen of this.listeners) listen(line);
  }

  private watch(): Promise<string> {
    return new Promise((resolve) => {
      this.child.on('error', (error) => resolve(`could not be started: ${error.message}`));
      this.child.on('exit', (code, signal) => {
        const words = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
        // What it had started does not outlive it, and what it said last is waited for.
        signalGroup(this.pid, 'SIGKILL');
        const timer = setTimeout(() => resolve(words), OUTPUT_MS);
        this.child.on('close', () => {
          clearTimeout(timer);
          resolve(words);
        });
      });
    });
  }
}

function matcher(words: string): (line: string) => boolean {
  const pattern = new RegExp(words);
  return (line) => pattern.test(line);
}

/** Calls `opened` if something takes connections there. */
function knock(port: number, opened: () => void): void {
  const socket = connect({ port, host: '127.0.0.1', timeout: KNOCK_MS * 10 });
  socket
    .once('connect', opened)
    .once('connect', () => socket.destroy())
    .once('timeout', () => socket.destroy())
    .once('error', () => socket.destroy());
}
