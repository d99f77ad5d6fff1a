import { defineConfig } from 'vitest/config';

/** An endpoint that is named (LocalStack, or another) is held to the contract, too. */
const isNamed = [process.env.AWS_ENDPOINT_URL, process.env.LOCALSTACK_HOST].some((value) => value);

export default defineConfig({
  test: {
    include: ['test/prove/**/*.test.ts', ...(isNamed ? ['test/contract/**/*.test.ts'] : [])],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 3_600_000,
  },
});
