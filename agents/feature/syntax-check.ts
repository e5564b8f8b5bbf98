import { shownPath } from '../../src/paths.ts'
import type { CheckResult, RepoPath } from '../../src/types.ts'

export const SYNTAX = 'syntax'

/**
 * Result of the parser for the edits. New errors were already refused. `doubted` are files whose edits the model sent again unchanged:
 * their syntax may be newer than the grammar. That is accepted if the configured checks pass, and fails without any.
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
