import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { type ModelServer, reply, startModelServer } from '../helpers/model-server.ts'
import { runInProcess } from '../helpers/run-in-process.ts'
import { userConfig } from '../helpers/user-config.ts'

const examplesIn = (page: string, language: string) =>
  [
    ...readFileSync(join(PACKAGE_ROOT, page), 'utf8').matchAll(
      new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'),
    ),
  ].map(([, code]) => code!)

const SUMMARY = JSON.stringify({ purpose: 'Sells books.', changesWith: '', watchOut: '', concepts: [], symbols: [] })
const EDITS = '@@ create src/tax.ts\n<<<<<<< text\nexport const tax = 3\n>>>>>>> end\n'

/** What each example prints: the n-th of the page. */
const PRINTS: readonly RegExp[] = [
  /^## Files likely to change, best first\nmodify src\/formatters\/index\.ts/m,
  /^src\/formatters\/index\.ts \d+\n[\s\S]*^\S+ in \d+ of /m,
  /^done|^model-failed/m,
  /^TimeoutError$/m,
  /^done \[ 'src\/tax\.ts' \] \d+ \d+$/m,
  /^done applied to src\/tax\.ts$/m,
  /^no repository$/m,
  /^\[ 'src\/\S+', 'src\/\S+' \]$/m,
]

/** Runs example after example, which all end before the process can; a line with a NUL is after each. */
const RUNNER = `
  for (const example of JSON.parse(process.argv[2])) {
    process.env.OPENAI_BASE_URL = example.baseUrl
    await import(example.file)
    console.log('\\0')
  }`

let shop: FixtureRepo
let summaries: ModelServer
let edits: ModelServer
let printed: readonly string[]
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  const folder = join(shop.root, '.git')
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(PACKAGE_ROOT, join(folder, 'node_modules/repose'), 'junction')
  summaries = await startModelServer(Array.from({ length: 200 }, () => reply(SUMMARY)))
  edits = await startModelServer(Array.from({ length: 200 }, () => reply(EDITS)))
  const examples = examplesIn('docs/library.md', 'js').map((code, i) => {
    const name = `example-${i + 1}.mjs`
    writeFileSync(join(folder, name), code)
    return { file: `./${name}`, baseUrl: i === 2 ? summaries.baseUrl : edits.baseUrl }
  })
  const runner = join(folder, 'runner.mjs')
  writeFileSync(runner, RUNNER)
  const env = {
    ...cleanEnvironment(),
    ...userConfig(shop.root, { prices: { m: { inputPerMillion: 1, outputPerMillion: 1 } } }),
    REPOSE_MODEL: 'm',
  }
  const run = await promisify(execFile)(process.execPath, [runner, JSON.stringify(examples)], { cwd: shop.root, env })
  expect(run.stderr).toBe('')
  printed = run.stdout.split('\0\n')
})
afterAll(async () => {
  await summaries.close()
  await edits.close()
  await shop.dispose()
})

test('each example of docs/library.md is in the list below', () => {
  expect(examplesIn('docs/library.md', 'js')).toHaveLength(PRINTS.length)
})

test.each(PRINTS.map((prints, i) => [i + 1, prints] as const))(
  'example %i of docs/library.md runs as it stands',
  (number, prints) => {
    expect(printed[number - 1]).toMatch(prints)
  },
)

test('each command of docs/exports.md runs as it stands', async () => {
  const lines = examplesIn('docs/exports.md', 'sh').flatMap((block) => block.trim().split('\n'))
  expect(lines.length).toBeGreaterThan(8)
  for (const line of lines) {
    const words = line
      .replace(/\s+(#|>).*$/, '')
      .split(/\s+/)
      .slice(1)
    const args = words.map((word) => (word === '../shop-wiki' ? '.git/shop-wiki' : word))
    expect(await runInProcess(args, { cwd: shop.root }), line).toMatchObject({ code: 0 })
  }
  await shop.git('checkout', '-q', '.')
})
