import type { CheckResult } from '../../../src/types.ts'
import { SYNTAX } from '../syntax-check.ts'

/** What the user can do about checks that fail. */
export const FIX_OF_CHECKS =
  'see in the transcript what it prints; then mend the result by hand, or ask again; if the check itself is broken, name another with --check'

export function isRefused({ status }: CheckResult): boolean {
  return status === 'refused'
}

export function isFailed({ status }: CheckResult): boolean {
  return status === 'failed'
}

/** A failed check in a few words, for the user. */
export function sayFails(broken: CheckResult | undefined): string {
  if (broken?.check === SYNTAX) return broken.output
  const before = broken?.failedBefore ? ', and did so before any edit' : ''
  return `"${broken?.check}" fails${before}`
}
