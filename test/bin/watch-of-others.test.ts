import { spawnSync } from 'node:child_process'
import { chmodSync, lchownSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { scratchFolder, scratchRepo, write } from '../repo/scratch-repo.ts'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0
const canOthersRead = isRoot && spawnSync('ls', [PACKAGE_ROOT], { uid: NOBODY, gid: NOBODY }).status === 0
const reason =
  process.platform !== 'linux' ? 'it is for Linux' : isRoot && !canOthersRead ? 'others cannot read this folder' : null
if (reason !== null) console.log(`no daemon of another user: ${reason}`)

test.skipIf(reason !== null).each(['stop', 'restart'])(
  'watch %s says that another user started the daemon',
  (action) => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const home = scratchFolder()
    const pid = isRoot ? process.pid : 1 // not theirs to end
    const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/\(.*\)/s, 'x')
      .split(' ')
    write(root, '.git/repose/repose.db.watch.lock', JSON.stringify({ pid, startedAt: fields[19] }))
    const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
    if (isRoot) for (const one of [root, home]) giveAway(one)
    const run = spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'watch', action], {
      ...{ cwd: root, encoding: 'utf8', ...user },
      env: { PATH: process.env.PATH, HOME: home, XDG_STATE_HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
    })
    expect(run.stderr).toMatch(
      new RegExp(
        `^error: pid ${pid} watches .* for another user, whose processes you may not end\\nfix: {3}ask them\\n$`,
      ),
    )
    expect(run.status).toBe(1)
  },
)

function giveAway(folder: string): void {
  for (const one of [folder, dirname(folder)]) if (one !== tmpdir()) chmodSync(one, 0o755)
  lchownSync(folder, NOBODY, NOBODY)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), NOBODY, NOBODY)
}
