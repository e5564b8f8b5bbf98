import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { readRecording } from '../../src/llm/recording.ts'

const FOLDER = join(PACKAGE_ROOT, 'fixtures/recordings')

test.each(readdirSync(FOLDER))('the recording %s says that it is one, and holds no path of a machine', (name) => {
  const recording = readRecording(join(FOLDER, name))
  expect(recording.note).toContain('real model')
  expect(JSON.stringify(recording)).not.toMatch(/\/(home|Users|tmp|root)\//)
})
