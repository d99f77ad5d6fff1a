import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/prove/**/*.test.ts'], pool: 'threads', maxWorkers: 2, testTimeout: 3_600_000 },
});
