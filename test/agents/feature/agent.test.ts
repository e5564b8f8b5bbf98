import { expect, test } from 'vitest'
import { implementRequest } from '../../../agents/feature/agent.ts'
import { scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { scratchRepo, sh } from '../../repo/scratch-repo.ts'

test('the worktree goes, also when the end of the request cannot be noted', async () => {
  const root = scratchRepo({ 'a.ts': 'const a = 1\n' })
  const repo = await openRepo(root)
  const store = openStore(':memory:')
  const { id: worktree } = store.facts.worktree(root)
  const ledger = {
    ...store.ledger,
    endRequest: () => {
      throw new Error('the disk is full')
    },
  }
  const run = implementRequest(
    'Add b',
    {
      repo,
      store,
      ledger,
      worktree,
      llm: scriptedLlm([{ stop: 'failed', message: 'no such model' }]),
      effort: 'low',
      checks: [],
      checkTimeoutMs: 1000,
      budgetTokens: 1000,
      signal: new AbortController().signal,
    },
    async ({ stop }) => stop,
  )
  await expect(run).rejects.toThrow('the disk is full')
  expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
})
