import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { findChecks } from '../../../src/checks/find-checks.ts'
import { DEFAULTS } from '../../../src/config/defaults.ts'
import { readConfig, readLimits } from '../../../src/config/read-config.ts'
import { readState } from '../../../src/daemon/read-state.ts'
import { statePath } from '../../../src/daemon/state.ts'
import { buildTree, RESOLVERS } from '../../../src/graph/resolve/index.ts'
import { readRecording } from '../../../src/llm/recording.ts'
import { lockHolder } from '../../../src/processes/process-lock.ts'
import { AttributeFile, readMacros } from '../../../src/repo/attribute-file.ts'
import { IgnoreFile } from '../../../src/repo/ignore-file.ts'
import { LogReader } from '../../../src/repo/log-reader.ts'
import { readPathRules } from '../../../src/repo/path-rules.ts'
import { listResults } from '../../../src/repo/results.ts'
import { readOwner } from '../../../src/repo/worktree-owner.ts'
import { projectFacts } from '../../../src/summary/project-facts.ts'
import { cloneId } from '../../../src/trust/clone-id.ts'
import { readTrust } from '../../../src/trust/trust-file.ts'
import { scratchFolder } from '../../repo/scratch-repo.ts'
import { FUZZ_MS, fuzz, valueOrUserError } from './fuzz.ts'
import { jsonText, LOADED_NAMES, list, nearly, strange, textOf } from './strange.ts'

let root: string
let home: string
beforeAll(() => {
  root = scratchFolder()
  home = scratchFolder()
  mkdirSync(join(home, 'repose'), { mode: 0o700 })
})

const amount = fc.oneof(fc.constantFrom('30k', '1.5M', '30_000', '-1', '1e999', 'NaN', ''), fc.integer(), fc.double())
const words = fc.constantFrom('npm test', '', '*', '**/x', '!a', '[', '\\', '/', 'a'.repeat(1001))
const shared = {
  ...{
    $schema: words,
    packTokens: amount,
    checks: list(words),
    checkTimeoutMs: amount,
    include: list(words),
    exclude: list(words),
  },
  ...{ maxFileBytes: amount, maxCommits: amount },
  sleep: nearly({ budgetTokens: amount, maxUsd: amount, concurrency: amount }),
}
const own = nearly(shared)
const user = nearly({
  ...shared,
  checks: fc.oneof(
    list(words),
    nearly({
      commands: list(words),
      network: fc.boolean(),
      uncaged: fc.boolean(),
      readable: list(words),
      env: list(words),
      memoryMb: amount,
      processes: amount,
    }),
  ),
  ...{
    model: words,
    sleepModel: words,
    baseUrl: fc.constantFrom('http://a/v1', 'file:///x', 'x'),
    timeoutMs: amount,
    stream: fc.boolean(),
  },
  watch: nearly({
    shortMinutes: amount,
    quietHours: list(fc.constantFrom('22:00-06:30', '99:99-1')),
    how: words,
    maxFiles: amount,
  }),
  caps: nearly({ passTokens: amount, dayUsd: amount }),
  prices: fc.dictionary(
    fc.constantFrom('m', ...LOADED_NAMES),
    nearly({ inputPerMillion: amount, outputPerMillion: amount }),
  ),
  repositories: list(words),
})

describe('files that a user or a repository brings', () => {
  test(
    'configurations of any text are read or refused, raise no limit, and leave objects as they are',
    async () => {
      const names = Object.getOwnPropertyNames(Object.prototype).length
      const env = { XDG_CONFIG_HOME: home }
      await fuzz('configurations', fc.tuple(jsonText(user), jsonText(own)), async ([mine, theirs]) => {
        writeFileSync(join(home, 'repose/config.json'), mine)
        writeFileSync(join(root, 'repose.config.json'), theirs)
        const both = await valueOrUserError(() => readConfig(root, {}, env))
        const limits = await valueOrUserError(() => readLimits(root, env))
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(names)
        expect(both === undefined).toBe(limits === undefined)
        if (!both) return
        rmSync(join(root, 'repose.config.json'))
        const alone = await readConfig(root, {}, env)
        expect(both.maxFileBytes).toBeLessThanOrEqual(alone.maxFileBytes)
        expect(both.packTokens).toBeLessThanOrEqual(alone.packTokens)
        expect(both.sleep.budgetTokens ?? Infinity).toBeLessThanOrEqual(alone.sleep.budgetTokens ?? Infinity)
        expect(both.sleep.maxUsd ?? Infinity).toBeLessThanOrEqual(alone.sleep.maxUsd ?? Infinity)
        for (const key of ['model', 'baseUrl', 'checks', 'cage', 'prices', 'caps', 'watch', 'timeoutMs'] as const)
          expect(both[key]).toEqual(alone[key])
        expect(both.maxCommits).toBeLessThanOrEqual(Math.max(alone.maxCommits, DEFAULTS.maxCommits))
      })
    },
    FUZZ_MS,
  )

  const pattern = [
    '*',
    '**',
    '/',
    '!',
    '\\',
    '[',
    ']',
    '[!a-',
    '[[:alpha:]]',
    '?',
    'a',
    'B',
    '.env',
    ' ',
    '\t',
    '#',
    '\r',
    '\n',
    '\0',
    '{',
    '}',
    '\u202e',
    'é',
  ]
  const someNames = fc.constantFrom(
    'a',
    'a/B',
    'a/B/',
    '.env',
    'src/a.ts',
    'a/a/a/a/a/a/a/a/B',
    '[',
    '*',
    'é',
    'a\nb',
    '__proto__',
  )
  test(
    'rules of ignore files',
    () =>
      fuzz(
        'ignore files',
        fc.tuple(textOf(pattern, 60), someNames, fc.boolean()),
        async ([rules, path, ignoreCase]) => {
          await valueOrUserError(() => typeof new IgnoreFile(ignoreCase).add(rules, '.gitignore').test(path).ignored)
        },
      ),
    FUZZ_MS,
  )

  const attributes = [
    ...pattern,
    'linguist-vendored',
    'linguist-generated',
    '-linguist-vendored',
    '=false',
    '[attr]a',
    'binary',
    ' a ',
    ' -a ',
    ' !a ',
    '"',
  ]
  test(
    'attributes, and both kinds of rules together',
    () =>
      fuzz(
        'attribute files',
        fc.tuple(textOf(attributes, 40), textOf(pattern, 30), someNames),
        async ([text, rules, path]) => {
          const file = new AttributeFile(text, new Set(['linguist-vendored']), readMacros(text))
          file.fill(path.split('/'), new Map())
          const settings = { by: 'x', rules: rules.split('\n').slice(0, 20) }
          await valueOrUserError(async () => {
            const verdict = await readPathRules({
              paths: [path, '.gitattributes', 'a/.gitattributes', '.reposeignore', 'a/.ignore'],
              tracked: new Map([[path, 'x']]),
              untracked: new Set(),
              read: (one) => (one.endsWith('ignore') ? rules : text),
              settings: { exclude: [settings], include: [settings] },
            })
            verdict(path)
          })
        },
      ),
    FUZZ_MS,
  )

  const id = 'a'.repeat(40)
  const log = [
    '\x01',
    '\0',
    '\n',
    id,
    `:100644 100644 ${id} ${id} `,
    'M',
    'A',
    'D',
    'R100',
    'R',
    'C75',
    'T',
    'a.ts',
    'b\nc',
    '\x1b[2J',
    '\ufffd',
    ':',
    '160000',
  ]
  const bytes = fc.oneof(
    textOf(log, 60).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 80 }).map((all) => Buffer.from(all)),
  )
  test(
    'what git log says, in any pieces',
    () =>
      fuzz(
        'git log output',
        fc.tuple(bytes, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4 })),
        ([all, size, fields]) => {
          const read = (piece: number) => {
            const reader = new LogReader(fields)
            for (let at = 0; at < all.length; at += piece) reader.add(all.subarray(at, at + piece))
            return reader.close()
          }
          const commits = read(size)
          expect(commits).toEqual(read(Math.max(1, all.length)))
          for (const { hash, fields: said, changes } of commits) {
            expect([typeof hash, said.length]).toEqual(['string', fields])
            for (const { path } of changes) expect(typeof path).toBe('string')
          }
        },
      ),
    FUZZ_MS,
  )

  const manifest = jsonText(
    nearly({
      ...{ name: words, description: words, main: words, exports: strange, imports: strange, workspaces: strange },
      ...{
        scripts: fc.dictionary(fc.constantFrom('test', 'lint', 'check', ...LOADED_NAMES), fc.oneof(words, strange)),
        autoload: strange,
      },
      ...{
        devDependencies: strange,
        compilerOptions: nearly({ paths: strange, baseUrl: words }),
        extends: strange,
        references: strange,
      },
    }),
  )
  const toml = textOf(
    [
      '[package]\n',
      '[project]\n',
      '[tool.poetry]\n',
      '[workspace]\n',
      'name = "a"\n',
      'members = ["*"]\n',
      '[',
      ']',
      '=',
      '\n',
      '"',
      '__proto__',
      '.',
      'scripts',
      'test',
      '{',
      '}',
      'envlist = py\n',
      '[tox]\n',
    ],
    25,
  )
  const files = [
    'package.json',
    'tsconfig.json',
    'composer.json',
    'deno.json',
    'Cargo.toml',
    'pyproject.toml',
    'tox.ini',
    'go.mod',
    'Makefile',
    'justfile',
    'Taskfile.yml',
    'README.md',
    'setup.cfg',
  ]
  test(
    'manifests of any text',
    () => {
      const project = scratchFolder()
      const sources = ['a.ts', 'lib/b.py', 'c.go', 'src/lib.rs', 'd.php', 'e.rb', 'f.java', 'g.sh', 'h.c']
      for (const name of sources) {
        mkdirSync(join(project, name, '..'), { recursive: true })
        writeFileSync(join(project, name), '')
      }
      const resolvers = Object.values(RESOLVERS)
      return fuzz(
        'manifests',
        fc.tuple(manifest, toml, fc.constantFrom('./b', 'a', '@a/b', '__proto__', '#a', '')),
        ([json, text, specifier]) => {
          for (const name of files) writeFileSync(join(project, name), name.endsWith('.json') ? json : text)
          const read = (name: string) => (name.endsWith('.json') ? json : text)
          const facts = projectFacts(files, read)
          expect([typeof facts.name, typeof facts.description]).toEqual(['string', 'string'])
          const { checks } = findChecks(project, [...files, ...sources], () => true)
          for (const { command } of checks) expect(typeof command).toBe('string')
          const tree = buildTree([...files, ...sources], read)
          for (const [i, resolver] of resolvers.entries())
            resolver.create(tree)(sources[i % sources.length]!, specifier)
        },
      )
    },
    FUZZ_MS,
  )
})

describe('files that repose keeps', () => {
  const number = fc.oneof(fc.integer(), fc.constantFrom(process.pid, 1, 0, -1, 2 ** 31))
  const entry = nearly({
    path: words,
    before: nearly({ kind: fc.constantFrom('file', 'link'), base64: words, mode: number }),
    after: words,
    everyMs: number,
  })
  const state = nearly({
    ...{
      pid: number,
      startedAt: fc.option(words),
      commonDir: words,
      root: words,
      links: list(words),
      writtenAt: number,
      version: fc.constant(1),
    },
    ...{
      trusted: list(nearly({ key: fc.constant('a'.repeat(64)), repository: words, checks: list(words), at: number })),
    },
    ...{
      run: number,
      request: words,
      state: fc.constantFrom('kept', 'applied', 'idle', 'held'),
      appliedAt: number,
      files: list(entry),
    },
    ...{
      model: words,
      recordedAt: words,
      note: words,
      heartbeats: list(entry),
      cause: words,
      reason: words,
      memoryMb: number,
    },
    exchanges: list(
      nearly({
        requestHash: words,
        purpose: words,
        reply: nearly({ content: words, toolCalls: strange }),
        usage: strange,
      }),
    ),
  })
  test(
    'locks, states, notes, records, recordings and trust of any text',
    async () => {
      const folder = scratchFolder()
      const results = join(folder, 'repose/results')
      mkdirSync(results, { recursive: true })
      writeFileSync(join(results, '2026.diff'), '')
      const db = join(folder, 'x.db')
      const env = { XDG_CONFIG_HOME: home }
      await fuzz('files of state', jsonText(state), async (text) => {
        for (const path of [
          statePath(db),
          join(folder, 'lock'),
          join(folder, 'owner.json'),
          join(folder, 'repose/clone-id'),
        ])
          writeFileSync(path, text, { mode: 0o600 })
        writeFileSync(join(results, '2026.json'), text)
        writeFileSync(join(home, 'repose/trust.json'), text, { mode: 0o600 })
        readState(db)
        lockHolder(join(folder, 'lock'))
        await readOwner(folder)
        expect(cloneId(folder)).toBe(null)
        expect(await listResults(folder)).toHaveLength(1)
        await valueOrUserError(() => readTrust(env))
        await valueOrUserError(() => readRecording(join(folder, 'lock')))
      })
    },
    FUZZ_MS,
  )
})
