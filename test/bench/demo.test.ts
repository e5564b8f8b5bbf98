import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { readRecording } from '../../src/llm/recording.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'

test('`npm start` does the main job from recorded replies: a feature in several files, checked by the project, and a night', () => {
  const other = scratchRepo({ 'src/price.ts': 'export const price = 1\n' })
  const run = spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/bench/demo.js'), other], { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
  for (const path of ['src/formatters/csv.ts', 'src/formatters/index.ts', 'src/config/schema.ts', 'CHANGELOG.md'])
    expect(run.stdout).toContain(path)
  expect(run.stdout).toContain('checks: syntax passed, npm test passed')
  expect(run.stdout).toMatch(/test-time tokens +[1-9]/)
  expect(run.stdout).toMatch(/sleep-time tokens +[1-9]/)
  expect(run.stdout).toMatch(/Add a clearance discount +drafted +(passed|not run) +9/) // not run: there is no cage here
  expect(run.stdout).toContain('applied to 9 files of your working tree')
  expect(run.stdout).toContain(`${other}, the part that needs no model`)
  expect(run.stdout).toContain('1 file')
}, 240_000) // half a minute on an idle machine

test.each(['bookshop-csv', 'bookshop-sleep', 'bookshop-night', 'waymark-bridge', 'ferry-quays'])(
  'the recording %s says that it is one, and holds no path of a machine',
  (name) => {
    const recording = readRecording(join(PACKAGE_ROOT, `fixtures/recordings/${name}.json`))
    expect(recording.note).toContain('real model')
    expect(JSON.stringify(recording)).not.toMatch(/\/(home|Users|tmp|root)\//)
  },
)
