import * as z from 'zod'
import { UserError } from '../../src/errors.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { termRarity } from '../../src/retrieve/term-rarity.ts'
import { givenText } from '../served/limits.ts'
import { preparedPack, sayHowLittleIsKnown } from '../served/prepared-pack.ts'
import { defineTool } from './tool.ts'

const MOST_LEFT_OUT = 20 // named

/** The pack for a request, and what the backlog has ready for it. */
export const prepareChange = defineTool({
  name: 'prepare_change',
  title: 'Prepare a change',
  description:
    'Call this first for any change: from the whole request it finds the files that will probably change, each with its number, role and evidence from history, how such changes are usually made here, outlines, and the likeliest code. A finished draft is included if one was made. Costs budget_tokens at most.',
  input: z.object({
    request: z.string().describe('the feature or fix, in the words of the user'),
    budget_tokens: z.int().min(100).max(50_000).optional().describe('default 2000'),
  }),
  output: z.object({
    text: z.string(),
    files: z.array(z.object({ number: z.number(), path: z.string(), role: z.string() })),
    prepared: z.object({ id: z.number(), kind: z.string(), command: z.string().nullable() }).nullable(),
    precedent: z.object({ subject: z.string(), paths: z.array(z.string()) }).nullable(),
    left_out: z.array(z.string()),
  }),
  async answer({ request: words, budget_tokens }, index) {
    const { numbers, store, worktree, lastRequest } = index
    const request = readRequest(givenText(words, 'request'))
    lastRequest.words = termRarity(store, worktree, request.terms.terms)
    const budgetTokens = budget_tokens ?? index.packTokens
    const made = await preparedPack(request, index, {
      budgetTokens: Math.max(0, budgetTokens - REMARKS),
      numberOf: (path) => numbers.of(path),
    })
    const { pack, ready, before, precedent, after, leftOut, isTooSmall } = made
    if (isTooSmall) throw new UserError(`no file fits into ${budgetTokens} tokens`, 'raise budget_tokens')
    const said = pack.items.filter(({ kind }) => kind === 'file')
    const roles = new Map(pack.files.map(({ path, role }) => [path, role]))
    return {
      text: [...sayHowLittleIsKnown(pack), `${before}${pack.text}${after}`, ...sayLeftOut(leftOut)]
        .filter(Boolean)
        .join('\n\n'),
      data: {
        text: pack.text,
        files: said
          .map(({ subject }) => ({ number: numbers.of(subject), path: subject, role: roles.get(subject)! }))
          .filter(({ role }) => role !== 'maybe'),
        prepared: ready && { id: ready.id, kind: ready.kind, command: ready.command },
        precedent: precedent && { subject: precedent.subject, paths: [...precedent.paths] },
        left_out: leftOut.slice(0, MOST_LEFT_OUT),
      },
      isStale: pack.items.some(({ stale }) => stale),
    }
  },
})

const REMARKS = 60 // tokens, for what is said around the pack

function sayLeftOut(subjects: readonly string[]): string[] {
  const files = new Set(subjects.map((subject) => subject.replace(/#.*/, '')))
  if (subjects.length === 0) return []
  const names = [...files].slice(0, 3).join(', ')
  return [
    `Left out for the budget: ${subjects.length} entries of ${files.size} files (${names}${files.size > 3 ? ', ...' : ''}); show opens them.`,
  ]
}
