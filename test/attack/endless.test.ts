import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { ParseResult } from '../../src/parse/messages.ts'
import { parseInPool } from '../../src/parse/parse-pool.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchRepo, write } from '../repo/scratch-repo.ts'
import { expectCalm, MOST_MS } from './look.ts'

type Files = Readonly<Record<string, string>>
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('')
const table = (count: number, key: (i: number) => string, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [key(i), value]))
const json = JSON.stringify
const imports = (count: number, from: (i: number) => string) => lines(count, (i) => `import a${i} from '${from(i)}'`)

/** What an import is looked up in, made so that each look-up, or the reading of it, takes as long as may be. */
test.each<[string, Files]>([
  [
    'tsconfig.json that extends itself ten times',
    { 'tsconfig.json': json({ extends: Array(10).fill('./tsconfig.json') }), 'a.ts': imports(1, () => 'lib/x') },
  ],
  [
    'sixteen of them that each extend the next one ten times',
    {
      ...Object.fromEntries(
        Array.from({ length: 16 }, (_, i) => [
          i === 0 ? 'tsconfig.json' : `tsconfig.${i}.json`,
          json({ extends: Array(10).fill(`./tsconfig.${i + 1}.json`) }),
        ]),
      ),
      'a.ts': imports(1, () => 'lib/x'),
    },
  ],
  [
    'paths with 80,000 targets',
    {
      'tsconfig.json': json({ compilerOptions: { paths: { '*': Object.keys(table(80_000, (i) => `d${i}/*`, 0)) } } }),
      'a.ts': imports(5000, (i) => `lib/x${i}`),
    },
  ],
  [
    'paths with 30,000 patterns',
    {
      'tsconfig.json': json({ compilerOptions: { paths: table(30_000, (i) => `k${i}/*`, ['x']) } }),
      'a.ts': imports(5000, (i) => `lib/x${i}`),
    },
  ],
  [
    'package.json with 30,000 patterns of imports',
    {
      'package.json': json({ imports: table(30_000, (i) => `#k${i}/*`, './x') }),
      'a.ts': imports(5000, (i) => `#l/x${i}`),
    },
  ],
  [
    'package.json with 80,000 targets of an export',
    {
      'package.json': json({ name: 'x', exports: { './*': Array(80_000).fill('./s/*') } }),
      'a.ts': imports(5000, (i) => `x/y${i}`),
    },
  ],
  [
    'composer.json with 90,000 folders for every class',
    {
      'composer.json': json({ autoload: { 'psr-4': { '': Array(90_000).fill('s') } } }),
      'a.php': `<?php\n${lines(5000, (i) => `use A\\B\\C${i};`)}`,
    },
  ],
  [
    '3,000 crates of one name',
    {
      ...(table(3000, (i) => `c${i}/Cargo.toml`, '[package]\nname="x"\n') as Files),
      'src/lib.rs': lines(10_000, (i) => `use x::a${i}::b;`),
    },
  ],
  [
    '3,000 modules of one name',
    {
      ...(table(3000, (i) => `c${i}/go.mod`, 'module x.com/y\n') as Files),
      'a.go': `package a\nimport (\n${lines(15_000, (i) => `"x.com/y/p${i}"`)})\n`,
    },
  ],
  [
    'macros of attributes that stand for macros 9,000 times',
    {
      '.gitattributes': `${lines(9000, (i) => `[attr]m${i} m${i + 1} linguist-generated`)}* m0\n`,
      'a.ts': 'export const a = 1\n',
    },
  ],
])(
  '%s: read in time',
  async (_, files) => {
    const run = await runRepose(['index'], { cwd: scratchRepo(files), mostMs: MOST_MS })
    expectCalm(run)
    expect(run.code).toBe(0)
  },
  90_000,
)

test.skipIf(isWindows)(
  'a pipe in the place of a kept result or of its record is not waited for',
  async () => {
    const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
    const kept = '.git/repose/results/2026-01-01T00-00-00-000Z'
    write(root, `${kept}.diff`, 'diff --git a/x b/x\n')
    execFileSync('mkfifo', [`${kept}.json`, '.git/repose/results/2025-01-01T00-00-00-000Z.diff'], { cwd: root })
    for (const args of [['apply', '--list'], ['undo'], ['apply', '2025']])
      expectCalm(await runRepose(args, { cwd: root, mostMs: MOST_MS }))
  },
  60_000,
)

test.runIf(process.platform === 'linux')('a parser that takes too much memory is ended', async () => {
  const results: ParseResult[] = []
  const text = 'a<'.repeat(500_000)
  const started = performance.now()
  const job = { key: 0, path: '', language: 'typescript', blob: '', text }
  await parseInPool([job], (result) => results.push(result), { maxBytes: 1_000_000, processes: 1 })
  expect(results).toMatchObject([{ reason: 'parser gave up', parsed: null }])
  expect(performance.now() - started).toBeLessThan(15_000) // before its time is over
})
