import { writeSync } from 'node:fs';

/** Tells whoever started this process where it listens: one JSON line on stdout. */
export function announce(said: Readonly<Record<string, unknown>>): void {
  writeSync(1, `${JSON.stringify(said)}\n`);
}

/**
 * Ends this process when it is told to (SIGTERM: `leave` finishes what is under way first) or when whoever started it is gone (stdin ends:
 * at once, since nobody is left to wait for).
 */
export function endWithParent(leave: () => Promise<void>): void {
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
  process.stdin.resume();
  process.once('SIGTERM', () => {
    leave()
      .catch((error) => console.error(error))
      .finally(() => process.exit(0));
  });
  // The terminal's Ctrl-C reaches every process of its group; whoever started this one decides when it ends.
  process.on('SIGINT', () => undefined);
}
