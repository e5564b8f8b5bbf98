/**
 * Finds files that repose leaves out although people edit them.
 *
 *   node dist/bench/left-out.js REPO... [--list] [--years 2]
 *
 * REPO: a clone, bare or not; it is not changed. Reads a checkout of its newest commit. Lists the number of tracked files that are not
 * read, by reason, and how many of them people (no bots, no merges) changed in the last years before that commit. Lock files and binary
 * files are counted separately: nobody writes those by hand. --list: lists the files that people edit, most edits first, with the rule.
 */
import './bare-clones.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../bin/format.ts'
import { DEFAULTS } from '../src/config/defaults.ts'
import { refreshFacts } from '../src/indexing/refresh-facts.ts'
import { git, splitNul } from '../src/repo/git.ts'
import { openRepo } from '../src/repo/open-repo.ts'
import { openStore } from '../src/store/open-store.ts'
import { checkOut, cloneTo } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, years: { type: 'string', default: '2' } },
})
if (positionals.length === 0) {
  console.error('usage: node dist/bench/left-out.js REPO... [--list] [--years 2]')
  process.exit(2)
}

const BOT = /\bbot\b|\[bot\]|renovate|dependabot|github-actions|autofix/i
const OF_NO_HAND: ReadonlySet<string> = new Set(['lock file', 'binary', 'symbolic link', 'submodule'])

interface Unread {
  readonly path: string
  readonly reason: string
  readonly rule: string | null
  readonly edits: number
}

const rows: string[][] = [['repository', 'tracked', 'not read', 'edited', 'of these, by reason', 'lock, binary']]
for (const place of positionals) {
  const folder = mkdtempSync(join(tmpdir(), 'repose-left-out-'))
  try {
    const unread = await unreadOf(resolve(place), folder)
    const byHand = unread.files.filter(({ reason }) => !OF_NO_HAND.has(reason))
    const edited = byHand.filter(({ edits }) => edits > 0).sort((a, b) => b.edits - a.edits)
    const reasons = new Map<string, number>()
    for (const { reason } of edited) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    rows.push([
      basename(place),
      String(unread.tracked),
      String(byHand.length),
      String(edited.length),
      [...reasons].map(([reason, files]) => `${reason} ${files}`).join(', '),
      String(unread.files.length - byHand.length),
    ])
    if (values.list)
      for (const { path, reason, rule, edits } of edited)
        console.log(`${basename(place)}\t${edits}\t${path}\t${reason}\t${rule ?? ''}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
console.log(table(rows))

async function unreadOf(place: string, folder: string): Promise<{ tracked: number; files: Unread[] }> {
  const head = (await git(place, ['rev-parse', 'HEAD'])).trim()
  const clone = join(folder, 'clone')
  cloneTo(place, clone)
  checkOut(clone, head)
  const store = openStore(join(folder, 'facts.db'))
  try {
    const { worktree } = await refreshFacts(await openRepo(clone), store, {
      maxFileBytes: DEFAULTS.maxFileBytes,
      maxCommits: 0,
    })
    const edits = await editsOf(clone, head)
    const files = store.facts.unread(worktree).flatMap(({ path, lines, reason, ...more }) => {
      const { rule = null } = more as { rule?: string | null }
      return lines === null ? [{ path, reason, rule, edits: edits.get(path) ?? 0 }] : []
    })
    return { tracked: store.facts.fileCount(worktree), files }
  } finally {
    store.close()
  }
}

/** How often people changed each file, by its name in the commit. */
async function editsOf(root: string, head: string): Promise<Map<string, number>> {
  const at = Number((await git(root, ['log', '-1', '--format=%ct', head])).trim())
  const since = Math.round(at - Number(values.years) * 365.25 * 86_400)
  const log = await git(root, [
    'log',
    '-z',
    '--no-merges',
    '--no-renames', // following renames needs contents, which a clone may lack
    `--since=${since}`,
    '--format=%x01%an <%ae>',
    '--name-only',
    head,
  ])
  const edits = new Map<string, number>()
  for (const commit of log.split('\x01').slice(1)) {
    const [author, ...paths] = splitNul(commit.replace('\n', '\0'))
    if (BOT.test(author!)) continue
    for (const path of paths.map((one) => one.replace(/^\n/, '')).filter(Boolean))
      edits.set(path, (edits.get(path) ?? 0) + 1)
  }
  return edits
}
