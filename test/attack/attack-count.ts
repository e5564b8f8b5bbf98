import type { Reporter, TestModule } from 'vitest/node'
import { ATTACKS } from './suite.ts'

const AT_LEAST = 200

/** Says how many attacks ran, and fails a whole run of fewer than 200. vitest itself fails files without a test. */
export default class AttackCount implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const attacks = modules.filter(({ moduleId }) => Object.keys(ATTACKS).some((file) => moduleId.endsWith(`/${file}`)))
    const count = attacks.reduce((sum, { children }) => sum + [...children.allTests()].length, 0)
    console.log(`${count} attacks in ${attacks.length} files`)
    const isWhole = attacks.length === Object.keys(ATTACKS).length
    if (isWhole && count < AT_LEAST) throw new Error(`the suite has ${count} attacks, and should have ${AT_LEAST}`)
  }
}
