import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Plan } from '../../domain/plan.ts';
import { UnavailableError } from '../../domain/problem.ts';
import { bundlePath, MODERATION } from './components/own-work.ts';
import type { RunSheet } from './contract.ts';

const MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));

/** Code that CommonJS packages of a bundle need to find Node's own modules. */
const BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/** Bundles the user's code, and the image model's program where a component wants it, into the folder of a run. */
export async function bundleOwnWork({ plan, folder }: Pick<RunSheet, 'plan' | 'folder'>): Promise<void> {
  requireModels(plan);
  const { build } = await import('esbuild');
  const make = (entry: string, name: string, plugins: Plugin[] = []) =>
    build({
      entryPoints: [entry],
      outfile: bundlePath(folder, name),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      banner: { js: BANNER },
      logLevel: 'silent',
      plugins,
    });
  for (const { name, code } of plan.components) if (code !== undefined) await make(resolve(code), name);
  if (plan.components.some(({ work }) => work !== undefined))
    await make(`${MODELS}moderation/moderator.ts`, MODERATION, [fromModels]);
}

/** Throws: UnavailableError in one line where a component wants the image model and the package that has it is not installed. */
export function requireModels(plan: Plan): void {
  const wanting = plan.components.find(({ work }) => work !== undefined);
  if (wanting === undefined) return;
  try {
    createRequire(`${MODELS}package.json`).resolve('nsfwjs/models/mobilenet_v2');
  } catch {
    throw new UnavailableError(`${wanting.name} moderates images with a model that is not installed: npm run setup`);
  }
}

/**
 * Leaves the heavy packages out of the bundle, and says where they are: a run's folder has none.
 *
 * They are found as an import finds them: the CommonJS copy of the image model takes six times as long to load, and four times the memory.
 */
const fromModels: Plugin = {
  name: 'from-models',
  setup(build) {
    build.onResolve({ filter: /^(?:@tensorflow\/|nsfwjs)/ }, async ({ path, kind, pluginData }) => {
      if (pluginData === fromModels) return undefined;
      const { path: found } = await build.resolve(path, { kind, resolveDir: MODELS, pluginData: fromModels });
      // A backend that is not there says so at run time.
      return { path: found === '' ? path : pathToFileURL(found).href, external: true };
    });
  },
};
