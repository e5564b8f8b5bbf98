import { type MadePack, makePack, type PackOptions } from '../../src/pack/make-pack.ts'
import { shownPath } from '../../src/paths.ts'
import type { Request } from '../../src/request/read-request.ts'
import { type Precedent, precedentOf } from '../../src/retrieve/precedent.ts'
import { shorten } from '../../src/text/shorten.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { Prepared } from './prepared.ts'
import type { ServedIndex } from './served-index.ts'

/** The pack for a request, with what the backlog has ready for it: of the tool, the command and the library alike. */
export interface PreparedPack {
  readonly pack: MadePack
  /** A draft or a plan that was made asleep; null: there is none. */
  readonly ready: Prepared | null
  /** What an agent reads of it before the pack, with an empty line behind; '': nothing. */
  readonly before: string
  /** The past change that is most like the request; null: none is, or there is no room for it. */
  readonly precedent: Precedent | null
  /** What an agent reads of it after the pack, with an empty line before; '': nothing. */
  readonly after: string
  /** Subjects that did not fit, without those of which something is shown. */
  readonly leftOut: readonly string[]
  /** Whether there are files, and none fits into the budget. */
  readonly isTooSmall: boolean
}

const MOST_WORDS = 8
const ROOMY = 1000 // tokens; a smaller pack has no precedent

/** budgetTokens: of the pack and of what comes before it. */
export async function preparedPack(
  request: Request,
  index: ServedIndex,
  options: Pick<PackOptions, 'budgetTokens' | 'choose' | 'numberOf'>,
): Promise<PreparedPack> {
  const { repo, store, worktree } = index
  const { budgetTokens } = options
  const ready = await preparedFor(request.text, index, Math.floor(budgetTokens / 2))
  const before = ready ? `${ready.text}\n\n` : ''
  const precedent = budgetTokens < ROOMY ? null : precedentOf(request.terms, store, worktree)
  const after = precedent ? `\n\n${sayPrecedent(precedent)}` : ''
  const pack = await makePack(request, store, {
    ...options,
    ...{ root: repo.root, worktree },
    budgetTokens: Math.max(0, budgetTokens - countTokens(before + after)),
  })
  const shown = new Set(pack.items.map(({ subject }) => subject))
  return {
    pack,
    ready,
    before,
    precedent,
    after,
    leftOut: [...new Set(pack.leftOut.map(({ subject }) => subject))].filter((subject) => !shown.has(subject)),
    isTooSmall: pack.text === '' && before === '' && pack.files.some(({ score }) => score > 0),
  }
}

function sayPrecedent({ subject, paths }: Precedent): string {
  return `## The past change most like it: "${shorten(subject, 80)}"\n${paths.map(shownPath).join(', ')}`
}

/** As prepared(), whose parts take a tenth of a second to load: only if the backlog has something. */
async function preparedFor(request: string, index: ServedIndex, budgetTokens: number): Promise<Prepared | null> {
  if (index.store.backlog.list(['drafted', 'planned']).length === 0) return null
  const { prepared } = await import('./prepared.ts')
  return prepared(request, index, budgetTokens)
}

/** A sentence if little or nothing in the repository speaks of the request. */
export function sayHowLittleIsKnown({ files, isSpokenOf, unknownWords }: MadePack): string[] {
  if (files.every(({ isGuess }) => isGuess)) return ['Nothing in this repository speaks of the request.']
  const words = unknownWords.slice(0, MOST_WORDS).join(', ')
  return isSpokenOf || words === '' ? [] : [`Little here speaks of the request: no file holds ${words}.`]
}
