import { defineConfig } from 'vitest/config'
import usual from '../../vitest.config.ts'
import { ATTACKS } from './suite.ts'

/** For `npm run attack`; `npm test` runs the same files among all others. */
export default defineConfig({
  test: { ...usual.test, include: ['test/attack/suite.test.ts', ...Object.keys(ATTACKS)] },
})
