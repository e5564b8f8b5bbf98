import * as z from 'zod'
import { shownPath } from '../../src/paths.ts'
import { redactDiff } from '../../src/secrets/redact-diff.ts'
import type { ImplementResult } from '../library/options.ts'
import { clipLines, givenText, sayCut } from '../served/limits.ts'
import { wholeFiles } from '../served/whole-files.ts'
import type { Waited } from './running-change.ts'
import type { Answer } from './tool.ts'

const DIFF_TOKENS = 6000 // shown of the diff
const BLOB_NAMES = /^index [0-9a-f]+\.\.[0-9a-f]+.*\n/gm // 45 tokens a file, and no agent needs them

/** The one tool that writes and asks a model. A server has it only if its user says so (`repose mcp --implement`). */
export const IMPLEMENT_CHANGE = {
  name: 'implement_change',
  title: 'Implement a change',
  description:
    'Call this first, alone, for a feature or fix that may take more than one file: an agent that knows this repository makes the whole change (sources, tests, documents), runs the checks, writes it into the working tree and answers with the diff. It costs a fraction of what exploring costs.',
  input: z.object({
    request: z.string().describe('the whole request in the words of the user, with all that they told you about it'),
  }),
  output: z.object({
    stop: z.string().describe("why it ended; 'working': it goes on"),
    run: z.number().nullable(),
    applied: z.boolean(),
    modified: z.array(z.string()),
    created: z.array(z.string()),
    deleted: z.array(z.string()),
    tokens: z.number(),
  }),
} as const

/** The request of a call. Throws UserError if it is empty or too long. */
export function requestIn(input: unknown): string {
  return givenText((input as { readonly request: string }).request, 'request')
}

/** What an agent reads of a change: how it ended, notes of the agent that made it, and the diff without secrets. */
export async function sayImplemented(
  waited: Waited<ImplementResult>,
  root: string,
): Promise<Answer<z.infer<typeof IMPLEMENT_CHANGE.output>>> {
  if ('said' in waited)
    return {
      text: `Working (${waited.said}). Call implement_change again with the same request to wait for the result.`,
      data: { stop: 'working', run: null, applied: false, modified: [], created: [], deleted: [], tokens: 0 },
    }
  const { result, msAgo } = waited
  const { stop, run, modified, created, deleted, usage } = result
  return {
    text: [sayLate(msAgo), standing(result), ...remarks(result), await shown(result, root)].filter(Boolean).join('\n'),
    data: {
      ...{ stop, run, modified: [...modified], created: [...created], deleted: [...deleted] },
      applied: result.applied !== null,
      tokens: usage.inputTokens + usage.outputTokens,
    },
  }
}

/** The user may have taken it back since. */
function sayLate(msAgo: number | undefined): string {
  if (msAgo === undefined) return ''
  return `This was ready ${Math.ceil(msAgo / 1000)} s before this call; if it was taken back or changed since, look at the files, or call again to have it made anew.`
}

function standing({ stop, reason, applied, diff, run, error, fix, checks, untrustedChecks }: ImplementResult): string {
  if (stop === 'nothing-to-change') return `Nothing to change: ${reason}`
  const checked = sayChecks(checks, untrustedChecks)
  if (applied !== null)
    return `Done: the change below is in the working tree (repose undo takes it back). Checks: ${checked}.`
  const kept =
    diff === '' ? 'Nothing was changed.' : `The diff below is not applied, but kept: repose apply ${run} applies it.`
  return [`Not done: ${error ?? reason ?? stop}.`, fix && `To do: ${fix}.`, `${kept} Checks: ${checked}.`]
    .filter(Boolean)
    .join('\n')
}

function sayChecks(checks: ImplementResult['checks'], untrusted: readonly string[]): string {
  const ran = checks.map(({ check, status }) => `${check} ${status}`).join(', ') || 'none ran'
  return untrusted.length === 0 ? ran : `${ran}; not run, since the user does not trust them: ${untrusted.join(', ')}`
}

function remarks({ notes, usuallyToo }: ImplementResult): string[] {
  const missing = usuallyToo.map(({ path, why }) => `usually changes too, and did not: ${shownPath(path)} (${why})`)
  return [...notes.map((note) => `note: ${note}`), ...missing]
}

/** Secrets are left out before the diff is cut: half a private key matches no rule. */
async function shown({ diff, modified, created }: ImplementResult, root: string): Promise<string> {
  if (diff === '') return ''
  const whole = await redactDiff(diff.trimEnd().replace(BLOB_NAMES, ''), wholeFiles(root, [...modified, ...created]))
  const { text, cut } = clipLines(whole, DIFF_TOKENS)
  return `\n${text}${cut > 0 ? `\n${sayCut(cut)} of the diff: show opens its files)` : ''}`
}
