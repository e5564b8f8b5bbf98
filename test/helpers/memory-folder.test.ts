import { existsSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { memoryFolder } from './memory-folder.ts'

const PREFIX = 'repose-try-'
const made: string[] = []
const make = () => {
  const folder = memoryFolder(PREFIX)
  if (folder !== null) made.push(folder)
  return folder
}

beforeEach(() => void vi.stubEnv('TMPDIR', undefined))
afterAll(() => made.forEach((folder) => void rmSync(folder, { recursive: true, force: true })))

test('if TMPDIR names a folder, none is made in memory', () => {
  vi.stubEnv('TMPDIR', '/elsewhere')
  expect(make()).toBe(null)
})

test('the folder is empty, and open to all users like /tmp', ({ skip }) => {
  const folder = make()
  if (folder === null) return skip('no folder in memory here')
  expect(statSync(folder).mode & 0o7777).toBe(0o1777)
  expect(existsSync(join(folder, 'program'))).toBe(false)
})

test('a folder that a killed run left is removed after a day', ({ skip }) => {
  const folder = make()
  if (folder === null) return skip('no folder in memory here')
  const [old, young, other] = [PREFIX, PREFIX, 'other-'].map((prefix) => mkdtempSync(join(folder, '..', prefix)))
  made.push(old!, young!, other!)
  const past = Date.now() / 1000 - 90_000
  for (const path of [old!, other!]) utimesSync(path, past, past)
  made.push(memoryFolder(PREFIX)!)
  expect([old!, young!, other!].map(existsSync)).toEqual([false, true, true])
})
