import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ComponentContext, ComponentHandler } from '../../../domain/component-handler.ts';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part, PlannedComponent } from '../../../domain/plan.ts';
import type { RunSheet, Story } from '../contract.ts';
import type { Surroundings } from './surroundings.ts';

/** Does what a component is for, in place of the CPU time that stands for it; what it throws is the component's failure. */
export type OwnWork = (story: Story, part: string) => Promise<void>;

/** What a bundle of image moderation gives. */
interface Moderation {
  moderator(o: {
    batch_max: number;
    batch_wait_ms: number;
  }): Promise<{ moderate(seed: number): Promise<unknown>; backend: string }>;
}

/** Where a run keeps the bundle of a component's code, or of a model. */
export function bundlePath(folder: string, name: string): string {
  return join(folder, 'code', `${name}.mjs`);
}

/** Name of the bundle of image moderation: no component can have it. */
export const MODERATION = '-image-moderation';

/** Loads what the given components do themselves, by component; the others use CPU. */
export async function ownWorkOf(
  { sheet, tell }: Pick<Surroundings, 'sheet' | 'tell'>,
  components: readonly number[],
): Promise<Map<number, OwnWork>> {
  const own = new Map<number, OwnWork>();
  for (const index of components) {
    const component = sheet.plan.components[index] as PlannedComponent;
    if (component.code !== undefined) own.set(index, await codeOf(sheet, component));
    else if (component.work !== undefined) own.set(index, await moderationOf(sheet, component, tell));
  }
  return own;
}

async function codeOf(sheet: RunSheet, component: PlannedComponent): Promise<OwnWork> {
  const { plan } = sheet;
  const { default: handler } = (await import(urlOf(sheet, component.name))) as { default: ComponentHandler };
  return async (story, part) => {
    const { action, session, user, object, attempt, cause: message } = story;
    const operation = plan.operations[story.operation]?.name ?? null;
    const platform = (plan.parts.find(({ path }) => path === part) as Part).kind as ComponentContext['platform'];
    await handler(
      { component: component.name, operation, message, action, session, user, object, attempt },
      { scenario: plan.scenario, strategy: plan.strategy, part, platform, seed: story.key },
    );
  };
}

/** Moderates an image of the action's own; on a GPU worker in batches as its pool has them. */
async function moderationOf(sheet: RunSheet, component: PlannedComponent, tell: Surroundings['tell']): Promise<OwnWork> {
  const part = sheet.plan.parts[component.part] as Part;
  const batches =
    part.kind === 'gpu'
      ? { batch_max: numberOf(part, 'batch_max'), batch_wait_ms: numberOf(part, 'batch_wait_ms') }
      : { batch_max: 1, batch_wait_ms: 0 };
  const { moderator } = (await import(urlOf(sheet, MODERATION))) as Moderation;
  const model = await moderator(batches);
  tell(`${component.name} moderates images on ${model.backend}`);
  return async (story) => {
    await model.moderate(story.key);
  };
}

function urlOf({ folder }: RunSheet, name: string): string {
  return pathToFileURL(bundlePath(folder, name)).href;
}
