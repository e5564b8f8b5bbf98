import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lockHolder, takeProcessLock, thisProcess } from '../../src/processes/process-lock.ts'
import { removeFolder } from '../helpers/platform.ts'

function lockFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repose-lock-'))
  onTestFinished(() => removeFolder(folder))
  return join(folder, 'x.lock')
}

test('a lock is held by the process that took it, until it gives it up', () => {
  const path = lockFile()
  expect(lockHolder(path)).toBe(null)
  const taken = takeProcessLock(path, (work) => work())
  expect(lockHolder(path)).toEqual(thisProcess())
  expect(takeProcessLock(path, (work) => work())).toEqual({ holder: thisProcess() })
  if ('release' in taken) taken.release()
  expect(lockHolder(path)).toBe(null)
})

test.each([
  'null',
  '[]',
  '"1"',
  '{}',
  '{"pid": "1", "startedAt": null}',
  '{"pid": 1}',
  '{"pid": 1, "startedAt": 5}',
  '{"pid": -1, "startedAt": null}',
  '{"pid": 1e300, "startedAt": null}',
  '{"pid": 1.5, "startedAt": null}',
  '{"pi',
  '',
  '['.repeat(200_000),
])('a lock file that holds something else is nobody’s, and can be taken: %j', (text) => {
  const path = lockFile()
  writeFileSync(path, text)
  expect(lockHolder(path)).toBe(null)
  expect(takeProcessLock(path, (work) => work())).toHaveProperty('release')
})
