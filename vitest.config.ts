import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // most tests wait for git and child processes: on two cores, two files at once take half the time
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
