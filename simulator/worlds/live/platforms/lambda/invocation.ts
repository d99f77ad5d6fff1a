/** One call of a function on its way through an environment. */
export interface Invocation {
  requestId: string;
  payload: Buffer;
  traceId: string | undefined;
  /** Whether the caller wants the end of the log with the answer. */
  wantsLog: boolean;
}

/** What came of it. `error` is the service's word for a failed call; the payload then says what failed. */
export interface Answer {
  payload: Buffer;
  error: 'Unhandled' | undefined;
  log: string;
}

/** A failure that the platform itself reports, in the words of the service. */
export function failure(requestId: string, o: { type: string; message: string }): Buffer {
  return Buffer.from(JSON.stringify({ errorType: o.type, errorMessage: `RequestId: ${requestId} Error: ${o.message}` }));
}

/** Time of one invocation in ms; `initMs` is 0 unless it was cold. */
export interface Timing {
  durationMs: number;
  initMs: number;
}

/** Whole milliseconds, INIT with them (so since 2025-08-01). */
export function billedMs({ durationMs, initMs }: Timing): number {
  return Math.ceil(durationMs + initMs);
}

/** The line that the service logs after every invocation. */
export function reportLine(requestId: string, o: Timing & { memoryMb: number; usedMb: number }): string {
  const init = o.initMs > 0 ? `\tInit Duration: ${o.initMs.toFixed(2)} ms` : '';
  const times = `Duration: ${o.durationMs.toFixed(2)} ms\tBilled Duration: ${billedMs(o)} ms`;
  return `REPORT RequestId: ${requestId}\t${times}\tMemory Size: ${o.memoryMb} MB\tMax Memory Used: ${Math.round(o.usedMb)} MB${init}\t\n`;
}
