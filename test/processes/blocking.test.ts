import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { isWindows } from '../helpers/platform.ts'

const built = (path: string) => JSON.stringify(join(PACKAGE_ROOT, 'dist', path))

/** Runs a module in a process that handles Ctrl-C as the program does. */
function inProcess(body: string): string {
  const program = `
    import { readFile } from 'node:fs'
    import { setTimeout as delay } from 'node:timers/promises'
    import { blocking } from ${built('src/processes/blocking.js')}
    import { endOnInterrupt } from ${built('bin/interrupt.js')}
    const signal = endOnInterrupt()
    const busy = (ms) => { for (const until = performance.now() + ms; performance.now() < until; ); }
    ${body}
    process.exit(0)`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stdout
}

test.skipIf(isWindows)('Ctrl-C in a callback of a read is not lost if work that blocks begins in it', () => {
  expect(
    inProcess(`
      await new Promise((resolve) => readFile(process.execPath, { encoding: 'latin1' }, resolve))
      process.kill(process.pid, 'SIGINT')
      const end = await blocking(() => 'worked on').catch(() => 'stopped')
      await delay(50)
      console.log(end, signal.aborted)`),
  ).toBe('stopped true\n')
})

test.skipIf(isWindows)('nor if other callbacks take time meanwhile', () => {
  expect(
    inProcess(`
      let left = 5
      const other = () => readFile(process.execPath, () => { busy(20); if (left-- === 3) process.kill(process.pid, 'SIGINT'); if (left > 0) other() })
      other()
      await new Promise((resolve) => readFile(process.execPath, resolve))
      let end = 'worked on'
      while (left > 0 && end === 'worked on') end = await blocking(() => 'worked on').catch(() => 'stopped')
      await delay(50)
      console.log(signal.aborted)`),
  ).toBe('true\n')
})
