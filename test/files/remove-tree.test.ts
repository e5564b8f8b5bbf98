import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { removeTree } from '../../src/files/remove-tree.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

afterEach(() => vi.unstubAllEnvs())

/** A folder whose innermost folder has a path of 6,000 characters: too long for any program. */
function deepFolder(): string {
  const root = join(scratchFolder(), 'deep')
  mkdirSync(root)
  const descend = 'for i in $(seq 30); do mkdir "$1" && cd -P "./$1" || exit 1; done; echo a > file'
  const { status, stderr } = spawnSync('/bin/sh', ['-c', descend, 'sh', 'a'.repeat(200)], { cwd: root })
  expect([status, String(stderr)]).toEqual([0, ''])
  return root
}

test.skipIf(isWindows)(
  'a tree too deep for a path is removed by the programs of the system, not by those of a clone',
  async () => {
    const clone = scratchFolder()
    mkdirSync(join(clone, 'bin'))
    const ran = join(clone, 'ran')
    for (const name of ['xargs', 'chmod', 'rm', 'printf'])
      writeFileSync(join(clone, 'bin', name), `#!/bin/sh\necho ${name} >> '${ran}'\n`, { mode: 0o755 })
    vi.stubEnv('PATH', `${join(clone, 'bin')}:${process.env.PATH}`)
    const root = deepFolder()
    await removeTree(root)
    expect([existsSync(root), existsSync(ran)]).toEqual([false, false])
  },
)
