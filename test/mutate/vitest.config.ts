import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** The tests that run.ts chose, in one thread for each of Stryker's processes. */
export default defineConfig({
  test: {
    ...base.test,
    include: process.env.REPOSE_MUTATE_TESTS?.split(',') ?? [],
    exclude: process.env.REPOSE_MUTATE_SLOW?.split(',') ?? [],
  },
})
