import { expect, onTestFinished, test } from 'vitest'
import { answerQuestion } from '../../../agents/feature/answer-question.ts'
import { selectFiles } from '../../../agents/feature/select-files.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { ABORTED } from '../../../src/llm/aborted.ts'
import { findFiles } from '../../../src/pack/find-files.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { readRequest } from '../../../src/request/read-request.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { scratchRepo } from '../../repo/scratch-repo.ts'

test('a question or a selection that the user ends is interrupted in the ledger, as a run is', async () => {
  const repo = await openRepo(scratchRepo({ 'src/cart.ts': 'export function totalOfCart() {\n  return 1\n}\n' }))
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1_000_000, maxCommits: 100, processes: 1 })
  const ended = () => {
    const user = new AbortController()
    const complete = async () => {
      user.abort()
      return ABORTED
    }
    return { store, worktree, llm: { model: 'm', complete }, signal: user.signal }
  }
  const request = readRequest('Add the totalOfCart to the cart')
  await expect(answerQuestion('What is totalOfCart?', { repo, ...ended() })).rejects.toThrow()
  await expect(selectFiles(request, findFiles(store, worktree, request), ended())).rejects.toThrow()
  expect(store.db.all('SELECT command, stop FROM request ORDER BY id')).toEqual([
    { command: 'ask', stop: 'interrupted' },
    { command: 'select', stop: 'interrupted' },
  ])
})
