import { expect, test } from 'vitest'
import { asOnTerminal } from '../helpers/as-on-terminal.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'

const MANY = Object.fromEntries(
  Array.from({ length: 60 }, (_, n) => [`src/part${n}.ts`, `export function part${n}() {\n  return ${n}\n}\n`]),
)

test.each([
  ['status', []],
  ['context', ['Add a part']],
  ['find', ['part1']],
  ['ask', ['src/part1.ts']],
])('the first %s shows on a terminal that files are read, and nothing of it elsewhere', async (command, args) => {
  const shown = await asOnTerminal([command, ...args], { cwd: scratchRepo(MANY) })
  expect(shown.code).toBe(0)
  expect(shown.shown).toMatch(/\rreading \d+ of 60 files[^\n]*\r +\r/)
  expect((await runRepose([command, ...args], { cwd: scratchRepo(MANY) })).stderr).not.toContain('reading')
})
