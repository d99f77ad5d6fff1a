import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeeperAnswer, type KeeperRequest, linesOf, type PartOrder } from '../stacks/keeper-lines.ts';
import { KeptPart } from '../stacks/kept-part.ts';

/**
 * The process that keeps a run's parts: starts them, watches them, and takes all of it away when the run is over.
 *
 * It is a process of its own because the command line may be killed at any moment: then its end of the pipe closes, and that is
 * the order to stop everything. It makes the run's folder itself, so that there is no moment at which nobody would remove it.
 */
class KeeperProcess {
  private readonly folder: string;
  /** In the order in which they were started. */
  private readonly parts: KeptPart[] = [];
  private ending: Promise<void> | undefined;

  constructor() {
    this.folder = folderFor();
    // Parts that run as somebody else have to reach their own folders in it; nobody can list it.
    chmodSync(this.folder, 0o711);
    mkdirSync(join(this.folder, 'logs'), { mode: 0o700 });
    this.say({ do: 'open', folder: this.folder });
  }

  async obey(request: KeeperRequest): Promise<void> {
    try {
      if (request.do === 'start') this.say({ do: 'done', id: request.id, ...(await this.start(request.order)) });
      else {
        await (request.do === 'stop' ? this.named(request.name)?.stop(request.signal) : this.end());
        this.say({ do: 'done', id: request.id });
      }
    } catch (error) {
      this.say({ do: 'failed', id: request.id, message: (error as Error).message });
    }
  }

  /** Last started, first stopped: what uses a part goes before it. */
  end(): Promise<void> {
    this.ending ??= this.stopAll();
    return this.ending;
  }

  private async stopAll(): Promise<void> {
    for (let part = this.parts.at(-1); part; part = this.parts.at(-1)) await part.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    process.stdin.destroy();
  }

  private async start(order: PartOrder): Promise<{ pid?: number; line: string }> {
    if (this.ending) throw new Error(`${order.name} was not started: the run is ending`);
    if (this.named(order.name)) throw new Error(`${order.name} is running already`);
    const part = new KeptPart(order, {
      logFile: join(this.folder, 'logs', `${order.name}.log`),
      ended: (words) => this.gone(part, words, watch),
    });
    const watch = { isReady: false };
    this.parts.push(part);
    try {
      const line = await part.ready();
      watch.isReady = true;
      return { ...(part.pid === undefined ? {} : { pid: part.pid }), line };
    } catch (error) {
      const wasEnding = part.isStopping;
      await part.stop();
      const said = part.log === '' ? 'It said nothing.' : `The last lines of what it said:\n${part.log}`;
      throw new Error(`${order.name} ${(error as Error).message} while starting${wasEnding ? ', as it was told' : ''}. ${said}`);
    }
  }

  private gone(part: KeptPart, words: string, watch: { isReady: boolean }): void {
    this.parts.splice(this.parts.indexOf(part), 1);
    if (!part.isStopping && watch.isReady) this.say({ do: 'died', name: part.order.name, words, log: part.log });
  }

  private named(name: string): KeptPart | undefined {
    return this.parts.find((part) => part.order.name === name);
  }

  private say(answer: KeeperAnswer): void {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

/** Ends with words where there is no place for a run: a disk that is full, a folder that is not there. */
function folderFor(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'placement-lab-run-'));
  } catch (error) {
    process.stderr.write(
      `cannot make a folder in ${tmpdir()}: ${(error as Error).message}. Free space there, or name another place: TMPDIR=/somewhere\n`,
    );
    process.exit(3);
  }
}

// Whoever reads may be gone already; that is what the end of the input says.
process.stdout.on('error', () => undefined);
const keeper = new KeeperProcess();
linesOf(process.stdin, (line) => void keeper.obey(JSON.parse(line) as KeeperRequest));
process.stdin.on('end', () => void keeper.end());
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void keeper.end());
