import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

const source = Array.from(
  { length: 200 },
  (_, i) => `export function invoice${i}(total: number) {\n  return total\n}\n`,
)

function scene(user: object, repository: object) {
  const home = scratchFolder()
  mkdirSync(join(home, 'repose'))
  writeFileSync(join(home, 'repose/config.json'), JSON.stringify(user))
  const cwd = scratchRepo({ 'src/invoice.ts': source.join('\n'), 'repose.config.json': JSON.stringify(repository) })
  return (...args: string[]) => runRepose(args, { cwd, env: { XDG_CONFIG_HOME: home } })
}

test("a committed configuration raises no budget of the user's", async () => {
  const repose = scene({ packTokens: 200 }, { packTokens: 1_000_000 })
  const pack = JSON.parse((await repose('context', 'Add an invoice', '--json')).stdout) as { budgetTokens: number }
  expect(pack).toMatchObject({ budgetTokens: 200 })
  const asked = JSON.parse((await repose('context', 'Add an invoice', '--budget-tokens', '900', '--json')).stdout)
  expect(asked).toMatchObject({ budgetTokens: 900 }) // a flag is the user's own word
})

test('doctor says who set each limit, and what was passed over', async () => {
  const repose = scene({ sleep: { maxUsd: 0.5 } }, { maxCommits: 10, sleep: { maxUsd: 7, budgetTokens: 1000 } })
  const { stdout } = await repose('doctor')
  expect(stdout).toMatch(/^maxCommits +10 {2}repose\.config\.json$/m)
  expect(stdout).toMatch(/^sleep\.budgetTokens +1,000 {2}repose\.config\.json$/m)
  expect(stdout).toMatch(/^sleep\.maxUsd +0\.5 {2}your configuration \(repose\.config\.json says 7: /m)
  expect(stdout).toMatch(/^packTokens +2,000 {2}default$/m)
  const findings = JSON.parse((await repose('doctor', '--json')).stdout) as { what: string; limits?: object[] }[]
  expect(findings.find(({ what }) => what === 'configuration')!.limits).toContainEqual({
    ...{ key: 'sleep.maxUsd', value: 0.5 },
    ...{ from: 'user', passedOver: 7 },
  })
})

test('a committed configuration names no model, and the message says whose word that is', async () => {
  const run = await scene({}, { model: 'gpt-9-max' })('index')
  expect(run).toMatchObject({ code: 2, stdout: '' })
  expect(run.stderr).toMatch(
    /^error: [^\n]*unknown key "model" \(set it in your own configuration [^\n]+\nfix: {3}[^\n]+\n$/,
  )
})
