import { defineConfig } from 'vitest/config'
import { common, whole } from '../../vitest.config.ts'
import { AttackCount } from './attack-count.ts'
import { ATTACKS } from './suite.ts'

const { FUZZ_TIMES = '1', EACH_A_PROCESS = '1' } = process.env

/**
 * For `npm run attack`. `npm test` runs the same files among all others, with fewer made-up values, and with the program in the process
 * of the tests where no process is what is attacked.
 */
export default defineConfig({
  test: {
    ...common,
    ...whole,
    include: ['test/attack/suite.test.ts', ...Object.keys(ATTACKS)],
    env: { ...common.env, FUZZ_TIMES, EACH_A_PROCESS },
    reporters: ['default', new AttackCount()],
  },
})
