import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { stateFolder, userFolder } from '../../src/config/user-folder.ts'
import { folderForUncaged, isExposed, temporaryFolder, tidyCache } from '../../src/files/temporary-folder.ts'
import { commitToBranch, requireNewBranch } from '../../src/repo/apply-result.ts'
import { git } from '../../src/repo/git.ts'
import { keepDiff } from '../../src/repo/keep-diff.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { isWindows } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

const HOOKS = ['reference-transaction', 'post-checkout', 'post-index-change', 'pre-commit', 'post-commit']

/** Hooks that leave a mark, in a folder that another user could have made. Returns the folder of the marks. */
function plantHooks(folder: string): string {
  const marks = scratchFolder()
  mkdirSync(folder, { recursive: true })
  for (const hook of HOOKS) {
    writeFileSync(join(folder, hook), `#!/bin/sh\ntouch '${marks}/${hook}'\n`)
    chmodSync(join(folder, hook), 0o755)
  }
  return marks
}

/** Whether this user may give a file to another: root may, unless it is root of a namespace alone. */
function mayGiveAway(): boolean {
  const file = join(scratchFolder(), 'file')
  writeFileSync(file, '')
  try {
    chownSync(file, 65534, 65534)
    return process.getuid?.() === 0
  } catch {
    return false
  }
}

/** Until the test ends, the system's folder for temporary files is a new one. */
function moveTemporary(): string {
  const folder = scratchFolder()
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder)
  return folder
}

describe.skipIf(isWindows)('hooks', () => {
  test('hooks that someone put where repose once looked for none do not run', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const temporary = moveTemporary()
    const marks = plantHooks(join(temporary, 'repose-no-hooks'))
    await requireNewBranch(await openRepo(root), 'new')
    const worktree = await openWorktree(root)
    try {
      write(worktree.root, 'b.txt', 'b\n')
      await commitToBranch(root, { head: worktree.head, diff: await worktree.diff() }, 'new', 'Add b')
    } finally {
      await worktree.close()
      vi.unstubAllEnvs()
    }
    expect(sh(root, 'log', '-1', '--format=%s', 'new').trim()).toBe('Add b')
    expect(readdirSync(marks)).toEqual([])
  })

  test('no git command of repose runs a hook of the repository', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const marks = plantHooks(join(root, '.git/hooks'))
    await git(root, ['update-ref', 'refs/heads/other', 'HEAD'])
    await git(root, ['checkout', '-q', 'other'])
    write(root, 'a.txt', 'b\n')
    await git(root, ['commit', '-q', '-a', '-m', 'Change a'])
    expect(readdirSync(marks)).toEqual([])
    sh(root, 'update-ref', 'refs/heads/third', 'HEAD') // the hooks are real
    expect(readdirSync(marks)).toContain('reference-transaction')
  })
})

test("a diff that is kept beside temporary files goes into a folder that is new and the user's alone", async () => {
  const temporary = moveTemporary()
  const elsewhere = scratchFolder()
  symlinkSync(elsewhere, join(temporary, 'repose-results'), 'junction')
  const file = join(scratchFolder(), 'file')
  writeFileSync(file, '')
  const path = await keepDiff(file, 'the diff\n').finally(() => vi.unstubAllEnvs())
  expect(readFileSync(path, 'utf8')).toBe('the diff\n')
  expect(dirname(dirname(path))).toBe(temporary)
  expect(readdirSync(elsewhere)).toEqual([])
})

describe.skipIf(isWindows)('the folder for temporary files', () => {
  afterEach(() => vi.unstubAllEnvs())
  const set = (folder: string) => {
    vi.stubEnv('TMPDIR', folder)
    return temporaryFolder()
  }

  test.each([
    ['writable for everybody and not sticky', 0o777],
    ['below one that is', 0o700],
  ])('%s: the user cache is used', (name, mode) => {
    vi.stubEnv('HOME', scratchFolder())
    const top = scratchFolder()
    mkdirSync(join(top, 'tmp'))
    chmodSync(join(top, 'tmp'), mode)
    if (name.startsWith('below')) chmodSync(top, 0o777)
    expect(set(join(top, 'tmp'))).toBe(join(process.env.HOME!, '.cache/repose/tmp'))
    chmodSync(process.env.HOME!, 0o777)
    expect(() => set(join(top, 'tmp'))).toThrow(/other users may rename/)
  })

  test('in which others may add something: worktrees lie in the user cache, unless others may add to that, too', () => {
    const folder = scratchFolder()
    chmodSync(folder, 0o1777)
    const home = mkdtempSync(join(PACKAGE_ROOT, 'dist', 'home-')) // scratch folders lie in a folder of all users
    onTestFinished(() => rmSync(home, { recursive: true }))
    vi.stubEnv('HOME', home)
    expect(set(folder)).toBe(folder)
    const isShared = (path: string): boolean =>
      (statSync(path).mode & 0o002) !== 0 || (dirname(path) !== path && isShared(dirname(path)))
    expect(folderForUncaged()).toBe(isShared(home) ? folder : join(home, '.cache/repose/tmp'))
    expect(isExposed(folder)).toBe(!isShared(home))
    expect(isExposed(folderForUncaged())).toBe(false)
    chmodSync(home, 0o1777)
    expect(folderForUncaged()).toBe(folder)
    expect(isExposed(folder)).toBe(false) // nothing is better
  })

  test('in the cache: what a killed check left is removed after a week', () => {
    vi.stubEnv('HOME', scratchFolder())
    const cache = join(process.env.HOME!, '.cache/repose/tmp')
    for (const name of ['repose-check-old', 'repose-check-new']) mkdirSync(join(cache, name, 'x'), { recursive: true })
    utimesSync(join(cache, 'repose-check-old'), 0, Date.now() / 1000 - 8 * 86_400)
    tidyCache()
    expect(readdirSync(cache)).toEqual(['repose-check-new'])
    rmSync(join(cache, 'repose-check-new'), { recursive: true })
    tidyCache()
    expect(readdirSync(process.env.HOME!)).toEqual(['.cache'])
  })

  test.runIf(mayGiveAway())("that belongs to another user, or to a group, is not used: the user's cache is", () => {
    const home = scratchFolder()
    vi.stubEnv('HOME', home)
    for (const [owner, group, mode] of [
      [1234, 0, 0o1777],
      [0, 1234, 0o2775],
    ] as const) {
      const folder = scratchFolder()
      chownSync(folder, owner, group)
      chmodSync(folder, mode)
      expect(set(folder)).toBe(join(home, '.cache/repose/tmp'))
    }
  })

  test.runIf(mayGiveAway())('that belongs to nobody is not used where all users are known', () => {
    const home = scratchFolder()
    vi.stubEnv('HOME', home)
    const folder = scratchFolder()
    chownSync(folder, 65534, 65534)
    chmodSync(folder, 0o1777)
    const isContainer = process.platform === 'linux' && !read('/proc/self', 'uid_map').includes('4294967295')
    expect(set(folder)).toBe(isContainer ? folder : join(home, '.cache/repose/tmp'))
  })

  const noLists = spawnSync('setfacl', ['--version']).error !== undefined
  if (noLists) console.log('no access control list is tried: setfacl is missing')
  test.skipIf(noLists)('in which an access control list lets another user write is not used', () => {
    const home = scratchFolder()
    vi.stubEnv('HOME', home)
    const folder = scratchFolder()
    chmodSync(folder, 0o770)
    const isOwn = set(folder) === folder
    const { status } = spawnSync('setfacl', ['-m', 'u:1234:rwx', folder])
    expect([isOwn, status === 0 ? set(folder) : null]).toEqual([
      true,
      status === 0 ? join(home, '.cache/repose/tmp') : null,
    ])
  })

  const inFolder = (folder: string) => {
    const home = scratchFolder()
    const url = pathToFileURL(join(PACKAGE_ROOT, 'dist/src/files/temporary-folder.js')).href
    const script = `import { temporaryFolder } from '${url}'; console.log(temporaryFolder())`
    const env = { ...process.env, HOME: home, TMPDIR: folder }
    return {
      home,
      call: [process.execPath, '--input-type=module', '-e', script],
      options: { env, encoding: 'utf8' },
    } as const
  }

  test.runIf(mayGiveAway())("of root's group is not used by another user of that group", ({ skip }) => {
    const folder = scratchFolder()
    chmodSync(folder, 0o770)
    const { home, call, options } = inFolder(folder)
    chownSync(home, 65534, 0)
    const asOther = { ...options, uid: 65534, gid: 0 } as const
    if (spawnSync('ls', [folder, PACKAGE_ROOT], asOther).status !== 0)
      return skip('another user cannot read this folder')
    const { stdout, stderr } = spawnSync(call[0], call.slice(1), asOther)
    expect(stdout, stderr).toBe(`${join(home, '.cache/repose/tmp')}\n`)
  })

  const noCage = spawnSync('bwrap', ['--dev-bind', '/', '/', 'true']).status !== 0
  if (noCage) console.log('no other list of users is tried: bwrap is missing or may not be used')
  test.skipIf(noCage)('of a group is not used if another user has it from the start', () => {
    const folder = scratchFolder()
    chmodSync(folder, 0o770)
    const users = join(scratchFolder(), 'passwd')
    const { home, call, options } = inFolder(folder)
    const used = (more: string) => {
      writeFileSync(users, `${readFileSync('/etc/passwd', 'utf8')}${more}`)
      return spawnSync(
        'bwrap',
        ['--dev-bind', '/', '/', '--ro-bind', users, '/etc/passwd', ...call],
        options,
      ).stdout.trim()
    }
    expect(used('')).toBe(folder)
    expect(used(`other:x:4321:${statSync(folder).gid}::/:/bin/sh\n`)).toBe(join(home, '.cache/repose/tmp'))
  })

  test.each([0o1777, 0o700, 0o755, ...(process.platform === 'linux' ? [0o770] : [])])('of mode %o is used', (mode) => {
    const folder = scratchFolder()
    chmodSync(folder, mode)
    expect(set(folder)).toBe(folder)
  })

  test.each(['', 'home'])('HOME=%s leads nowhere into the current folder', (home) => {
    vi.stubEnv('HOME', home)
    expect([userFolder({}), stateFolder({})].filter(isAbsolute)).toHaveLength(2)
  })

  test('as a link or a relative path is resolved', () => {
    const folder = scratchFolder()
    const link = join(scratchFolder(), 'link')
    symlinkSync(folder, link)
    expect(set(link)).toBe(folder)
    expect(set(relative(process.cwd(), folder))).toBe(folder)
  })

  test('that is a file or missing is told', () => {
    const file = join(scratchFolder(), 'file')
    expect(() => set(file)).toThrow(/does not exist or cannot be written/)
    writeFileSync(file, '')
    expect(() => set(file)).toThrow(/does not exist or cannot be written/)
  })
})

describe.skipIf(isWindows)('a sweep', () => {
  const dead = { pid: 4_194_305, startedAt: null } // above the highest number of a process

  /** A folder such as a run leaves, with a note of its owner. */
  function leftover(temporary: string, root: string): string {
    const folder = join(temporary, 'repose-left')
    mkdirSync(folder, { mode: 0o700 })
    mkdirSync(join(folder, 'tree'))
    const note = { ...dead, commonDir: join(root, '.git'), root: join(folder, 'tree'), links: [] }
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(note))
    return folder
  }

  test.each([
    ['of the user alone is removed', () => {}, false],
    ['that others may write to is left alone', (folder: string) => chmodSync(folder, 0o777), true],
    [
      'whose note is a link is left alone',
      (folder: string) => {
        const elsewhere = join(scratchFolder(), 'note.json')
        writeFileSync(elsewhere, read(folder, 'owner.json'))
        unlinkSync(join(folder, 'owner.json'))
        symlinkSync(elsewhere, join(folder, 'owner.json'))
      },
      true,
    ],
  ] as const)('a folder %s', async (_, change, stays) => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const temporary = moveTemporary()
    const folder = leftover(temporary, root)
    change(folder)
    await sweepWorktrees(root).finally(() => vi.unstubAllEnvs())
    expect(existsSync(folder)).toBe(stays)
  })

  test.skipIf(!mayGiveAway())('the folder of another user is left alone', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const temporary = moveTemporary()
    const folder = leftover(temporary, root)
    chownSync(join(folder, 'owner.json'), 65534, 65534)
    await sweepWorktrees(root)
    expect(existsSync(folder)).toBe(true)
    chownSync(join(folder, 'owner.json'), 0, 0)
    chownSync(folder, 65534, 65534)
    await sweepWorktrees(root).finally(() => vi.unstubAllEnvs())
    expect(existsSync(folder)).toBe(true)
  })

  test.each(['..', '.', ''])('a note that names %j of its folder as the worktree is none', async (name) => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const temporary = moveTemporary()
    const folder = leftover(temporary, root) // as an archive that was unpacked there may have it
    const note = { ...dead, commonDir: join(root, '.git'), root: `${folder}/${name}`, links: ['precious'] }
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(note))
    writeFileSync(join(temporary, 'precious'), 'x')
    expect(await sweepWorktrees(root).finally(() => vi.unstubAllEnvs())).toEqual([])
    expect(existsSync(join(temporary, 'precious')) && existsSync(folder)).toBe(true)
  })

  test('a note beside the repository that it names is none', async () => {
    const temporary = moveTemporary()
    const root = join(temporary, 'repose-demo/project')
    mkdirSync(join(root, '..'), { mode: 0o700 })
    renameSync(scratchRepo({ 'a.txt': 'a\n' }), root)
    const note = { ...dead, commonDir: join(root, '.git'), root, links: [] }
    writeFileSync(join(root, '../owner.json'), JSON.stringify(note))
    expect(await sweepWorktrees(root).finally(() => vi.unstubAllEnvs())).toEqual([])
    expect(read(root, 'a.txt')).toBe('a\n')
  })

  test('a note that names a link as the worktree is none: what it leads to is not ours', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const temporary = moveTemporary()
    const folder = leftover(temporary, root) // as an archive that was unpacked there may have it
    const home = scratchFolder()
    writeFileSync(join(home, 'precious'), 'x')
    rmdirSync(join(folder, 'tree'))
    symlinkSync(home, join(folder, 'tree'))
    const note = { ...dead, commonDir: join(root, '.git'), root: join(folder, 'tree'), links: ['precious'] }
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(note))
    expect(await sweepWorktrees(root).finally(() => vi.unstubAllEnvs())).toEqual([])
    expect(existsSync(join(home, 'precious'))).toBe(true)
  })

  test('a link that a note names is removed only within the worktree', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const temporary = moveTemporary()
    const folder = leftover(temporary, root)
    const outside = scratchFolder()
    writeFileSync(join(outside, 'precious'), 'x')
    symlinkSync(outside, join(folder, 'tree', 'packages'))
    const note = {
      ...dead,
      commonDir: join(root, '.git'),
      root: join(folder, 'tree'),
      links: ['packages/precious', '../../precious'],
    }
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(note))
    writeFileSync(join(temporary, 'precious'), 'x')
    await sweepWorktrees(root).finally(() => vi.unstubAllEnvs())
    expect(existsSync(folder)).toBe(false)
    expect(existsSync(join(outside, 'precious'))).toBe(true)
    expect(existsSync(join(temporary, 'precious'))).toBe(true)
  })
})

test('nothing that users run takes the folder for temporary files from the system', () => {
  const direct = ['src', 'agents', 'bin'].flatMap((top) =>
    readdirSync(join(PACKAGE_ROOT, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/(temporary-folder|without-places)\.ts$/.test(name)) // the second only looks for its name
      .filter((name) => /\btmpdir\(/.test(read(PACKAGE_ROOT, join(top, name)))),
  )
  expect(direct).toEqual([])
})

test('nothing in the source names a fixed place in the folder for temporary files', () => {
  const fixed = ['src', 'agents', 'bin', 'bench', 'test/helpers'].flatMap((top) =>
    readdirSync(join(PACKAGE_ROOT, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const lines = read(PACKAGE_ROOT, join(top, name)).split('\n')
        const uses = lines.filter((line) => /tmpdir\(\)/.test(line) && !/mkdtemp/.test(line))
        return uses.filter((line) => !KNOWN.test(line)).map((line) => `${top}/${name}: ${line.trim()}`)
      }),
  )
  expect(fixed).toEqual([])
})

// where all others get it from
const KNOWN = /^\s*(const folder = tmpdir\(\)|\[tmpdir\(\), '\/tmp'\],)$/
