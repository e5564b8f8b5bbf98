import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, sh } from '../repo/scratch-repo.ts'

import { expectCalm, FILES, MOST_MS } from './look.ts'
import { runHere } from './run-here.ts'

describe.skipIf(isWindows)('history and the files of git', () => {
  const commit = (root: string, head: string, message: string | Buffer, extra = '') => {
    const tree = sh(root, 'rev-parse', 'HEAD^{tree}').trim()
    const body = Buffer.concat([Buffer.from(`tree ${tree}\n${head}${extra}\n`), Buffer.from(message)])
    const id = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
      cwd: root,
      input: body,
    })
      .toString()
      .trim()
    sh(root, 'update-ref', 'HEAD', id)
  }
  const BY = 'author a <a@b> 1700000000 +0000\ncommitter a <a@b> 1700000000 +0000\n'
  test.each<[string, (root: string) => void]>([
    ['a message that steers', (root) => commit(root, BY, 'Raise \x1b[2J\u202e\x9b prices\n')],
    [
      'a message that looks like the log of git',
      (root) =>
        commit(root, BY, `\x01${'a'.repeat(40)}\n:100644 100644 ${'a'.repeat(40)} ${'b'.repeat(40)} M\nsrc/x.ts\n`),
    ],
    ['a message with NULs', (root) => commit(root, BY, Buffer.from('Raise\0\x01deadbeef\0the price\n'))],
    ['a message of 20 MB', (root) => commit(root, BY, 'Raise the price '.repeat(1_250_000))],
    ['no message', (root) => commit(root, BY, '')],
    [
      'an author without a name, of the year 200,000',
      (root) => commit(root, 'author <> 6249223296000 +9999\ncommitter <> -1 -9999\n', 'Raise\n'),
    ],
    [
      'an author that steers',
      (root) => commit(root, 'author \x1b[2J <\u202e> 1 +0000\ncommitter a <a> 1 +0000\n', 'Raise\n'),
    ],
    ['no author', (root) => commit(root, '', 'Raise\n')],
    [
      'an encoding that there is not',
      (root) => commit(root, BY, Buffer.from([0x52, 0xe4, 0xff, 0x0a]), 'encoding \x1b[2J\n'),
    ],
    ['a branch whose name steers', (root) => sh(root, 'checkout', '-qb', 'evil\u202e$(touch$IFS-ran)')],
    [
      'objects that are replaced',
      (root) => {
        const id = sh(root, 'rev-parse', 'HEAD').trim()
        commit(root, BY, 'other\n')
        sh(root, 'replace', '-f', 'HEAD', id)
      },
    ],
    ['an index that is rubbish', (root) => writeFileSync(join(root, '.git/index'), 'rubbish')],
    ['a HEAD that is rubbish', (root) => writeFileSync(join(root, '.git/HEAD'), '\x1b[2J rubbish')],
    ['a HEAD that leads out', (root) => writeFileSync(join(root, '.git/HEAD'), 'ref: ../../../etc/passwd')],
    ['a configuration that is rubbish', (root) => writeFileSync(join(root, '.git/config'), '[\x1b[2J')],
    [
      'alternates that lead out',
      (root) => {
        mkdirSync(join(root, '.git/objects/info'), { recursive: true })
        writeFileSync(join(root, '.git/objects/info/alternates'), '/etc\n../../../../..\n\x1b[2J\n')
      },
    ],
    ['a shallow file that is rubbish', (root) => writeFileSync(join(root, '.git/shallow'), '\x1b[2J\n')],
    [
      'an entry of each kind of conflict',
      (root) => {
        const blob = sh(root, 'rev-parse', 'HEAD:src/price.ts').trim()
        execFileSync('git', ['update-index', '--index-info'], {
          cwd: root,
          input: [1, 2, 3].map((stage) => `100644 ${blob} ${stage}\tsrc/both.ts\n`).join(''),
        })
      },
    ],
    [
      'core.worktree that leads to the root of the file system',
      (root) => sh(root, 'config', 'core.worktree', '/usr/share/dict-none'),
    ],
    [
      'packed refs that are rubbish',
      (root) => writeFileSync(join(root, '.git/packed-refs'), `${'x'.repeat(100_000)}\n\x1b[2J refs/heads/a\n`),
    ],
    [
      'lock files that others left',
      (root) => {
        for (const name of ['index.lock', 'HEAD.lock', 'config.lock']) writeFileSync(join(root, '.git', name), '')
      },
    ],
    ['repose as a file in the git folder', (root) => writeFileSync(join(root, '.git/repose'), '')],
    ['repose as a link out of it', (root) => symlinkSync(scratchFolder(), join(root, '.git/repose'))],
  ])(
    '%s',
    async (_, plant) => {
      const root = scratchRepo(FILES)
      plant(root)
      expectCalm(await runRepose(['context', 'Raise the price of orders'], { cwd: root, mostMs: MOST_MS }))
      await runHere(root, 'sleep').catch((error) => expect(error.name).toMatch(/^(UserError|GitError)$/))
      expect(existsSync(join(root, 'ran'))).toBe(false)
    },
    90_000,
  )
})
