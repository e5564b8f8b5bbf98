import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { openDb } from '../../src/store/db.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { isWindows, removeFolder } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { startRepose } from '../helpers/start-repose.ts'

let folder: string
let shop: FixtureRepo
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repose-bad-input-'))
})
afterAll(() => removeFolder(folder))
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  return () => shop.dispose()
})

/** One line of what happened, one line of what to do, no stack. */
const TWO_LINES = /^error: [^\n]+\nfix: {3}[^\n]+\n$/

describe('places that are no repository to work in', () => {
  test('a folder outside any repository', async () => {
    const run = await runRepose(['index'], { cwd: folder })
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('is not in a git repository')
  })

  test('doctor says once that there is no repository, and what it skips for that', async () => {
    const run = await runRepose(['doctor'], { cwd: folder })
    expect(run.code).toBe(1)
    expect(run.stdout.match(/is not in a git repository/g)).toHaveLength(1)
    expect(run.stdout.match(/skipped: it needs the repository/g)).toHaveLength(5)
  })

  test('a repository without commits', async () => {
    const empty = join(folder, 'empty')
    execFileSync('git', ['init', '-q', empty])
    const run = await runRepose(['context', 'x'], { cwd: empty })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('no commits yet')
  })

  test('a bare repository', async () => {
    const bare = join(folder, 'bare.git')
    execFileSync('git', ['init', '-q', '--bare', bare])
    const run = await runRepose(['index'], { cwd: bare })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('bare repository')
  })

  test.each(['nowhere', 'a-file'])('a folder that does not exist, or is none: %s', async (name) => {
    writeFileSync(join(folder, 'a-file'), '')
    const run = await runRepose(['index', '--repo', join(folder, name)], { cwd: folder })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('there is no folder')
  })

  test('no git to be found', async () => {
    const run = await runRepose(['index'], { cwd: shop.root, env: { PATH: folder } })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('git was not found')
  })
})

describe('words on the command line', () => {
  test.each([
    [['frobnicate'], /unknown command/],
    [['context'], /missing required argument/],
    [['context', 'x', '--budget-tokens', 'many'], /takes a whole number/],
    [['context', 'x', '--budget-tokens', '-1'], /takes a whole number/],
    [['receipts', '--limit', '0'], /--limit takes a whole number from 1 up, not '0'/],
    [
      ['receipts', '--limit', '99999999999999999999'],
      /--limit takes a whole number from 1 to 9007199254740991, not '9+'/,
    ],
    [['sleep', '--max-usd', '1e999'], /--max-usd takes a number from 0 to 1\.79[^ ]+, not '1e999'/],
    [
      ['sleep', '--concurrency', '0'],
      /--concurrency takes a whole number from 1 to 64, not '0'\nfix: {3}write it like 1;/,
    ],
    [['sleep', '--concurrency', '9999'], /--concurrency takes a whole number from 1 to 64, not '9999'/],
    [['sleep', '--max-usd', 'x'], /--max-usd takes a number from 0 up, not 'x'\nfix: {3}write it like 0\.5,/],
    [['find', ' '], /the text to find is empty\nfix: {3}say what you look for/],
    [['find', 'x', '--in', 'nosuch'], /there is no file or folder nosuch in this repository\nfix: {3}name it by/],
    [
      ['find', 'x', '--in', '../other'],
      /there is no file or folder \.\.\/other in this repository\nfix: {3}name it by/,
    ],
    [['index', '--no-such'], /unknown option/],
    [['backtest', '--html', ''], /--html takes something that is not empty/],
    [['status', '--db='], /--db takes something that is not empty/],
    [['implement', 'x', '--record', ' '], /--record takes something that is not empty/],
    [['context', '  '], /the request is empty\nfix: .*repose context "Add/],
    [['implement', '  '], /the request is empty\nfix: .*repose implement "Add/],
    [['implement', 'x', '--effort', 'huge'], /--effort takes auto, low or high, not 'huge'/],
  ])('%j is refused with exit code 2', async (args, message) => {
    const run = await runRepose(args, { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(message)
    expect(run.stdout).toBe('')
  })

  test('a budget of 0 is a failure that gives an empty pack and says what was left out', async () => {
    const run = await runRepose(['context', 'Add a CSV output format', '--budget-tokens', '0', '--json'], {
      cwd: shop.root,
    })
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(TWO_LINES)
    const pack = JSON.parse(run.stdout) as { text: string; tokens: number; leftOut: string[]; files: unknown[] }
    expect(pack).toMatchObject({ text: '', tokens: 0 })
    expect(pack.leftOut).toContain('src/formatters/index.ts')
    expect(pack.files.length).toBeGreaterThan(30)
    const plain = await runRepose(['context', 'Add a CSV output format', '--budget-tokens', '0'], { cwd: shop.root })
    expect(plain).toMatchObject({ code: 1, stdout: '', stderr: run.stderr })
  })
})

describe('the configuration', () => {
  test('an unknown key is named', async () => {
    await shop.write('repose.config.json', '{"modell": "x"}')
    const run = await runRepose(['status'], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('unknown key "modell"')
  })

  test('a repository cannot choose the endpoint that code and key are sent to', async () => {
    await shop.write('repose.config.json', '{"baseUrl": "https://example.com/v1"}')
    const run = await runRepose(['status'], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('OPENAI_BASE_URL')
  })

  test('half a JSON document', async () => {
    await shop.write('repose.config.json', '{"model": ')
    const run = await runRepose(['status'], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
  })
})

describe('the model', () => {
  test('no key and no endpoint', async () => {
    const run = await runRepose(['implement', 'Add a CSV output format'], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('OPENAI_API_KEY')
  })

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ['a key without a name', ['sleep'], { OPENAI_API_KEY: 'x' }, /^note: no model is asked, since no model is named/m],
    [
      'a name without an endpoint',
      ['ask', 'formatters'],
      { REPOSE_MODEL: 'm' },
      /^note: m is not asked, since no key/m,
    ],
  ])('one that is set by half is said: %s', async (_, args, env, said) => {
    const run = await runRepose(args, { cwd: shop.root, env })
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(said)
  })

  test('one that is asked for by name and cannot be reached is not passed over', async () => {
    const run = await runRepose(['ask', 'formatters', '--model', 'm'], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
  })

  test.each([['implement', 'x'], ['context', 'Add a CSV output format', '--select'], ['sleep']])(
    'a recording to a folder is refused before the first call: %s',
    async (...args) => {
      const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', REPOSE_MODEL: 'm' }
      const run = await runRepose([...args, '--record', folder], { cwd: shop.root, env })
      expect(run.code).toBe(2)
      expect(run.stderr).toMatch(TWO_LINES)
      expect(run.stderr).toContain(`${folder} is a folder`)
    },
  )

  test('no folder for temporary files', async () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', REPOSE_MODEL: 'm', TMPDIR: join(folder, 'nowhere') }
    const run = await runRepose(['implement', 'x'], { cwd: shop.root, env })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('TMPDIR')
  })

  test('an endpoint that is down ends the run with exit code 1, and changes nothing', async () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', REPOSE_MODEL: 'm', OPENAI_API_KEY: 'sk-not-a-real-key' }
    const run = await runRepose(['implement', 'Add a CSV output format'], { cwd: shop.root, env })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('cannot be reached')
    expect(run.stderr).not.toContain('sk-not-a-real-key')
    expect(await shop.git('status', '--porcelain')).toBe('')
  }, 60_000)
})

describe('the database', () => {
  const readOnly = mkdtempSync(join(tmpdir(), 'repose-read-only-'))
  const isReadOnly = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', readOnly]).status === 0
  afterAll(() => {
    if (isReadOnly) spawnSync('umount', [readOnly])
    rmSync(readOnly, { recursive: true, force: true })
  })
  const database = () => join(shop.root, '.git/repose/repose.db')

  test('one of a newer version is left alone', async () => {
    await runRepose(['index'], { cwd: shop.root })
    const newer = openDb(database())
    newer.exec('PRAGMA user_version = 999')
    newer.close()
    const before = readFileSync(database())
    const run = await runRepose(['index'], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('newer version')
    expect(readFileSync(database()).equals(before)).toBe(true)
    const fix = /repose (clean --yes --db \S+)/.exec(run.stderr)![1]!
    expect((await runRepose(fix.split(' '), { cwd: shop.root })).code).toBe(0)
    expect((await runRepose(['index'], { cwd: shop.root })).code).toBe(0)
  })

  test('a damaged one is reported, cleaned and made again', async () => {
    mkdirSync(join(shop.root, '.git/repose'), { recursive: true })
    writeFileSync(database(), Buffer.alloc(8192, 'not a database'))
    const run = await runRepose(['index'], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('repose clean')
    expect((await runRepose(['clean', '--yes'], { cwd: shop.root })).code).toBe(0)
    expect((await runRepose(['index'], { cwd: shop.root })).code).toBe(0)
  })

  test.each([
    ['text', (path: string) => writeFileSync(path, 'notes\n'.repeat(100))],
    [
      'of another program',
      (path: string) => {
        const make = `new (require('better-sqlite3'))(process.argv[1]).exec('CREATE TABLE file (mine TEXT)')`
        execFileSync(process.execPath, ['-e', make, path], { cwd: PACKAGE_ROOT }) // here its end could end the process: src/store/db.ts
      },
    ],
  ])('a file that is not ours is neither written nor deleted: %s', async (_, make) => {
    const path = join(shop.root, 'other.db')
    make(path)
    const before = readFileSync(path)
    for (const args of [['index'], ['clean', '--yes']]) {
      const run = await runRepose([...args, '--db', path], { cwd: shop.root })
      expect(run.code).toBe(2)
      expect(run.stderr).toMatch(TWO_LINES)
    }
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('a path that cannot be written', async () => {
    const run = await runRepose(['index', '--db', join(shop.root, 'README.md', 'x.db')], { cwd: shop.root })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(TWO_LINES)
  })

  test.skipIf(!isReadOnly)('a file system that is read-only, and what to do, also by doctor', async () => {
    execFileSync('git', ['clone', '-q', shop.root, join(readOnly, 'clone')])
    expect(spawnSync('mount', ['-o', 'remount,ro', readOnly]).status).toBe(0)
    const cwd = join(readOnly, 'clone')
    const runs = [await runRepose(['index'], { cwd }), await runRepose(['watch', 'start'], { cwd })]
    for (const { code, stderr } of runs) {
      expect(code).toBe(2)
      expect(stderr).toMatch(TWO_LINES)
      expect(stderr).toContain(
        'clone/.git/repose, cannot be written (EROFS: the file system is read-only)\nfix:   check the folder, or name another file with --db FILE',
      )
    }
    expect((await runRepose(['doctor'], { cwd })).stdout).toMatch(/^NO {2}database .*read-only\) \(.*--db FILE/m)
    expect((await runRepose(['index', '--db', join(folder, 'elsewhere.db')], { cwd })).code).toBe(0)
  })

  test('two processes at once both succeed', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => startRepose(['index', '--json'], { cwd: shop.root })))
    expect(runs.map((run) => run.code)).toEqual([0, 0, 0])
    const [first] = runs.map((run) => JSON.parse(run.stdout) as { files: number })
    expect(runs.map((run) => (JSON.parse(run.stdout) as { files: number }).files)).toEqual([
      first!.files,
      first!.files,
      first!.files,
    ])
  })
})

describe('a full disk', () => {
  const small = mkdtempSync(join(tmpdir(), 'repose-small-'))
  // A file system of its own takes Linux and the right to mount one.
  const isMounted =
    process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', small]).status === 0
  afterAll(() => {
    if (isMounted) spawnSync('umount', [small])
    rmSync(small, { recursive: true, force: true })
  })

  test.skipIf(!isMounted)('is told in two lines, with exit code 1; with room again all is well', async () => {
    for (let i = 0; i < 150; i++)
      await shop.write(`src/gen/f${i}.ts`, `export function f${i}() { return "${'long '.repeat(40)}" }\n`)
    const db = join(small, 'x.db')
    const run = await runRepose(['index', '--db', db], { cwd: shop.root })
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(TWO_LINES)
    expect(run.stderr).toContain('no space left')
    expect(spawnSync('mount', ['-o', 'remount,size=50m', small]).status).toBe(0)
    expect((await runRepose(['index', '--db', db], { cwd: shop.root })).code).toBe(0)
  })
})

describe('interruption', () => {
  test.skipIf(isWindows)('Ctrl-C ends an index with exit code 130, and the next one completes it', async () => {
    for (let i = 0; i < 400; i++) await shop.write(`src/gen/f${i}.ts`, `export function f${i}() { return ${i} }\n`)
    const run = await runRepose(['index'], {
      cwd: shop.root,
      during: (child) => {
        const begun = setInterval(() => {
          if (existsSync(join(shop.root, '.git/repose/repose.db-wal')) && child.kill('SIGINT')) clearInterval(begun)
        }, 2)
        child.on('exit', () => clearInterval(begun))
      },
    })
    expect(run.code).toBe(130)
    expect(run.stderr).not.toContain('bug')
    const next = JSON.parse((await runRepose(['index', '--json'], { cwd: shop.root })).stdout) as { code: number }
    expect(next.code).toBe(446)
  })

  test('kill -9 during an index leaves a whole database, and no child process', async () => {
    for (let i = 0; i < 400; i++) await shop.write(`src/gen/f${i}.ts`, `export function f${i}() { return ${i} }\n`)
    let pid = 0
    const run = await runRepose(['index'], {
      cwd: shop.root,
      during: (child) => {
        pid = child.pid!
        const begun = setInterval(() => {
          // some of the four hundred files are saved, and not all
          const size = statSync(join(shop.root, '.git/repose/repose.db-wal'), { throwIfNoEntry: false })?.size ?? 0
          if (size > 400_000 && child.kill('SIGKILL')) clearInterval(begun)
        }, 2)
        child.on('exit', () => clearInterval(begun))
      },
    })
    expect(run.signal).toBe('SIGKILL')
    expect(pid).toBeGreaterThan(0)
    const next = await runRepose(['index', '--json'], { cwd: shop.root })
    expect(next.code).toBe(0)
    expect((JSON.parse(next.stdout) as { code: number }).code).toBe(446)
    const doctor = await runRepose(['doctor', '--json'], { cwd: shop.root })
    expect(
      (JSON.parse(doctor.stdout) as { what: string; ok: boolean }[]).find((row) => row.what === 'database'),
    ).toMatchObject({ ok: true })
  })
})
