/**
 * A process that runs a sleep pass over a repository: node --import tsx pass-child.ts ROOT DB ANSWERS. Its model answers that many calls, then
 * prints 'asking' and waits.
 */
import { runSleepPass } from '../../../agents/sleep/agent.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { noteOn, noting } from './note-model.ts'

const [root, db, answers] = process.argv.slice(2) as [string, string, string]
let asked = 0
const llm = noting(async (request) => {
  if (++asked <= Number(answers)) return noteOn(request)
  process.stdout.write('asking\n')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
  return noteOn(request)
})
const repo = await openRepo(root)
const store = openStore(db)
const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1_000_000, maxCommits: 100, processes: 1 })
await runSleepPass({ repo, store, worktree, llm, budget: {}, concurrency: 1 })
