import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { MARK } from '../../domain/span-words.ts';
import { wallMs } from './clock.ts';
import type { Outcome, RunSheet, Story } from './contract.ts';
import type { Result } from './wire.ts';

type Mark = (typeof MARK)[keyof typeof MARK];

/** A span as it lies in a process's file; times are whole microseconds after the sheet's epoch. `detail` and `subject` as at `MARK`. */
export type SpanRow = [
  action: number,
  span: string,
  parent: string,
  mark: Mark,
  subject: number,
  start_us: number,
  end_us: number,
  detail: number,
  error: string,
];

/** What a span says when it ends; times in wall ms. */
export interface SpanEnd {
  end?: number;
  detail?: number;
  error?: string;
}

/** A span that has begun: what happens inside it is told with its `story`. */
export interface Begun {
  /** The story that it lies in. */
  above: Story;
  story: Story;
  start: number;
}

/** Text that waits for the disk at most so long, or until it is so much. */
const FLUSH_MS = 100;
const FLUSH_CHARS = 32_768;

/** Where the ids of a `traceparent` stand: `00-<32 digits>-<16 digits>-01`. */
const PARENT_AT = 36;
const PARENT_DIGITS = 16;
/** How many of a span's digits say whose process has made it. */
const PROCESS_DIGITS = 8;

/**
 * Writes down where requests spend their time: a line a span, in a file of this process, which the run reads when it is over.
 *
 * Every request of a traced cell is written, since who is the slowest is known only in the end. A story without `traceparent` is not
 * traced and costs nothing. Spans are no objects of OpenTelemetry's SDK here: that takes 4 to 6 us for each on the way to a collector
 * (a line takes 1.6), and would keep the CPU from the work that is measured; `reports/collector.ts` hands the few that are kept to it.
 *
 * A process that is killed takes along what it has not written yet, at most a tenth of a second.
 */
export class SpanLog {
  private fd: number | undefined;
  private readonly epoch_ms: number;
  private readonly parts: ReadonlyMap<string, number>;
  /** Begins the ids of this process: no two of a machine that run at the same time have the same. */
  private readonly prefix: string;
  private made = 0;
  private text = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(sheet: RunSheet, name: string) {
    this.epoch_ms = sheet.epoch_ms;
    this.parts = new Map(sheet.plan.parts.map(({ path }, i) => [path, i]));
    this.prefix = ((process.pid & 0xff_ffff) * 256 + (Math.floor(wallMs()) & 0xff)).toString(16).padStart(PROCESS_DIGITS, '0');
    if (sheet.isTraced) this.fd = openSync(join(sheet.folder, `spans-${name}-${process.pid}.ndjson`), 'a');
  }

  /** Place of a part in the plan. */
  partOf(path: string): number {
    return this.parts.get(path) ?? -1;
  }

  /** A span below that of the story. */
  begin(story: Story, start = wallMs()): Begun {
    const { traceparent } = story;
    if (traceparent === undefined) return { above: story, story, start };
    return { above: story, story: { ...story, traceparent: `${traceparent.slice(0, PARENT_AT)}${this.nextId()}-01` }, start };
  }

  end({ above, story, start }: Begun, mark: Mark, subject: number, o: SpanEnd = {}): void {
    const { traceparent } = story;
    if (traceparent !== undefined) this.write(above, spanIn(traceparent), mark, subject, { ...o, start });
  }

  /** A span with nothing inside, which ends now unless it says when. */
  add(story: Story, mark: Mark, subject: number, o: SpanEnd & { start: number }): void {
    if (story.traceparent !== undefined) this.write(story, this.nextId(), mark, subject, o);
  }

  /** Puts everything on the disk. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.fd !== undefined && this.text !== '') writeSync(this.fd, this.text);
    this.text = '';
  }

  /** What is told afterwards is not written. */
  close(): void {
    this.flush();
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  private write(above: Story, span: string, mark: Mark, subject: number, o: SpanEnd & { start: number }): void {
    if (this.fd === undefined) return;
    const [start, end] = [this.us(o.start), this.us(o.end ?? wallMs())];
    const head = `[${above.action},"${span}","${spanIn(above.traceparent as string)}",${mark},${subject}`;
    this.text += `${head},${start},${end},${o.detail ?? 0},"${o.error ?? ''}"]\n`;
    if (this.text.length > FLUSH_CHARS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  private us(wall: number): number {
    return Math.round((wall - this.epoch_ms) * 1000);
  }

  private nextId(): string {
    return this.prefix + (++this.made).toString(16).padStart(8, '0');
  }
}

/** Which process has written a span, by the span's id. */
export function processOf(span: string): string {
  return span.slice(0, PROCESS_DIGITS);
}

/** The W3C header of a span. */
export function traceparentOf(trace: string, span: string): string {
  return `00-${trace}-${span}-01`;
}

function spanIn(traceparent: string): string {
  return traceparent.slice(PARENT_AT, PARENT_AT + PARENT_DIGITS);
}

const ERRORS: Readonly<Record<Result | Outcome, string>> = {
  ok: '',
  repeat: '',
  'sold-out': '',
  overtaken: '',
  refused: 'refused',
  throttled: 'throttled',
  'timed-out': 'timeout',
  failed: 'failed',
};

/** What `error.type` says of an answer; empty for one that is none. */
export function errorOf(answer: Result | Outcome): string {
  return ERRORS[answer];
}
