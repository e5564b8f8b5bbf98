import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { isWindows, removeFolder } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'

let shop: FixtureRepo
let outside: string
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  outside = mkdtempSync(join(tmpdir(), 'repose-outside-'))
})
afterEach(() => shop.git('checkout', '-q', '--', '.'))
afterAll(async () => {
  await shop.dispose()
  removeFolder(outside)
})

/** What may stand where a file of settings is looked for. */
const THINGS: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a link to a pipe': (path) => {
    const pipe = join(outside, `pipe-${Math.random()}`)
    execFileSync('mkfifo', [pipe])
    symlinkSync(pipe, path)
  },
  'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
  'a link to /dev/tty': (path) => symlinkSync('/dev/tty', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a link out of the repository': (path) => {
    writeFileSync(join(outside, 'secret'), 'sk-very-secret\n')
    symlinkSync(join(outside, 'secret'), path)
  },
  'a folder': (path) => mkdirSync(path),
  'a sparse file of 2 GB': (path) => {
    writeFileSync(path, '')
    truncateSync(path, 2 ** 31)
  },
}

const TWO_LINES = /^error: [^\n]+\nfix: {3}[^\n]+\n$/

describe.skipIf(isWindows)('whatever stands in the place of a file, no command hangs, crashes or reads it', () => {
  const places: readonly (readonly [files: readonly string[], commands: readonly (readonly string[])[]])[] = [
    [
      ['package.json', 'tsconfig.json', 'README.md'],
      [['context', 'Add a CSV output format'], ['sleep']],
    ],
    [['repose.config.json'], [['index']]],
    [['.reposeignore'], [['index']]],
    [['src/.ignore'], [['index']]],
  ]
  const cases = places.flatMap(([files, commands]) =>
    Object.keys(THINGS).map((thing) => [files.join(', '), thing, files, commands] as const),
  )
  test.each(cases)('%s: %s', async (_, thing, files, commands) => {
    for (const file of files) {
      rmSync(join(shop.root, file), { force: true })
      THINGS[thing]!(join(shop.root, file))
    }
    try {
      for (const args of commands) {
        const run = await runRepose(args, { cwd: shop.root, mostMs: 20_000 })
        expect(run.signal).toBe(null)
        expect(`${run.stdout}${run.stderr}`).not.toMatch(/sk-very|bug in repose/)
        if (run.code !== 0) {
          expect(run.code).toBe(2)
          expect(run.stderr).toMatch(TWO_LINES)
          expect(run.stderr).toContain(files[0])
        }
      }
    } finally {
      for (const file of files) rmSync(join(shop.root, file), { recursive: true, force: true })
    }
  })

  test('an ignore file that links to another one in the repository is obeyed', async () => {
    await shop.write('rules', 'src/cart.ts\n')
    symlinkSync('rules', join(shop.root, '.reposeignore'))
    const run = await runRepose(['status', '--left-out', '--json'], { cwd: shop.root })
    expect(JSON.parse(run.stdout).leftOut).toContainEqual(
      expect.objectContaining({ path: 'src/cart.ts', reason: 'ignored' }),
    )
    rmSync(join(shop.root, '.reposeignore'))
    rmSync(join(shop.root, 'rules'))
  })

  test('the user’s own configuration may be a link to a file, and nothing else', async () => {
    const home = mkdtempSync(join(outside, 'home-'))
    mkdirSync(join(home, 'repose'))
    const path = join(home, 'repose/config.json')
    writeFileSync(join(outside, 'mine.json'), '{"packTokens": 50}')
    symlinkSync(join(outside, 'mine.json'), path)
    const env = { XDG_CONFIG_HOME: home }
    const run = await runRepose(['context', 'Add a CSV output format', '--json'], { cwd: shop.root, env })
    expect(JSON.parse(run.stdout).budgetTokens).toBe(50)
    rmSync(path)
    execFileSync('mkfifo', [path])
    const hung = await runRepose(['status'], { cwd: shop.root, env, mostMs: 20_000 })
    expect(hung).toMatchObject({ code: 2, signal: null })
    expect(hung.stderr).toMatch(TWO_LINES)
  })
})
