import { type ChildProcess, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import type { ParseResult } from '../../src/parse/messages.ts'
import { forkAhead, parseInPool } from '../../src/parse/parse-pool.ts'
import { keepParser, keepParsers, startParser } from '../../src/parse/parser-process.ts'
import { removeFolder } from '../helpers/platform.ts'

const MAX_BYTES = 1_000_000
let folder: string
beforeEach(() => {
  keepParsers(0)
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
  forkAhead(ahead, 1)
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

test('a parser that is kept does the next work; one that died meanwhile is replaced, and an end of keeping ends it', async () => {
  const ran: ChildProcess[] = []
  const parse = async () => {
    const ahead: ChildProcess[] = []
    forkAhead(ahead, 1)
    ran.push(...ahead)
    const results: ParseResult[] = []
    await parseInPool(jobs(8), (result) => results.push(result), { maxBytes: MAX_BYTES, processes: 1, ahead })
    expect(results.map(({ parsed }) => parsed?.symbols.length)).toEqual(Array(8).fill(1))
  }
  keepParsers(60_000)
  await parse()
  await parse()
  expect(ran[1]).toBe(ran[0])
  const gone = once(ran[1]!, 'exit')
  ran[1]!.kill('SIGKILL')
  await gone
  await parse()
  expect(ran[2]).not.toBe(ran[1])
  expect(ran[2]!.exitCode ?? ran[2]!.signalCode).toBe(null)
  const ended = once(ran[2]!, 'exit')
  keepParsers(0)
  await ended
  await parse()
  expect(ran[3]).not.toBe(ran[2])
  expect(ran[3]!.exitCode ?? ran[3]!.signalCode).not.toBe(null)
})

test('an idle parser ends when its time is over, and holds no process up', async () => {
  const code = `
    import { keepParser, keepParsers, startParser } from ${JSON.stringify(pathToFileURL(join(PACKAGE_ROOT, 'dist/src/parse/parser-process.js')))}
    keepParsers(60_000)
    keepParser(startParser())`
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { timeout: 20_000 })
  keepParsers(50)
  const child = startParser()
  const ended = once(child, 'exit')
  expect(keepParser(child)).toBe(true)
  await ended
})

test('where no child lives long enough to answer, that is said, and no file is blamed', async () => {
  process.env.NODE_OPTIONS = `--require ${join(folder, 'nowhere.cjs')}`
  const results: ParseResult[] = []
  const run = parseInPool(jobs(20), (result) => results.push(result), { maxBytes: MAX_BYTES, processes: 2 })
  await expect(run).rejects.toThrow('the parsers end as soon as they are started')
  expect(results).toEqual([])
})

/**
 * Pairs of a short C file and a hostile one whose queries take minutes; no two texts are equal. The short one comes first, since the first
 * answer of a child has more time.
 */
function hostileJobs(count: number, from: number) {
  return Array.from({ length: count }, (_, at) => at + from).flatMap((key) => {
    const texts = { short: `int y${key};\n`, hostile: `int x${key} = f${`${'(a)'.repeat(20)}\n`.repeat(4000)};\n` }
    return Object.entries(texts).map(([name, text]) => {
      const path = join(folder, `${name}${key}.c`)
      writeFileSync(path, text)
      return { key: name === 'short' ? -key : key, path, language: 'c', blob: '1'.repeat(40) }
    })
  })
}

test('many files that take too long are given up, the last without a trial, and the others are parsed', async () => {
  const results: ParseResult[] = []
  const begun = performance.now()
  const options = { maxBytes: MAX_BYTES, processes: 2, giveUpMs: 1000 }
  await parseInPool([...hostileJobs(60, 8), ...jobs(8)], (result) => results.push(result), options)
  expect(performance.now() - begun).toBeLessThan(20_000) // 8 trials, and not 60
  const gaveUp = results.filter(({ reason }) => reason === 'parser gave up').map(({ key }) => key)
  expect(gaveUp.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, at) => at + 8))
  expect(results.filter(({ parsed }) => parsed?.symbols.length === 1)).toHaveLength(68)
}, 90_000)
