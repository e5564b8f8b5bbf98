import { blobId } from '../files/blob-id.ts'
import { readInTree } from '../files/read-in-tree.ts'
import { MOST_TEXT } from '../files/read-regular.ts'
import { shownPath } from '../paths.ts'
import type { Request } from '../request/read-request.ts'
import { predictabilityOf, type RankedFile } from '../retrieve/name-files.ts'
import { type OutlineEntry, outlineLine, symbolScorer } from '../retrieve/outline.ts'
import { askOf } from '../retrieve/rank-files.ts'
import { isSpokenOf, unknownWords } from '../retrieve/spoken-of.ts'
import { visibleText } from '../secrets/without-secrets.ts'
import type { Store } from '../store/open-store.ts'
import type { ReadSummary } from '../summary/summary-reader.ts'
import { countTokens } from '../tokens/tokens.ts'
import type { RepoPath } from '../types.ts'
import { type Candidate, type Filled, fillPack } from './fill-pack.ts'
import { findFiles } from './find-files.ts'

export interface LayOutOptions {
  readonly root: string
  readonly worktree: number
  readonly budgetTokens: number
  /** One-line summary of a path ('src/a.ts') or symbol ('src/a.ts#f'); null: there is no good one. */
  readonly summaryOf: (subject: string, hash: string) => ReadSummary | null
  /** Ranked files, perhaps chosen by a model. Left out: they are ranked here. */
  readonly files?: readonly RankedFile[]
  /** One line on how the repository is usually changed for such a request: see recipeLineFor. Null or left out: the pack has none. */
  readonly recipe?: string | null
  /** Numbers the files, so that a reader can name them in short. Left out: they have no numbers. */
  readonly numberOf?: ((path: RepoPath) => number) | undefined
}

export interface Pack extends Filled {
  readonly files: readonly RankedFile[]
  /** Expected F1 of the files named to modify, from 0 to 1. */
  readonly predictability: number
  readonly effort: 'low' | 'high'
  readonly isSpokenOf: boolean
  /** Words of the title that no file holds. */
  readonly unknownWords: readonly string[]
}

const OUTLINED = 12 // files; of twenty outlines agents opened a fifth
const FEWEST_OUTLINED = 5 // so many files that may not change are outlined where few are named
const ENTRIES = 14 // definitions a file
const BODIES = 6
const BODY_LINES = 60
const MOST_RELATED = 20 // of fifty, agents read the first few
const RECIPE_WORTH = 3 // value: that of a file that is sure to change
const TO_READ = 1 / 3 // value of its outline: that of a file that changes in a third of cases
const TIGHT = 400 // tokens; a smaller budget holds the named files without their evidence
const LOW_EFFORT = 0.35
const RELATED = '## Related, probably not to change'
const GUESSED = '## Nothing here speaks of the request; what changed lately, and what goes with it'

/**
 * The pack for a request: its recipe if there is one, files with role and evidence, outlines of the likely files, and
 * bodies of the best definitions. Never exceeds the token budget. Reads the texts of a dozen files; everything else
 * comes from the index.
 */
export function layOutPack(request: Request, store: Store, options: LayOutOptions): Pack {
  const files = options.files ?? findFiles(store, options.worktree, request)
  const question = askOf(store, options.worktree, request)
  const candidates = [
    ...recipeCandidates(options.recipe ?? null),
    ...fileCandidates(files, options.budgetTokens < TIGHT, options.numberOf),
    ...(files.some(({ role }) => role !== 'maybe') ? outlineCandidates(files, question.rarity, store, options) : []),
  ].map((one, order) => ({ ...one, order }))
  const predictability = predictabilityOf(files)
  return {
    files,
    predictability,
    effort: predictability >= LOW_EFFORT ? 'low' : 'high',
    isSpokenOf: isSpokenOf(question),
    unknownWords: unknownWords(question),
    ...fillPack(candidates, options.budgetTokens, countTokens),
  }
}

/** The files of which the pack may show more than the path. */
export function outlinedFiles(files: readonly RankedFile[]): readonly RankedFile[] {
  const isMaybe = ({ role }: RankedFile) => role === 'maybe'
  const written = files.filter(({ isGenerated }) => !isGenerated)
  const named = written.filter((file) => !isMaybe(file)).slice(0, OUTLINED)
  return [...named, ...written.filter(isMaybe).slice(0, Math.max(0, FEWEST_OUTLINED - named.length))]
}

type Unordered = Omit<Candidate, 'order'>

function recipeCandidates(text: string | null): Unordered[] {
  const group = '## How this repository is usually changed'
  return text === null ? [] : [{ subject: '.', kind: 'recipe', text, value: RECIPE_WORTH, stale: false, group }]
}

function fileCandidates(
  files: readonly RankedFile[],
  isTight: boolean,
  numberOf: LayOutOptions['numberOf'],
): Unordered[] {
  const named = files.filter(({ role }) => role !== 'maybe' && role !== 'read')
  const toRead = files.filter(({ role }) => role === 'read')
  const maybe = files.filter(({ role, score }) => role === 'maybe' && score > 0).slice(0, MOST_RELATED)
  const related = maybe.every(({ isGuess }) => isGuess) ? GUESSED : RELATED
  const evidence = (file: RankedFile) => (isTight ? '' : `  (${file.why.slice(0, 2).join('; ')})`)
  const numbered = ({ path }: RankedFile) => (numberOf ? `${numberOf(path)} ` : '')
  const first = (file: RankedFile, group: string) => ({
    ...fileItem(file, `${numbered(file)}${file.role} ${shownPath(file.path)}${evidence(file)}`),
    isFirst: true,
    group,
  })
  return [
    ...named.map((file) => first(file, '## Files likely to change, best first')),
    ...toRead.map((file) => first(file, '## To read: a new file is to look like it')),
    ...maybe.map((file) => ({ ...fileItem(file, `${numbered(file)}${shownPath(file.path)}`), group: related })),
  ]
}

function fileItem({ path, score }: RankedFile, text: string): Omit<Unordered, 'group'> {
  return { subject: path, kind: 'file', text, value: 3 * score, stale: false }
}

function outlineCandidates(
  files: readonly RankedFile[],
  weights: ReadonlyMap<string, number>,
  store: Store,
  options: LayOutOptions,
): Unordered[] {
  const scoreSymbols = symbolScorer(weights)
  const outlines: Unordered[] = []
  const bodies: Unordered[] = []
  for (const file of outlinedFiles(files)) {
    const known = store.facts.file(options.worktree, file.path)
    const lines = readLines(options.root, file.path, known?.clean === 1 ? known.blob : null)
    const entries = scoreSymbols(store.facts.symbols(options.worktree, file.path), lines)
    const { summaryOf } = options
    const likely = file.role === 'read' ? Math.max(file.score, TO_READ) : file.score
    const largest = entries.reduce((most, { score }) => Math.max(most, score), 1e-9)
    const shown = new Set([...entries].sort((a, b) => b.score - a.score).slice(0, ENTRIES))
    const isAlike = (name: string) => [...shown].filter(({ symbol }) => symbol.name === name).length > 1
    const about = summaryOf(file.path, known?.blob ?? '')
    const group = `## ${shownPath(file.path)}${about ? `  ${about.text}` : ''}`
    for (const entry of entries.filter((one) => shown.has(one))) {
      const { symbol } = entry
      const subject = `${file.path}#${symbol.qualified}`
      const summary = summaryOf(subject, symbol.hash)
      const value = likely * (0.2 + entry.score / largest)
      outlines.push({
        subject,
        kind: summary ? 'summary' : 'outline',
        text: outlineLine(symbol, summary?.text, isAlike(symbol.name)),
        value,
        stale: summary?.stale ?? false,
        ...(summary?.origin ? { origin: summary.origin } : {}),
        group,
      })
      const text = lines.slice(symbol.lines.first - 1, symbol.lines.last).join('\n')
      if (text !== '' && isWorthShowing(entry, largest)) {
        bodies.push({
          subject,
          kind: 'body',
          text,
          value: 2 * value,
          stale: false,
          group: `## ${shownPath(subject)}, lines ${symbol.lines.first}-${symbol.lines.last}`,
        })
      }
    }
  }
  return [...outlines, ...bodies.sort((a, b) => b.value - a.value).slice(0, BODIES)]
}

function isWorthShowing({ symbol, score }: OutlineEntry, largest: number): boolean {
  const length = symbol.lines.last - symbol.lines.first
  return (
    symbol.kind !== 'class' && symbol.kind !== 'test' && score > 0.5 * largest && length >= 2 && length <= BODY_LINES
  )
}

const REMEMBERED = 60 // texts: about as many as five packs have
const recent = new Map<string, string>() // text -> the same without secrets; a server shows the same files again and again

/** The lines of a file in the working tree, without secrets; [] if it vanished meanwhile. clean: blob id of a content without any. */
function readLines(root: string, path: RepoPath, clean: string | null): readonly string[] {
  const text = readInTree(root, path, { maxBytes: MOST_TEXT })
  if (text === null) return []
  const isClean = clean !== null && blobId(Buffer.from(text), clean.length) === clean
  return (isClean ? text : remembered(text)).split(/\r?\n/)
}

function remembered(text: string): string {
  const visible = recent.get(text) ?? visibleText(text)
  recent.delete(text)
  recent.set(text, visible)
  if (recent.size > REMEMBERED) recent.delete(recent.keys().next().value!)
  return visible
}
