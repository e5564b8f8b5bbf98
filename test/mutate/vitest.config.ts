import { defineConfig } from 'vitest/config'
import { common, whole } from '../../vitest.config.ts'

/** The tests that run.ts chose, in one thread for each of Stryker's processes. */
export default defineConfig({
  test: {
    ...common,
    ...whole,
    testTimeout: 120_000, // Stryker ends what takes too long; the first run is slower than any
    include: process.env.REPOSE_MUTATE_TESTS?.split(',') ?? [],
    exclude: process.env.REPOSE_MUTATE_SLOW?.split(',') ?? [],
  },
})
