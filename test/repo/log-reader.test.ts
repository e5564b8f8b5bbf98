import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { LogReader } from '../../src/repo/log-reader.ts'
import { readCommits } from '../../src/repo/read-commits.ts'
import { scratchFolder } from './scratch-repo.ts'

const ID = 'a'.repeat(40)
const raw = (letter: string) => `:100644 100644 ${ID} ${ID} ${letter}`

/** As git writes it: hash and fields, an empty token, then the changes. */
function logOf(fields: readonly string[], ...changes: string[]): string {
  return `\x01${ID}\0${fields.map((field) => `${field}\0`).join('')}\0${changes.map((one) => `${one}\0`).join('')}`
}

function read(text: string, fields: number, pieces = text.length): ReturnType<LogReader['close']> {
  const reader = new LogReader(fields)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieces) reader.add(bytes.subarray(at, at + pieces))
  return reader.close()
}

describe('the log', () => {
  const log = [
    logOf(['one', ' not a commit\n:100644'], raw('M'), 'a.ts', raw('R90'), 'old.ts', 'new\nname.ts'),
    logOf(['zwei: näher', '']),
    logOf(['three', 'x'], raw('D'), 'gone.ts'),
  ].join('')

  test('is read the same in whatever pieces it comes', () => {
    const whole = read(log, 2)
    expect(whole.map(({ fields }) => fields)).toEqual([
      ['one', ' not a commit\n:100644'],
      ['zwei: näher', ''],
      ['three', 'x'],
    ])
    expect(whole[0]!.changes).toMatchObject([
      { letter: 'M', path: 'a.ts', was: null, similarity: 100 },
      { letter: 'R', path: 'new\nname.ts', was: 'old.ts', similarity: 90 },
    ])
    for (const pieces of [1, 2, 7, 50]) expect(read(log, 2, pieces)).toEqual(whole)
  })

  test('of texts of any size keeps the beginning, of commits of any width the first changes', () => {
    const [commit] = read(logOf(['x'.repeat(5_000_000)], raw('M'), 'a.ts'), 1, 65_536)
    expect(commit!.fields[0]).toHaveLength(20_000)
    expect(commit!.changes).toMatchObject([{ path: 'a.ts' }])
    const wide = Array.from({ length: 5000 }, (_, i) => [raw('A'), `f${i}`]).flat()
    expect(read(logOf(['x'], ...wide), 1)[0]!.changes).toHaveLength(2000)
  })

  test('is over where it is cut off', () => {
    expect(read(`${logOf(['one', '1'])}\x01${ID}\0two`, 2)).toMatchObject([{ fields: ['one', '1'] }])
    expect(read('', 2)).toEqual([])
  })
})

test('two commit messages of 60 MB are read by their beginnings, in little memory', async () => {
  const root = scratchFolder()
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root }).toString().trim()
  git('init', '-q')
  git('commit', '-q', '--allow-empty', '-m', 'first')
  const tree = git('rev-parse', 'HEAD^{tree}')
  const hashes: string[] = []
  const store = ['-c', 'core.looseCompression=0', 'hash-object'] // to compress them takes a second
  for (const subject of ['one', '']) {
    const parent = git('rev-parse', 'HEAD')
    // written as a stream: as a string it would be what is to be avoided
    const head = `tree ${tree}\nparent ${parent}\nauthor a <a@b> 1700000000 +0000\ncommitter a <a@b> 1700000000 +0000\n\n${subject}\n${subject && '\n'}`
    const size = 60_000_000
    const child = spawn('git', [...store, '-t', 'commit', '-w', '--stdin', '--literally'], { cwd: root })
    let hash = ''
    child.stdout.on('data', (data) => {
      hash += data
    })
    child.stdin.write(head)
    const piece = Buffer.alloc(1_000_000, subject ? 'a long body\n' : 'x')
    for (let sent = 0; sent < size; sent += piece.length)
      if (!child.stdin.write(piece)) await once(child.stdin, 'drain')
    child.stdin.end()
    await once(child, 'close')
    hashes.push(hash.trim())
    git('update-ref', 'HEAD', hash.trim())
  }
  const before = process.memoryUsage.rss()
  const [one, two] = await readCommits(root, hashes)
  expect(process.memoryUsage.rss() - before).toBeLessThan(50e6)
  expect(one).toMatchObject({ subject: 'one' })
  expect(one!.body).toHaveLength(2000)
  expect(two!.subject).toHaveLength(1000)
}, 120_000)
