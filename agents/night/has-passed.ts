import type { CheckResult } from '../../src/types.ts'

/** Whether every check that ran passed; null: none ran. */
export function hasPassed(checks: readonly CheckResult[]): boolean | null {
  const ran = checks.filter(({ check, status }) => check !== 'syntax' && (status === 'passed' || status === 'failed'))
  return ran.length === 0 ? null : ran.every(({ status }) => status === 'passed')
}
