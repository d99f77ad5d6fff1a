import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Gives bundles back the top-level `const` that esbuild turns into `var`.
 *
 * V8 takes the value of a `const` for granted and reads a `var` from memory each time: the simulator's event loop runs a tenth more
 * instructions with `var`. It is safe because no file is imported in a circle and none has a top-level `let`, which tests hold.
 */
export const keepConst = {
  name: 'keep-const',
  setup(build) {
    build.initialOptions.write = false;
    build.onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text.replace(/^var (\w+ = )/gm, 'const $1'));
      }
    });
  },
};
