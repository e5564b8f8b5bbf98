import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { learnRecipes, learnRecipesElsewhere } from '../../src/indexing/learn-recipes.ts'
import { openPastFacts } from '../../src/indexing/past-facts.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { recipeFor, recipeLineFor } from '../../src/recipes/recipe-for.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { type Lab, openLab } from '../agents/sleep/sleep-lab.ts'
import { removeFolder } from '../helpers/platform.ts'
import {
  bringContents,
  partialClone,
  repoWithHistory,
  scratchFolder,
  scratchRepo,
  sh,
  write,
} from '../repo/scratch-repo.ts'

let lab: Lab
beforeEach(async () => {
  const files = { 'src/options.ts': 'export const options = []\n', 'src/run.ts': 'export function run() {}\n' }
  lab = await openLab(repoWithHistory('sixteen-additions', files, makeAdditions))
})

function makeAdditions(root: string): void {
  for (const name of ['watch', 'quiet', 'json', 'force', 'tag', 'dry'])
    commit(`Add --${name} flag to the run command of cli (#1)`, name, undefined, root)
  for (const name of ['colour', 'events', 'retries', 'zoom', 'sounds', 'undo', 'themes', 'print', 'search', 'sync'])
    commit(`Support ${name}`, name, [`src/${name}.ts`, `src/of/${name}/index.ts`], root)
}

function commit(
  message: string,
  name: string,
  paths = ['src/options.ts', 'src/run.ts', `news/${name}.md`],
  root = lab.root,
): void {
  for (const path of paths) write(root, path, `export const ${name} = 1\n`)
  sh(root, 'add', '-A')
  sh(root, 'commit', '-q', '-m', message)
}

async function learn(signal?: AbortSignal) {
  const repo = await openRepo(lab.root)
  const { worktree } = await refreshFacts(repo, lab.store, { maxFileBytes: 1e6, maxCommits: 100, processes: 1 })
  return { worktree, ...(await learnRecipes(repo, lab.store, { clock: () => 7, ...(signal ? { signal } : {}) })) }
}

test('recipes are mined once for each HEAD, and replaced as a whole', async () => {
  const first = await learn()
  expect(first).toMatchObject({ state: 'mined', recipes: 1, additions: 16 })
  expect(lab.store.recipes.mining(first.worktree)).toMatchObject({ additions: 16, minedAt: 7 })
  expect(await learn()).toMatchObject({ state: 'known', recipes: 1, additions: 16 })
  commit('Add --loud flag to the run command of cli', 'loud')
  expect(await learn()).toMatchObject({ state: 'mined', recipes: 1, additions: 17 })
  expect(
    recipeFor(lab.store, first.worktree, readRequest('Add --slow flag to the run command of cli'))!.commits,
  ).toHaveLength(7)
})

test('additions whose renames a partial clone does not tell are left out, until their contents are there', async () => {
  const lines = 'export const run = () => {}\n'.repeat(9)
  write(lab.root, 'src/run.ts', lines)
  sh(lab.root, 'commit', '-qam', 'Tidy up')
  sh(lab.root, 'mv', 'src/run.ts', 'src/go.ts')
  write(lab.root, 'src/go.ts', `${lines}// more\n`)
  commit('Add --late flag to the run command of cli', 'late', ['src/options.ts', 'news/late.md'])
  const clone = partialClone(lab.root)
  const learnIn = async () => {
    const repo = await openRepo(clone)
    await refreshFacts(repo, lab.store, { maxFileBytes: 1e6, maxCommits: 100, processes: 1 })
    return learnRecipes(repo, lab.store)
  }
  expect(await learnIn()).toMatchObject({ state: 'mined', additions: 16, lacking: 1 })
  expect(await learnIn()).toMatchObject({ state: 'known', additions: 16 })
  bringContents(clone)
  expect(await learnIn()).toMatchObject({ state: 'mined', additions: 17, lacking: 0 })
  expect(await learnIn()).toMatchObject({ state: 'known' })
})

test('a request finds its recipe by its words, with the places, and with the commit most like it', async () => {
  const { worktree } = await learn()
  expect(
    recipeLineFor(
      lab.store,
      worktree,
      readRequest('Add --json-lines flag to the run command of cli\n\nIn short: no noise.'),
    ),
  ).toMatch(
    /^Past commits of this kind \(6, e\.g\. [0-9a-f]{7} "Add --json flag to the run command of cli"\) usually changed src\/options\.ts \(6 of 6\), src\/run\.ts \(6 of 6\), and made a new news\/\*\.md like news\/\w+\.md \(6 of 6\)$/,
  )
  expect(recipeLineFor(lab.store, worktree, readRequest('Draw a map of the harbour'))).toBeNull()
  expect(recipeLineFor(lab.store, worktree, readRequest(''))).toBeNull()
  expect(recipeFor(lab.store, worktree + 1, readRequest('Add --quiet flag to the run command of cli'))).toBeNull()
})

test('recipes of commits that HEAD cannot see are not told', async () => {
  const { worktree } = await learn()
  const told = () => recipeFor(lab.store, worktree, readRequest('Add --slow flag to the run command of cli'))
  expect(told()).not.toBeNull()
  const goTo = async (revision: string) => {
    sh(lab.root, 'checkout', '-q', revision)
    await refreshFacts(await openRepo(lab.root), lab.store, { maxFileBytes: 1e6, maxCommits: 100, processes: 1 })
  }
  await goTo('HEAD~2')
  expect(told()).toBeNull()
  await goTo('-')
  expect(told()).not.toBeNull()
})

test('a linked working tree has the recipes of another one, mined and a pass there mines for it what its HEAD can see', async () => {
  const { worktree } = await learn()
  const root = join(scratchFolder(), 'linked')
  sh(lab.root, 'worktree', 'add', '-q', '-b', 'feature', root)
  rmSync(join(root, 'src/run.ts'))
  const repo = await openRepo(root)
  const options = { maxFileBytes: 1e6, maxCommits: 100, processes: 1 }
  const { worktree: linked } = await refreshFacts(repo, lab.store, options)
  const request = 'Add --slow flag to the run command of cli'
  const placesIn = (id: number) => recipeFor(lab.store, id, readRequest(request))?.steps.map(({ place }) => place)
  expect(placesIn(worktree)).toEqual(expect.arrayContaining(['src/options.ts', 'src/run.ts']))
  expect(placesIn(linked)).toContain('src/options.ts')
  expect(placesIn(linked)).not.toContain('src/run.ts') // it is gone there

  sh(lab.root, 'commit', '-q', '--allow-empty', '-m', 'Release')
  await learn() // where the linked one's HEAD cannot see
  expect(placesIn(linked)).toBe(undefined)
  expect(await learnRecipesElsewhere(await openRepo(lab.root), lab.store)).toBe(1)
  expect(placesIn(linked)).toContain('src/options.ts')
  expect(await learnRecipesElsewhere(await openRepo(lab.root), lab.store)).toBe(0)
})

test('a place that went meanwhile is not told; a fragment that went is still to be made', async () => {
  const { worktree } = await learn()
  rmSync(join(lab.root, 'news'), { recursive: true })
  await refreshFacts(await openRepo(lab.root), lab.store, { maxFileBytes: 1e6, maxCommits: 100, processes: 1 })
  expect(recipeLineFor(lab.store, worktree, readRequest('Add --slow flag to the run command of cli'))).toContain(
    'made a new news/*.md (6 of 6)',
  )
  rmSync(join(lab.root, 'src'), { recursive: true })
  await refreshFacts(await openRepo(lab.root), lab.store, { maxFileBytes: 1e6, maxCommits: 100, processes: 1 })
  expect(recipeFor(lab.store, worktree, readRequest('Add --slow flag to the run command of cli'))).toBeNull()
})

test('an abort leaves the recipes of before', async () => {
  await learn()
  commit('Add --loud flag to the run command of cli', 'loud')
  expect(await learn(AbortSignal.abort())).toMatchObject({ state: 'interrupted', recipes: 1, additions: 16 })
})

test('a pass without a model mines them and says so in its receipt, once', async () => {
  expect((await lab.pass(null)).notes).toContain('recipes: 1, from 16 past additions')
  expect((await lab.pass(null)).notes).not.toContain('recipes: 1, from 16 past additions')
  expect(await lab.pass(null, { signal: AbortSignal.abort() })).toMatchObject({ stop: 'interrupted' })
})

test('a repository without additions has none, and its receipt says nothing of them', async () => {
  const other = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  onTestFinished(() => removeFolder(other))
  expect((await lab.pass(null, {}, other)).notes.filter((note) => note.startsWith('recipes'))).toEqual([])
})

test('what features of any kind take with them is not said of a fix', async () => {
  const { worktree } = await learn()
  const { recipes } = lab.store
  const known = recipeFor(lab.store, worktree, readRequest('Add --slow flag to the run command of cli'))!
  recipes.replace(worktree, recipes.mining(worktree)!, [{ ...known, by: 'habit', word: null }])
  expect(recipeFor(lab.store, worktree, readRequest('Draw a map of the harbour'))).toMatchObject({ by: 'habit' })
  expect(recipeFor(lab.store, worktree, readRequest('Fix the map of the harbour'))).toBeNull()
})

test('recipes at a past commit are those that a pass in a checkout of it mines; commits before it know none', async () => {
  const [base, before] = ['HEAD~2', 'HEAD~3'].map((revision) => sh(lab.root, 'rev-parse', revision).trim())
  const past = openPastFacts(lab.root, join(lab.root, '.git/x.db'), {
    maxFileBytes: 1e6,
    maxCommits: 100,
    processes: 1,
  })
  const request = 'Add --slow flag to the run command of cli'
  try {
    await past.prepare([base!])
    await past.mine(base!)
    const worktree = await past.at(base!)
    const told = recipeFor(past.store, worktree, readRequest(request))
    expect(told!.commits).toHaveLength(6)
    sh(lab.root, 'checkout', '-q', base!)
    const here = await learn()
    expect(past.store.recipes.all(worktree)).toEqual(lab.store.recipes.all(here.worktree))
    expect(recipeFor(past.store, await past.at(before!), readRequest(request))).toBeNull()
  } finally {
    past.close()
  }
})

test('an abort is heard while recipes of the past are mined', async () => {
  const controller = new AbortController()
  const settings = { maxFileBytes: 1e6, maxCommits: 100, processes: 1, signal: controller.signal }
  const past = openPastFacts(lab.root, join(lab.root, '.git/x.db'), settings)
  try {
    const head = sh(lab.root, 'rev-parse', 'HEAD').trim()
    const worktree = await past.at(head)
    const { at } = past
    past.at = async (commit) => {
      const there = await at(commit)
      controller.abort(new Error('the developer is back')) // from here on only mining can hear it
      return there
    }
    await expect(past.mine(head)).rejects.toThrow('the developer is back')
    expect(past.store.recipes.mining(worktree)).toBeNull()
  } finally {
    past.close()
  }
})
