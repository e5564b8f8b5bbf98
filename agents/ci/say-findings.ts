import { inCode, inProse } from '../../src/ci/quiet-text.ts'
import type { Finding } from '../../src/review/finding.ts'

const MOST = 10

/** Findings as the text of a comment; null: there is nothing to say. */
export function sayFindings(findings: readonly Finding[]): string | null {
  if (findings.length === 0) return null
  const lines = findings.slice(0, MOST).map((finding) => `- ${sayFinding(finding)}`)
  const more = findings.length > MOST ? [`- and ${findings.length - MOST} more: \`repose check\` lists them`] : []
  return [
    'By the history of this repository, this change may not be complete:',
    '',
    ...lines,
    ...more,
    '',
    'This is a hint, and may be wrong. The comment changes with the pull request, and goes when nothing is missing.',
  ].join('\n')
}

function sayFinding({ rule, path, evidence, message }: Finding): string {
  return rule === 'usual-companion' ? `${inCode(path)} usually changes too: ${inProse(evidence)}` : inCode(message, 600)
}
