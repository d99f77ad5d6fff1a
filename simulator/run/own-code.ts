import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { BuildFailure } from 'esbuild';
import { InputError, type Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';

/**
 * The scenario with every component's code as a path from here, once it is known to be there, to bundle, and to have a default export.
 *
 * Nothing of it runs. Throws: InputError with what is wrong with each file.
 */
export async function withOwnCode(scenario: Scenario, folder: string): Promise<Scenario> {
  const problems: Problem[] = [];
  const components: Scenario['application']['components'] = {};
  for (const [name, component] of Object.entries(scenario.application.components)) {
    components[name] = component;
    if (component.code === undefined) continue;
    const path = `application.components.${name}.code`;
    if (component.work !== undefined)
      problems.push({ path, message: `stands beside work: ${component.work}`, expected: 'one of them' });
    const file = resolve(folder, component.code);
    const message = await wrongWith(file);
    const expected = 'a file whose default export is async (event, context) => ..., a ComponentHandler';
    if (message !== undefined) problems.push({ path, message: `${component.code} ${message}`, expected });
    components[name] = { ...component, code: relative(process.cwd(), file) };
  }
  if (problems.length > 0) throw new InputError(problems);
  return { ...scenario, application: { ...scenario.application, components } };
}

/** What keeps a file from being a component's code, in words. */
async function wrongWith(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return 'does not exist';
  if (!statSync(file).isFile()) return 'is no file';
  const { build } = await import('esbuild');
  try {
    const made = await build({
      entryPoints: [file],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      write: false,
      metafile: true,
      outdir: '/',
      logLevel: 'silent',
    });
    const exported = Object.values(made.metafile.outputs).flatMap(({ exports }) => exports);
    return exported.includes('default') ? undefined : 'has no default export';
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    const line = first?.location ? `, line ${first.location.line}` : '';
    return `cannot be bundled: ${first?.text ?? (error as Error).message}${line}`;
  }
}
