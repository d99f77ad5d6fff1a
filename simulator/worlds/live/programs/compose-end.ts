import { setTimeout as sleep } from 'node:timers/promises';
import { ComposeProject } from '../stacks/compose/project.ts';
import { announce } from './process.ts';

/**
 * Takes a Compose project away when the run is over, however that went: it is started before the first container, and ends with the
 * keeper's order, its input, or the keeper itself (whose end is a QUIT).
 */
const TRIES = 10;
const PAUSE_MS = 1_000;

async function end(): Promise<void> {
  const project = new ComposeProject({ runs: process.argv[2] as string });
  // A run that is killed while Compose brings containers up leaves that at work: what it makes meanwhile goes with the next try.
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await project.down();
      if (tries > 0 || !process.argv.includes('killed')) break;
    } catch (error) {
      console.error((error as Error).message);
    }
    await sleep(PAUSE_MS);
    if ((await project.containers().catch(() => [undefined])).length === 0) break;
  }
  process.exit(0);
}

const over = { isIt: false };
const once = () => {
  if (over.isIt) return;
  over.isIt = true;
  void end();
};
for (const signal of ['SIGTERM', 'SIGQUIT'] as const) process.on(signal, once);
process.on('SIGINT', () => undefined);
process.stdin.on('end', once).on('error', once).resume();
announce({ ready: true });
