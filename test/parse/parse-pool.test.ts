import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ParseResult } from '../../src/parse/messages.ts'
import { forkAhead, parseInPool } from '../../src/parse/parse-pool.ts'
import { removeFolder } from '../helpers/platform.ts'

const MAX_BYTES = 1_000_000
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repose-pool-'))
})
afterEach(() => {
  delete process.env.NODE_OPTIONS
  removeFolder(folder)
})

function jobs(count: number) {
  return Array.from({ length: count }, (_, key) => {
    const path = join(folder, `${key}.ts`)
    writeFileSync(path, `export const n${key} = ${key}\n`)
    return { key, path, language: 'typescript', blob: '0'.repeat(40) }
  })
}

test('a child that dies loses one file at most; the rest is parsed by another', async () => {
  const ahead: ChildProcess[] = []
  forkAhead(ahead, { processes: 1, maxBytes: MAX_BYTES })
  const [first] = ahead
  const results: ParseResult[] = []
  const onResult = (result: ParseResult) => {
    results.push(result)
    if (results.length === 1) first!.kill('SIGKILL')
  }
  await parseInPool(jobs(60), onResult, { maxBytes: MAX_BYTES, processes: 1, ahead })
  expect(results.map(({ key }) => key).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, key) => key))
  expect(results.filter(({ reason }) => reason === 'parser gave up').length).toBeLessThanOrEqual(1)
})

test('where no child lives long enough to answer, that is said, and no file is blamed', async () => {
  process.env.NODE_OPTIONS = `--require ${join(folder, 'nowhere.cjs')}`
  const results: ParseResult[] = []
  const run = parseInPool(jobs(20), (result) => results.push(result), { maxBytes: MAX_BYTES, processes: 2 })
  await expect(run).rejects.toThrow('the parsers end as soon as they are started')
  expect(results).toEqual([])
})
