import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { isTrusted, revokeTrust, trustChecks } from '../../src/trust/trust.ts'
import { readTrust, trustFile } from '../../src/trust/trust-file.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder, scratchRepo, sh } from '../repo/scratch-repo.ts'

const CHECKS = ['npm test', 'npm run lint']
let env: NodeJS.ProcessEnv
let root: string
let git: string
/** The working tree that a git folder is in. */
const placeOf = (commonDir: string) => ({ root: dirname(commonDir), commonDir })
beforeEach(() => {
  env = { XDG_CONFIG_HOME: join(scratchFolder(), 'config') }
  root = scratchRepo({ 'a.ts': 'a\n' })
  git = join(root, '.git')
})
const trusted = (commonDir = git, checks: readonly string[] = CHECKS) => isTrusted(placeOf(commonDir), checks, env)

test('nothing is trusted at first, and asking writes nothing', () => {
  expect(trusted()).toBe(false)
  expect(statSync(join(git, 'repose'), { throwIfNoEntry: false })).toBe(undefined)
  expect(statSync(trustFile(env), { throwIfNoEntry: false })).toBe(undefined)
})

test('what is trusted is this list in this order', () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  expect(trusted()).toBe(true)
  for (const other of [
    ['npm test'],
    [...CHECKS].reverse(),
    ['npm test', 'npm run lint '],
    ['npm test\u0000npm run lint'],
  ])
    expect(trusted(git, other)).toBe(false)
  expect(readTrust(env)).toMatchObject([{ repository: git, checks: CHECKS, at: 5 }])
})

test("the file is the user's alone", () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  if (!isWindows) {
    expect(statSync(trustFile(env)).mode & 0o777).toBe(0o600)
    expect(statSync(join(trustFile(env), '..')).mode & 0o777).toBe(0o700)
    expect(statSync(join(git, 'repose/clone-id')).mode & 0o777).toBe(0o600)
  }
})

test('a change of the checks is asked about again, and both stay trusted; revoking takes all back', () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  trustChecks(placeOf(git), ['make'], 6, env)
  trustChecks(placeOf(git), ['make'], 7, env)
  expect([trusted(), trusted(git, ['make'])]).toEqual([true, true])
  expect(readTrust(env)).toHaveLength(2)
  const other = join(scratchRepo({}), '.git')
  trustChecks(placeOf(other), CHECKS, 8, env)
  expect(revokeTrust(placeOf(git), env).map(({ checks }) => checks)).toEqual([CHECKS, ['make']])
  expect([trusted(), trusted(git, ['make']), trusted(other)]).toEqual([false, false, true])
  expect(revokeTrust(placeOf(git), env)).toEqual([])
})

test('another clone at the same path, one that was copied and one that was moved are not trusted', () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  const copy = join(scratchFolder(), 'copy')
  cpSync(root, copy, { recursive: true })
  expect(trusted(join(copy, '.git'))).toBe(false)
  renameSync(root, `${root}-moved`)
  expect(trusted(join(`${root}-moved`, '.git'))).toBe(false)
  sh(scratchFolder(), 'clone', '-q', `${root}-moved`, root)
  expect(trusted()).toBe(false)
  rmSync(root, { recursive: true })
  renameSync(`${root}-moved`, root)
  expect(trusted()).toBe(true)
})

test.skipIf(isWindows)('a path through a link is the same clone', () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  const link = join(scratchFolder(), 'link')
  symlinkSync(root, link)
  expect(trusted(join(link, '.git'))).toBe(true)
})

test.each([
  ['{', /is not as repose writes it/],
  ['null', /is not as repose writes it/],
  ['{"version": 2, "trusted": []}', /is not as repose writes it/],
  ['{"version": 1, "trusted": [{"key": "x"}]}', /is not as repose writes it/],
  [' '.repeat(1_000_001), /is not a file that repose wrote/],
])('a file of trust that is broken trusts nothing, and says so: %.30j', (text, message) => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  writeFileSync(trustFile(env), text)
  expect(() => trusted()).toThrow(message)
  expect(() => trustChecks(placeOf(git), CHECKS, 5, env)).toThrow(message)
  expect(readFileSync(trustFile(env), 'utf8')).toBe(text)
})

test.skipIf(isWindows)('a file of trust that others can write trusts nothing; nor does a link or a folder', () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  chmodSync(trustFile(env), 0o620)
  expect(() => trusted()).toThrow(/can be written by others/)
  renameSync(trustFile(env), `${trustFile(env)}.real`)
  symlinkSync(`${trustFile(env)}.real`, trustFile(env))
  expect(() => trusted()).toThrow(/is not a file that repose wrote/)
  rmSync(trustFile(env))
  mkdirSync(trustFile(env))
  expect(() => trusted()).toThrow(/is not a file that repose wrote/)
})

test.each(['', 'x', '../../secret', '0'.repeat(33)])(
  'a clone that brings a word of its own is not trusted: %j',
  (id) => {
    trustChecks(placeOf(git), CHECKS, 5, env)
    writeFileSync(join(git, 'repose/clone-id'), `${id}\n`)
    expect(trusted()).toBe(false)
  },
)

test.skipIf(isWindows)(
  'a link that an unpacked repository has in the place of the word is replaced, not written through',
  () => {
    const precious = join(scratchFolder(), 'precious')
    writeFileSync(precious, 'mine\n')
    mkdirSync(join(git, 'repose'))
    symlinkSync(precious, join(git, 'repose/clone-id'))
    trustChecks(placeOf(git), CHECKS, 5, env)
    expect([trusted(), readFileSync(precious, 'utf8')]).toEqual([true, 'mine\n'])
  },
)

test('working trees that git has made of a clone are trusted with it', () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  const linked = join(scratchFolder(), 'linked')
  sh(root, 'worktree', 'add', '-q', '--detach', linked)
  expect(isTrusted({ root: linked, commonDir: git }, CHECKS, env)).toBe(true)
  writeFileSync(join(git, 'worktrees/linked/gitdir'), `${join(scratchFolder(), '.git')}\n`)
  expect(isTrusted({ root: linked, commonDir: git }, CHECKS, env)).toBe(false)
})

test('a folder that says it belongs to a trusted clone, and which that does not know of, is not trusted', () => {
  trustChecks(placeOf(git), CHECKS, 5, env)
  for (const target of [git, join(git, 'worktrees/x')]) {
    const stranger = scratchFolder()
    writeFileSync(join(stranger, '.git'), `gitdir: ${target}\n`)
    const place = { root: stranger, commonDir: git }
    expect(isTrusted(place, CHECKS, env)).toBe(false)
    trustChecks(place, CHECKS, 5, env)
    expect(isTrusted(place, CHECKS, env)).toBe(true)
  }
  expect(trusted()).toBe(true)
})

test('a word that came with the repository is not what it is trusted under', () => {
  mkdirSync(join(git, 'repose'))
  const brought = `${'a'.repeat(32)}\n`
  writeFileSync(join(git, 'repose/clone-id'), brought)
  trustChecks(placeOf(git), CHECKS, 5, env)
  expect(trusted()).toBe(true)
  expect(readFileSync(join(git, 'repose/clone-id'), 'utf8')).not.toBe(brought)
})

test('what an archive says of itself is not trusted, if the home folder leads into it', () => {
  const inside = { XDG_CONFIG_HOME: join(root, '.config') }
  trustChecks(placeOf(git), CHECKS, 5, inside)
  expect(() => isTrusted(placeOf(git), CHECKS, inside)).toThrow('lies in this repository')
})
