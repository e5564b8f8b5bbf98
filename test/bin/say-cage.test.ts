import { expect, test } from 'vitest'
import { sayCage } from '../../bin/say-cage.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { UNCAGED, userConfig } from '../helpers/user-config.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'
import { whyNoCage } from '../verify/cage-lab.ts'

const CAGE = { network: false, uncaged: false, readable: [], env: [] }
const reason = whyNoCage()
if (reason !== null) console.log(`no cage to speak of: ${reason}`)

test.skipIf(reason !== null)('where checks run in a cage, that is said, with what the user allows', async () => {
  const root = scratchRepo({ 'a.txt': 'a\n' })
  expect(await sayCage(CAGE, root)).toMatch(/^run in a cage: bubblewrap [\d.]+, without a network$/)
  const allowed = { ...CAGE, network: true, readable: ['/srv'], env: ['A', 'B'] }
  expect(await sayCage(allowed, root)).toMatch(/, with the network; may read \/srv; get A, B$/)
})

test('where they do not, why and what to do is said, and nothing is wrong with that', async () => {
  const root = scratchRepo({ 'a.txt': 'a\n' })
  const run = await runRepose(['doctor', '--json'], { cwd: root, env: userConfig(root, UNCAGED) })
  expect(run.code).toBe(0)
  expect(JSON.parse(run.stdout)).toContainEqual({
    what: 'cage',
    ok: true,
    says: 'run without a cage, with your rights: your configuration says checks.uncaged (remove that setting)',
  })
})
