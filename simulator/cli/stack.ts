import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { stackTable } from '../../reports/stack-table.ts';
import { UnavailableError } from '../domain/problem.ts';
import type { ComposeProject } from '../worlds/live/stacks/compose/project.ts';
import { outputOf } from './output.ts';
import { progressOf } from './scenario.ts';

/** Folders that `up` makes begin so; `down` removes no other. */
const FOLDER = 'placement-lab-stack-';

export interface StackWords {
  profile?: string;
  quiet?: boolean;
  lines?: string;
}

export type StackVerb = 'up' | 'down' | 'status' | 'logs';

/**
 * Brings the containers of `compose/` up or down, or tells of them.
 *
 * Throws: UnavailableError that says what is missing, InputError when the profiles name no AWS endpoint.
 */
export async function stackCommand(verb: StackVerb, words: StackWords & { services: readonly string[] }): Promise<void> {
  if (words.profile !== undefined) process.env.COMPOSE_PROFILES = words.profile;
  const { engineVersions } = await import('../worlds/live/stacks/compose/engine.ts');
  const versions = await engineVersions();
  const { runningProject } = await import('../worlds/live/stacks/compose/running.ts');
  // What is half up can still be looked at, and taken down.
  const found = await runningProject().catch((error: unknown) => {
    if (verb === 'up') throw error;
    return undefined;
  });
  const say = (text: string) => progressOf(words.quiet === true).say(text);
  if (verb === 'up') return up(found, { say, versions: `Docker ${versions.engine}, Compose ${versions.compose}` });
  const { ComposeProject: Project } = await import('../worlds/live/stacks/compose/project.ts');
  const project = found ?? new Project({ runs: '/' });
  if (verb === 'down') return down(project);
  if (verb === 'logs') return void console.log(await project.logs(words.services, Number(words.lines ?? 20)));
  console.log(stackTable(await project.containers(), outputOf(process.stdout)));
}

async function up(found: ComposeProject | undefined, o: { say(text: string): void; versions: string }): Promise<void> {
  if (found) return void console.log(`${found.name} is up already: npm run stack status`);
  o.say(o.versions);
  const { ComposeProject: Project, shared } = await import('../worlds/live/stacks/compose/project.ts');
  const { bringUp } = await import('../worlds/live/stacks/compose/up.ts');
  const project = await Project.fresh(shared(join(mkdtempSync(join(tmpdir(), FOLDER)), 'runs')));
  const seconds = await bringUp(project, o.say).catch(async (error: unknown) => {
    await down(project).catch(() => undefined);
    throw error;
  });
  console.log(
    `${project.name} is up and healthy after ${seconds.toFixed(0)} s: npm run stack status; npm run live hello -- --stack compose`,
  );
}

async function down(project: ComposeProject): Promise<void> {
  await project.down();
  const folder = dirname(project.env.PLACEMENT_RUNS as string);
  if (basename(folder).startsWith(FOLDER)) rmSync(folder, { recursive: true, force: true });
  const left = await project.containers();
  if (left.length > 0) throw new UnavailableError(`still there: ${left.map(({ name }) => name).join(', ')}; docker rm --force`);
  console.log(`${project.name} is down: no container, network or volume of it is left`);
}
