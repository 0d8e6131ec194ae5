import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 60_000,
    // One less than the processors is the default: on two of them the files would run one after the other.
    maxWorkers: '100%',
  },
});
