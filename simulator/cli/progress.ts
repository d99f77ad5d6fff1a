import { performance } from 'node:perf_hooks';

const REDRAW_MS = 100;
const LINE_MS = 5000;
const BAR = 24;

/** Where progress goes: a terminal gets a bar that redraws itself, anything else plain lines now and then. */
export interface Screen {
  write(text: string): void;
  isTerminal: boolean;
  columns: number;
}

/** A stream as a screen. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const isTerminal = stream.isTTY === true && process.env.TERM !== 'dumb';
  return { write: (text) => stream.write(text), isTerminal, columns: stream.columns || 80 };
}

/** Says what is being done, how far it is and how long it will take. */
export class Progress {
  private readonly screen: Screen | undefined;
  private readonly doing: string;
  private readonly began = performance.now();
  private shownAt = Number.NEGATIVE_INFINITY;
  private isDrawn = false;

  /** Without a screen it is quiet. */
  constructor(screen: Screen | undefined, doing = 'simulating') {
    this.screen = screen;
    this.doing = doing;
  }

  /** One line that stays. */
  say(text: string): void {
    this.clear();
    this.screen?.write(`${text}\n`);
  }

  /** How far it is; `from` is the share that was there when it began. */
  show(o: { share: number; done: number; cells: number; of?: string; from?: number }): void {
    const { screen } = this;
    if (screen === undefined) return;
    const now = performance.now();
    if (now - this.shownAt < (screen.isTerminal ? REDRAW_MS : LINE_MS)) return;
    if (this.shownAt === Number.NEGATIVE_INFINITY && !screen.isTerminal) {
      this.shownAt = now;
      return;
    }
    this.shownAt = now;
    const gone = o.share - (o.from ?? 0);
    const left = gone > 0.01 ? `, about ${inWords(((now - this.began) / 1000) * ((1 - o.share) / gone))} left` : '';
    const text = `${Math.floor(o.share * 100)} %, ${o.done} of ${o.cells} ${o.of ?? 'cells'}${left}`;
    if (!screen.isTerminal) {
      screen.write(`${this.doing}: ${text}\n`);
      return;
    }
    const filled = Math.round(o.share * BAR);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
    screen.write(`\r\u001b[2K${`${this.doing} ${bar} ${text}`.slice(0, screen.columns - 1)}`);
    this.isDrawn = true;
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.isDrawn) this.screen?.write('\r\u001b[2K');
    this.isDrawn = false;
  }
}

function inWords(seconds: number): string {
  if (seconds < 1) return '1 s';
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
