/**
 * Replays past commits: which pages does `repose check` say they make stale?
 *
 *   node dist/bench/stale-documents.js REPOSITORY... [--limit 1000]
 *
 * REPOSITORY: a clone; it is not changed. The newest commits are looked at, without merges. For each mention it prints the commit, whether
 * the newest commit's page still has the name (kept) or not (gone), the place, the name and the line, to be judged by hand; then the sums.
 */
import './bare-clones.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { git } from '../src/repo/git.ts'
import { staleMentions } from '../src/review/stale-mentions.ts'
import { cloneTo } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: 'string', default: '1000' } },
})
if (positionals.length === 0) {
  console.error('usage: node dist/bench/stale-documents.js REPOSITORY... [--limit 1000]')
  process.exit(2)
}

const scratch = mkdtempSync(join(tmpdir(), 'repose-stale-'))
const sum = { commits: 0, telling: 0, mentions: 0, gone: 0 }
try {
  for (const repository of positionals) await replay(repository)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(JSON.stringify(sum))

async function replay(repository: string): Promise<void> {
  const root = join(scratch, basename(repository))
  cloneTo(repository, root)
  const newest = ['log', '--no-merges', '--min-parents=1', '--format=%H', '-n', values.limit, 'HEAD']
  for (const commit of (await git(root, newest)).split('\n').filter(Boolean)) {
    const diff = await git(root, ['diff', '--unified=0', '--find-renames', '--no-color', `${commit}~1`, commit]).catch(
      () => null, // a partial clone lacks its contents
    )
    if (diff === null) continue
    sum.commits++
    await git(root, ['read-tree', commit])
    const mentions = await staleMentions(diff, { root, isStaged: true })
    if (mentions.length > 0) sum.telling++
    for (const { path, line, name } of mentions) {
      const page = await git(root, ['show', `HEAD:${path}`]).catch(() => '')
      const isGone = !page.includes(name)
      sum.mentions++
      if (isGone) sum.gone++
      const text = (await git(root, ['show', `${commit}:${path}`])).split('\n')[line - 1]!.trim()
      console.log(
        [commit.slice(0, 8), isGone ? 'gone' : 'kept', `${path}:${line}`, name, text.slice(0, 120)].join(' | '),
      )
    }
  }
}
