import { UnavailableError } from '../domain/problem.ts';
import { cleanUp } from '../run/at-end.ts';
import { removeUnfinished } from '../run/outputs.ts';
import { reportError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/**
 * What ends this process other than its work: signals, a full disk behind standard output, a fault that nobody caught.
 *
 * A reader that went away (`| head -1`) ends nothing: what was asked for is done and the exit code still tells how it went.
 */
export function watchEnds(stop: AbortController): void {
  for (const [name, stream] of [
    ['output', process.stdout],
    ['error', process.stderr],
  ] as const) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || name === 'error') return;
      const why = error.code === 'ENOSPC' ? 'the disk is full' : error.message;
      end(reportError(new UnavailableError(`cannot write to standard output: ${why}`)));
    });
  }
  // Node would end with 1, which here says that an objective failed.
  process.on('uncaughtException', (error) => end(reportError(error)));
  process.on('unhandledRejection', (error) => end(reportError(error)));
  process.once('SIGINT', () => interrupted(stop, 'Ctrl-C', EXIT.interrupted));
  process.once('SIGTERM', () => interrupted(stop, 'SIGTERM', EXIT.terminated));
}

/** Ends at once: takes the progress bar away, says so, removes half-written files, leaves whole ones. */
function interrupted(stop: AbortController, signal: string, code: number): void {
  stop.abort(signal);
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[2K' : ''}${saidAtEnd(signal)}\n`);
  end(code);
}

/** How far the work is, for whoever breaks it off. */
const told = { done: 'nothing was simulated yet' };

/** Notes how far the work is. */
export function noteDone(text: string): void {
  told.done = text;
}

function saidAtEnd(signal: string): string {
  return `Ended by ${signal}: ${told.done}; no file is half-written.`;
}

/** Loads nothing: where a whole process group is told to end, whatever translates TypeScript may be gone before this is. */
function end(code: number): never {
  removeUnfinished();
  cleanUp();
  process.exit(code);
}
