import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isMounted } from '../../src/processes/mount-points.ts'
import { whyNoCage } from '../verify/cage-lab.ts'

test.skipIf(whyNoCage() !== null)(
  'a folder counts as mounted, also by a process that has moved the mount',
  async () => {
    const parent = mkdtempSync('/tmp/repose-') // in the cage, it is in a file system that the process may write
    const folder = join(parent, 'a name')
    mkdirSync(folder)
    const move = 'mv "$1" /tmp/elsewhere && echo ready && exec sleep 60'
    const mounts = ['--bind', '/', '/', '--dev', '/dev', '--tmpfs', '/tmp', '--bind', folder, folder]
    const process = spawn('bwrap', [...mounts, '--die-with-parent', 'sh', '-c', move, 'sh', parent])
    try {
      expect(String((await once(process.stdout, 'data'))[0])).toBe('ready\n')
      expect(await isMounted(folder)).toBe(true)
      expect(await isMounted(join(parent, 'another'))).toBe(false)
    } finally {
      process.kill('SIGKILL')
      rmSync(parent, { recursive: true })
    }
    await once(process, 'close')
    expect(await isMounted(folder)).toBe(false)
  },
)
