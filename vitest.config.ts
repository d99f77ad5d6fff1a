import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of few lines that take minutes: among the last, as the smallest are by default, they keep one worker alone busy at the end. */
const LONG = /\/test\/(?:readme|pack)\//;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const [long, others] = [sorted.filter((f) => LONG.test(f.moduleId)), sorted.filter((f) => !LONG.test(f.moduleId))];
    return [...long, ...others];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/prove/**'],
    globalSetup: 'test/cli/bundle.ts',
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    sequence: { sequencer: LongFirst },
  },
});
