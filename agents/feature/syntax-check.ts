import { shownPath } from '../../src/paths.ts'
import type { CheckResult, RepoPath } from '../../src/types.ts'

export const SYNTAX = 'syntax'

/**
 * What the parser says of the edits. It refused new errors already; `doubted` are files whose edits the model sent again as they were: their
 * syntax may be newer than the grammar. That counts when the configured checks pass, and fails where there are none.
 */
export function syntaxCheck(doubted: readonly RepoPath[], configured: readonly CheckResult[]): CheckResult {
  const isBorneOut = configured.some(isPassed) && configured.every(isPassed)
  const status = doubted.length === 0 ? 'passed' : isBorneOut ? 'skipped' : 'failed'
  return {
    check: SYNTAX,
    status,
    output: doubted
      .map((path) => `the parser does not understand ${shownPath(path)}, and the model sent it again unchanged`)
      .join('\n'),
    ms: 0,
  }
}

function isPassed({ status }: CheckResult): boolean {
  return status === 'passed'
}
