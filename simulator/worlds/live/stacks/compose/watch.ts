import { spawn } from 'node:child_process';
import { UnavailableError } from '../../../../domain/problem.ts';
import type { Deaths } from '../deaths.ts';
import { linesOf } from '../keeper-lines.ts';
import { leashed } from '../process-group.ts';
import { lastWords } from './engine.ts';
import type { ComposeProject } from './project.ts';
import type { Seats } from './seats.ts';

interface Ending {
  Actor: { ID: string; Attributes: Record<string, string> };
}

const SEATS = ['gateway', 'worker', 'gpu-worker'];

/** Hears of every container that ends, from the engine itself. */
export interface Watch {
  /** Takes a service away by `act`; what it gives back brings it back. Its end is no news. */
  without(service: string, act: () => Promise<void>): Promise<() => Promise<void>>;
  stop(): void;
}

/** Follows the ends of the project's containers: a seat's goes to whoever runs it, any other breaks the run. */
export function watchEnds(project: ComposeProject, o: { seats: Seats; deaths: Deaths }): Watch {
  const expected = new Set<string>();
  const filters = ['--filter', `label=com.docker.compose.project=${project.name}`, '--filter', 'event=die'];
  const [command, args] = leashed('docker', ['events', ...filters, '--format', '{{json .}}']);
  const child = spawn(command, args, { env: project.env, stdio: ['ignore', 'pipe', 'ignore'] });
  child.on('error', (error) => o.deaths.fail(new UnavailableError(`docker events cannot be followed: ${error.message}`)));
  linesOf(child.stdout, (line) => {
    heard(JSON.parse(line) as Ending, { ...o, expected }).catch((error: unknown) => o.deaths.fail(error));
  });
  return {
    async without(service, act) {
      expected.add(service);
      await act();
      return async () => {
        await project.restart(service);
        expected.delete(service);
      };
    },
    stop: () => void child.kill(),
  };
}

async function heard({ Actor }: Ending, o: { seats: Seats; deaths: Deaths; expected: ReadonlySet<string> }): Promise<void> {
  const { 'com.docker.compose.service': service = '', exitCode = '?' } = Actor.Attributes;
  const id = Actor.ID.slice(0, 12);
  if (o.expected.has(service)) return;
  const name = SEATS.includes(service) ? await o.seats.ended(id) : service;
  if (name === undefined) return;
  const said = await lastWords(id);
  o.deaths.fail(new UnavailableError(`${name} ended with ${exitCode}. The last lines of what its container said:\n${said}`));
}
