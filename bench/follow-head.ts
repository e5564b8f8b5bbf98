/**
 * Whether a draft follows HEAD as history did: past features as drafts, and the real commits after each as what landed meanwhile.
 *
 *   node dist/bench/follow-head.js REPOS [--features 10] [--commits 20]
 *
 * REPOS: a folder of clones, which get loose objects and are not changed otherwise. For each of a repository's newest features that have enough
 * successors, HEAD is made of the commit before the feature and of the commits after it, without the feature. A draft that "fits" must then give
 * exactly the tree that history has. Commits that do not apply without the feature are left out, and the ones after them too.
 */
import './bare-clones.ts'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mineFeatures } from '../src/history/mine-features.ts'
import { commitDraft, diffBetween, standingOf } from '../src/repo/drafts.ts'
import { git } from '../src/repo/git.ts'
import { treeWith } from '../src/repo/tree-with.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { features: { type: 'string', default: '10' }, commits: { type: 'string', default: '20' } },
})
const [folder] = positionals
const [most, steps] = [Number(values.features), Number(values.commits)]
if (!folder || !(most >= 1) || !(steps >= 1)) {
  console.error('usage: node dist/bench/follow-head.js REPOS [--features 10] [--commits 20]')
  process.exit(2)
}
const total = { steps: 0, asHistory: 0, otherwise: 0, stale: 0, conflict: 0, there: 0, unlanded: 0 }
for (const name of readdirSync(folder)) {
  const root = join(folder, name)
  const { features } = await mineFeatures(root, 'HEAD')
  const line = (await git(root, ['rev-list', '--first-parent', 'HEAD'])).trim().split('\n').reverse()
  const place = new Map(line.map((commit, i) => [commit, i]))
  const usable = features
    .filter(({ commit }) => (place.get(commit) ?? line.length) + steps < line.length)
    .slice(0, most)
  const found = { ...total }
  for (const key of Object.keys(found) as (keyof typeof found)[]) found[key] = 0
  for (const { commit, base, modified } of usable) {
    const draft = { base, commit }
    let head = base
    for (let k = 1; k <= steps; k++) {
      const [from, to] = [line[place.get(commit)! + k - 1]!, line[place.get(commit)! + k]!]
      const diff = await diffBetween(root, from, to)
      const landed = diff === '' ? null : await treeWith(root, head, diff)
      if (landed && !('tree' in landed)) {
        found.unlanded += steps - k + 1
        break
      }
      if (landed) head = await commitDraft(root, head, landed.tree, 'landed')
      found.steps++
      const merged = await standingOf(root, draft, [], head)
      if (merged.kind === 'fits') {
        const isSame = merged.tree === (await git(root, ['rev-parse', `${to}^{tree}`])).trim()
        const whole = await standingOf(root, draft, modified, head) // had the agent seen each file whole
        if (whole.kind === 'changed') found.stale++
        else found[isSame ? 'asHistory' : 'otherwise']++
        if (!isSame) process.stderr.write(`${name} ${commit.slice(0, 10)} +${k}: another tree than history has\n`)
      } else if (merged.kind === 'conflict' || merged.kind === 'there') found[merged.kind]++
    }
  }
  console.log(`${name}\t${usable.length} features\t${JSON.stringify(found)}`)
  for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += found[key]
}
console.log(`all\t${JSON.stringify(total)}`)
