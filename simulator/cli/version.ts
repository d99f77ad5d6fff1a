import { createRequire } from 'node:module';

/** Version of this package, from source or from the bundle. */
export function versionOf(): string {
  const require = createRequire(import.meta.url);
  for (const path of ['../../package.json', '../package.json', './package.json']) {
    try {
      const found = require(path) as { name?: string; version?: string };
      if (found.name === 'placement-lab' && found.version) return found.version;
    } catch {
      // The bundle lies one folder higher than the source.
    }
  }
  return '0.0.0';
}
