import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scannable } from '../../agents/feature/text-with-secrets.ts'
import { openProject } from '../../src/checks/project.ts'
import { watchPoll } from '../../src/daemon/watch-poll.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchRepo, write } from '../repo/scratch-repo.ts'

test('a file that stands where a folder was is no error', async () => {
  const root = scratchRepo({ 'a/package.json': '{}' })
  rmSync(join(root, 'a'), { recursive: true })
  write(root, 'a', '')
  expect(openProject(root, ['a/package.json']).text('a/package.json')).toBe(null)
  expect(scannable(root, 1000)('a/package.json')).toBe(true)
  await (await watchPoll(root, { onChange() {}, onTrouble() {} })).close()
  expect((await runRepose(['check', '--files', 'a/b'], { cwd: root })).stderr).toMatch(/there is no file a\/b/)
})
