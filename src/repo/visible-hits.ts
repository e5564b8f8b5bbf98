import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { groupBy } from '../groups.ts'
import { cutOut, type Secret } from '../secrets/secret.ts'
import type { RepoPath } from '../types.ts'
import { type GrepHit, type GrepOptions, type GrepResult, grep, SIMPLER, sayMany } from './grep.ts'

/** A file's text and its secrets: sorted, without overlaps. */
export interface TextWithSecrets {
  readonly text: string
  readonly secrets: readonly Secret[]
}

const GAP = '\x01' // stands for a secret; few patterns match it
const LINES = 'lines' // a file
const UNREADABLE = '\uFFFD' // stands for bytes that are not UTF-8

const MOST_HITS = 20_000
const MOST_HIDDEN = 2_000_000 // hits in all, if most of them are left out
const AT_ONCE = 32 // files that are read
const SCAN_MS = 10_000 // of all files with hits; a thousand take a second
const LATE = `the search was stopped after ${SCAN_MS / 1000} s: ${SIMPLER}`

type How = Pick<GrepOptions, 'kind' | 'ignoreCase' | 'signal' | 'timeoutMs'>

/**
 * A search whose result is the same for any secret. A line that has one counts only if the pattern matches in what is shown of the line:
 * whether and where the secret matches is not told.
 *
 * search: finds at most so many hits in the files as they are, without files that are too large to be read. textOf:
 * null for a file that cannot be read; its hits are left out. The files with hits are scanned for secrets. Only if a line with a hit has
 * one, git is called again, with the shown parts of these lines.
 */
export async function visibleHits(
  pattern: string,
  how: How,
  search: (mostHits: number) => Promise<GrepResult>,
  textOf: (path: RepoPath) => Promise<TextWithSecrets | null>,
): Promise<GrepResult> {
  for (const mostHits of [2 * MOST_HITS, MOST_HIDDEN]) {
    const found = await search(mostHits)
    if ('problem' in found) return found
    const { hits, isLate } = await withoutSecretHits(found.hits, pattern, how, textOf)
    if (hits.length >= MOST_HITS) return { hits: hits.slice(0, MOST_HITS), stopped: sayMany(MOST_HITS) }
    // that the limit is reached would tell of the hits that are left out
    if (isLate || found.hits.length < mostHits) return { hits, stopped: isLate ? LATE : found.stopped }
  }
  return { hits: [], stopped: LATE }
}

async function withoutSecretHits(
  hits: readonly GrepHit[],
  pattern: string,
  how: How,
  textOf: (path: RepoPath) => Promise<TextWithSecrets | null>,
): Promise<{ readonly hits: readonly GrepHit[]; readonly isLate: boolean }> {
  const gapped = new Map<GrepHit, string>() // their lines, with gaps for secrets
  const unread = new Set<RepoPath>()
  const until = performance.now() + SCAN_MS
  let isLate = false
  const scan = async ([path, own]: readonly [RepoPath, readonly GrepHit[]]) => {
    isLate ||= performance.now() > until
    const file = isLate ? null : await textOf(path)
    if (file === null) unread.add(path)
    else if (file.secrets.length > 0) {
      const starts = lineStarts(file.text)
      for (const hit of own) {
        const line = withGaps(file, starts[hit.line - 1] ?? file.text.length, starts[hit.line] ?? file.text.length)
        if (line !== null) gapped.set(hit, line)
      }
    }
  }
  const files = [...groupBy(hits, (hit) => hit.path)]
  for (let at = 0; at < files.length; at += AT_ONCE) {
    how.signal?.throwIfAborted()
    await Promise.all(files.slice(at, at + AT_ONCE).map(scan))
  }
  if (gapped.size + unread.size === 0) return { hits, isLate }
  const offsets = await offsetsIn([...gapped.values()], pattern, how)
  const numbers = new Map([...gapped.keys()].map((hit, i) => [hit, i + 1]))
  const told = hits.flatMap((hit) => {
    if (unread.has(hit.path)) return []
    const number = numbers.get(hit)
    if (number === undefined) return [hit]
    const offset = offsets.get(number)
    return offset === undefined ? [] : [{ ...hit, offset }]
  })
  return { hits: told, isLate }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The line at [from, to) with a gap for each secret; null: it has none. Takes the logarithm of all secrets of the file. */
function withGaps({ text, secrets }: TextWithSecrets, from: number, to: number): string | null {
  let first = 0
  for (let end = secrets.length; first < end; ) {
    const middle = (first + end) >> 1
    if (secrets[middle]!.to > from) end = middle
    else first = middle + 1
  }
  let last = first
  while (last < secrets.length && secrets[last]!.from < to) last++
  if (first === last) return null
  const inside = secrets.slice(first, last)
  const moved = inside.map((one) => ({
    ...one,
    from: Math.max(one.from, from) - from,
    to: Math.min(one.to, to) - from,
  }))
  return cutOut(text.slice(from, to), moved, () => GAP).replaceAll('\n', '')
}

/**
 * Of each line in which the pattern matches, whatever the secrets in the gaps are: its number, and the bytes before a match. So no match
 * reaches over a gap, or looks at what is next to it.
 */
async function offsetsIn(lines: readonly string[], pattern: string, how: How): Promise<ReadonlyMap<number, number>> {
  const offsets = new Map<number, number>()
  const isText = how.kind === 'text'
  const [wanted, isFollowed] = isText ? [pattern, false] : withoutRest(pattern)
  const looksAround = !isText && /\\[bB<>`']|\[\[:[<>]:\]\]/.test(pattern)
  for (const { line: number, match = '' } of await matchesIn(lines, wanted, how)) {
    const line = lines[number - 1] ?? ''
    const isWhole = !match.includes(GAP) && !line.includes(UNREADABLE)
    const isApart = !looksAround || !(line.includes(GAP + match) || line.includes(match + GAP))
    const isAtEnd = isFollowed && line.trimEnd().endsWith(match.trimEnd())
    if (isWhole && isApart && !isAtEnd && !offsets.has(number))
      offsets.set(number, Buffer.byteLength(line.slice(0, line.indexOf(match))))
  }
  return offsets
}

async function matchesIn(lines: readonly string[], pattern: string, how: How): Promise<readonly GrepHit[]> {
  if (lines.length === 0) return []
  const folder = await mkdtemp(join(temporaryFolder(), 'repose-search-'))
  try {
    await writeFile(join(folder, LINES), `${lines.join('\n')}\n`)
    const found = await grep(folder, pattern, { ...how, within: [LINES], each: true, isInstalled: true })
    return 'hits' in found ? found.hits : []
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The pattern without '.*' or '.+' at its ends, which would reach over a secret, and whether something must follow. */
function withoutRest(pattern: string): readonly [pattern: string, isFollowed: boolean] {
  const end = /(?<!\\)((?:\\\\)*)\.[*+]$/
  const bare = pattern.replace(/^\.\*(?![*+?{]|$)/, '')
  const short = bare.replace(end, '$1')
  return short === '' || short === bare ? [bare, false] : [short, bare.endsWith('+')]
}
