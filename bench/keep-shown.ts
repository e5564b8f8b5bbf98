/**
 * Compares the cost of a third call if the second shows what was missing: name every part again, or keep small shown parts.
 *
 *   node dist/bench/keep-shown.js [--output 4]
 *
 * From recordings of real runs. Each edited file of a run is in turn assumed to be the one that the model forgot to open. Its second
 * reply then asks for that file, without edits. Its third call needs every other part whose file the recorded reply edits. Naming a
 * part again costs the output of that line. Keeping it costs its input, needed or not. A needed part that the model forgets costs one
 * more call. The last row: the second reply already has the edits of what is shown, and the third call lists them. Nothing is sent.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { firstList } from '../agents/feature/first-list.ts'
import { type Look, placeName } from '../agents/feature/parse-looks.ts'
import { parseReply } from '../agents/feature/parse-reply.ts'
import { editPrompt } from '../agents/feature/prompts.ts'
import { sayApplied } from '../agents/feature/repair.ts'
import { show } from '../agents/feature/show.ts'
import { openWorkspace } from '../agents/feature/workspace.ts'
import { table } from '../bin/format.ts'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { readConfig } from '../src/config/read-config.ts'
import { refreshFacts } from '../src/indexing/refresh-facts.ts'
import { findFiles } from '../src/pack/find-files.ts'
import { openRepo } from '../src/repo/open-repo.ts'
import { readRequest } from '../src/request/read-request.ts'
import { openStore } from '../src/store/open-store.ts'
import { countTokens } from '../src/tokens/tokens.ts'
import { type FixtureName, replayFixture } from './fixture-repo.ts'

const RUNS: readonly (readonly [recording: string, fixture: FixtureName, request: string])[] = [
  [
    'bookshop-csv',
    'bookshop-ts',
    'Add a CSV output format\n\nReports should be printable as comma-separated values, for spreadsheets: `--format csv`.',
  ],
  [
    'waymark-bridge',
    'monorepo-mixed',
    'Add a kind of place: bridge\n\nHikers want footbridges on the signposts: the kind `bridge`, with an icon and a name in every language.',
  ],
  [
    'ferry-quays',
    'ferry-py',
    'Add a report of the busiest quays\n\n`ferry report quays` counts the departures and arrivals of a day at each island, the busiest first.',
  ],
]
const LIMITS = [0, 50, 100, 150, 200, 300, 500, Number.POSITIVE_INFINITY]
const FORGOTTEN = [0, 0.05, 0.1] // shares of the needed parts

interface Part {
  readonly tokens: number
  /** Tokens of the line that names it. */
  readonly name: number
  readonly isNeeded: boolean
}

interface Case {
  readonly parts: readonly Part[]
  /** Tokens of a call with nothing shown. */
  readonly bare: number
  /** Tokens of the report on the edits of all files but the missed one. */
  readonly applied: number
}

const { values } = parseArgs({ options: { output: { type: 'string', default: '4' } } })
const weight = Number(values.output) // cost of an output token, in input tokens
const scratch = mkdtempSync(join(tmpdir(), 'repose-keep-'))
try {
  const cases = (await Promise.all(RUNS.map(casesOf))).flat()
  const parts = cases.flatMap((one) => one.parts)
  const needed = parts.filter(({ isNeeded }) => isNeeded).length
  console.log(`${cases.length} cases, ${parts.length} parts shown, ${needed} of them needed again`)
  const mean = (limit: number, forgotten: number) =>
    cases.reduce((sum, one) => sum + costOf(one, limit, forgotten), 0) / cases.length
  const rows = LIMITS.map((limit) => [
    Number.isFinite(limit) ? `${limit}` : 'all',
    ...FORGOTTEN.map((share) => mean(limit, share).toFixed(0)),
    parts.filter(({ tokens }) => tokens <= limit).length.toString(),
  ])
  const applied = (cases.reduce((sum, one) => sum + one.applied, 0) / cases.length).toFixed(0)
  rows.push(['edits along', ...FORGOTTEN.map(() => applied), '0'])
  console.log(table([['kept up to', ...FORGOTTEN.map((share) => `forgotten ${share * 100}%`), 'parts kept'], ...rows]))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** In input tokens, without what is the same in both ways. */
function costOf({ parts, bare }: Case, limit: number, forgotten: number): number {
  return parts.reduce((sum, { tokens, name, isNeeded }) => {
    if (tokens <= limit) return sum + tokens
    return sum + (isNeeded ? tokens + name * weight + forgotten * (bare + tokens) : 0)
  }, 0)
}

async function casesOf([recording, fixture, request]: (typeof RUNS)[number]): Promise<readonly Case[]> {
  const root = join(scratch, recording)
  mkdirSync(root)
  await replayFixture(fixture, root)
  const repo = await openRepo(root)
  const store = openStore(':memory:')
  const { worktree } = await refreshFacts(repo, store, await readConfig(root))
  const workspace = openWorkspace(root)
  const list = await firstList(
    readRequest(request),
    findFiles(store, worktree, readRequest(request)),
    { store, worktree },
    workspace,
  )
  const { exchanges } = JSON.parse(
    readFileSync(join(PACKAGE_ROOT, 'fixtures/recordings', `${recording}.json`), 'utf8'),
  ) as { exchanges: { purpose: string; reply: { content: string } }[] }
  const replyTo = (purpose: string) =>
    parseReply(exchanges.find((one) => one.purpose === purpose)!.reply.content, list.listed)
  const { looks } = replyTo('open')
  const { edits } = replyTo('edit')
  const edited = new Set(edits.map(({ path }) => path))
  const stage = { request, pack: '', shown: '', news: '' }
  const bare = editPrompt(stage, true).reduce((sum, { content }) => sum + countTokens(content), 0)
  const shown: { path: string | null; part: Part }[] = []
  for (const group of groupsOf(looks)) {
    const { text } = await show(group.looks, workspace, { words: list.rarity })
    const isNeeded = group.path !== null && edited.has(group.path)
    const name = countTokens(group.looks.map(lineOf).join('\n')) + 1
    shown.push({ path: group.path, part: { tokens: countTokens(text), name, isNeeded } })
  }
  store.close()
  return shown
    .filter(({ part }) => part.isNeeded)
    .map((missed) => ({
      bare,
      applied: countTokens(sayApplied(edits.filter(({ path }) => path !== missed.path))),
      parts: shown.filter((one) => one !== missed).map(({ part }) => part),
    }))
}

/** Parts as shown: the parts of a file, and each search. */
function groupsOf(looks: readonly Look[]): { path: string | null; looks: Look[] }[] {
  const files = new Map<string, Look[]>()
  const searches: { path: null; looks: Look[] }[] = []
  for (const look of looks) {
    if (look.kind === 'search') searches.push({ path: null, looks: [look] })
    else files.set(look.path, [...(files.get(look.path) ?? []), look])
  }
  return [...[...files].map(([path, own]) => ({ path, looks: own })), ...searches]
}

function lineOf(look: Look): string {
  if (look.kind === 'search') return `search ${look.pattern}${look.places ? ` in ${look.places.map(placeName)}` : ''}`
  return `open ${look.path}${look.symbol ? `#${look.symbol}` : look.lines ? `:${look.lines.first}-${look.lines.last}` : ''}`
}
