import type { LabelJob } from '../../src/ci/job.ts'
import { inCode, inProse, inTitle } from '../../src/ci/quiet-text.ts'
import type { CheckResult, Usage } from '../../src/types.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import type { FeatureResult } from '../feature/agent.ts'
import { sayRefusedPaths } from '../feature/protected-changes.ts'

type Issue = LabelJob['issue']
/** A result, with what the agent asked to see. */
type Reported = Pick<
  FeatureResult,
  'stop' | 'reason' | 'fix' | 'checks' | 'notes' | 'usuallyToo' | 'protected' | 'usage'
> & { readonly opened: readonly string[]; readonly untrusted: readonly string[] }

const MOST = 40 // lines of a list
const MOST_FAILED = 3 // checks whose output is shown
const MOST_OF_SECTION = 12_000 // characters: the whole stays below the 65,536 that GitHub takes
const MOST_OUTPUT = 1500 // characters of a check that failed

export function pullTitle({ number, title }: Issue): string {
  return inTitle(title) || `Issue ${number}`
}

export function commitMessage(issue: Issue): string {
  return `${inTitle(issue.title, 70) || `Issue ${issue.number}`}\n\nMade by repose for issue ${issue.number}.`
}

/** Text of a pull request: its issue, what was checked, read and spent, and what could not be done. Texts of others in it can do nothing. */
export function pullText(issue: Issue, result: Reported): string {
  return [
    `Closes #${issue.number}. Written by a model: read it before you merge it.`,
    section('Checks', checksOf(result)),
    section('Not done', notDone(result)),
    section('Read', listOf(result.opened.map((one) => inCode(one)))),
    section('Spent', [`- ${spent(result.usage)}`]),
  ].join('\n\n')
}

/** What a comment on the issue says if there is no pull request. */
export function failureText(result: Reported): string {
  return [
    `No pull request was made: ${inProse(result.reason ?? result.stop)}.`,
    ...(result.fix ? [`What helps: ${inProse(result.fix)}.`] : []),
    section('Checks', checksOf(result)),
    section('Read', listOf(result.opened.map((one) => inCode(one)))),
    section('Spent', [`- ${spent(result.usage)}`]),
    'Set the label again to have it tried again.',
  ].join('\n\n')
}

/** Lines beyond the limit are counted, not shown: escapes make a text up to four times as long. */
function section(title: string, lines: readonly string[]): string {
  let room = MOST_OF_SECTION
  const end = lines.findIndex((line) => {
    room -= line.length + 1
    return room < 0
  })
  const shown = end < 0 ? lines : [...lines.slice(0, end), `- and ${lines.length - end} more, left out for length`]
  return `**${title}**\n\n${shown.length === 0 ? '- nothing' : shown.join('\n')}`
}

function listOf(lines: readonly string[]): string[] {
  const shown = [...new Set(lines)].slice(0, MOST).map((line) => `- ${line}`)
  return lines.length > MOST ? [...shown, `- and ${lines.length - MOST} more`] : shown
}

function checksOf({ checks, untrusted }: Reported): string[] {
  const ran = checks.map(({ check, status, caged, failedBefore, output }) => {
    const where = caged ? ' in a cage' : ''
    const why = status === 'refused' ? ` (${inProse(output)})` : ''
    const before = failedBefore ? ' (it also fails without this change)' : ''
    return `- ${inCode(check)}: ${status}${where}${why}${before}`
  })
  const not = untrusted.map((check) => `- ${inCode(check)}: not run, since the job does not name it`)
  const lines = [
    ...ran,
    ...not,
    ...checks
      .filter(({ status }) => status === 'failed')
      .slice(0, MOST_FAILED)
      .map(outputOf),
  ]
  return lines.length > 0 ? lines : ['- none ran']
}

/** The output of a check that failed, as an indented block: nothing in it ends it. */
function outputOf({ output }: CheckResult): string {
  const lines = relevantOutput(output).slice(0, MOST_OUTPUT).split('\n')
  return ['', ...lines.map((line) => `      ${inTitle(line, 300)}`), ''].join('\n')
}

function notDone({ notes, usuallyToo, protected: guarded }: Reported): string[] {
  const refusals = sayRefusedPaths(guarded, true) // left out of the notes: the lines below say them in Markdown
  return listOf([
    ...guarded.refused.map(({ path, why }) => `${inCode(path)} was not changed: it is protected (${inProse(why)})`),
    ...notes.filter((note) => !refusals.includes(note)).map((note) => inProse(note)),
    ...usuallyToo.map(({ path, why }) => `${inCode(path)} usually changes too, and did not (${inProse(why)})`),
  ])
}

function spent({ calls, inputTokens, outputTokens, usd }: Usage): string {
  const price = usd === null ? 'price unknown' : `US$${usd.toFixed(2)}`
  return `${inputTokens + outputTokens} tokens in ${calls} calls (${inputTokens} in, ${outputTokens} out), ${price}`
}
