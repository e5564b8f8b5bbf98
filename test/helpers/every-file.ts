import { join } from 'node:path'
import { afterAll, expect, inject, vi } from 'vitest'
import '../../src/processes/engine.ts' // V8 would optimise for longer than most files run: an eighth of their processor time
import { keepParsers } from '../../src/parse/parser-process.ts'
import { PARSER_MS } from './run-in-process.ts'
import { removeFolders } from './scratch-folders.ts'

/**
 * vitest runs this before each file of tests. Files share processes, in which the program is loaded once. What a file changes in its process
 * would meet the next file, so it fails here where it does not put that back.
 *
 * A hook at the top of a helper would run only for the first file that loads it: it belongs here.
 */
process.env.XDG_STATE_HOME = join(inject('sharedFolder'), 'state') // not that of whoever runs the tests
const before = processState()
keepParsers(PARSER_MS)

afterAll(() => {
  removeFolders()
  vi.unstubAllEnvs()
  const after = processState()
  const names = new Set([...Object.keys(before.env), ...Object.keys(after.env)])
  const changed = [...names].filter((name) => before.env[name] !== after.env[name])
  for (const name of changed) {
    if (before.env[name] === undefined) delete process.env[name]
    else process.env[name] = before.env[name]
  }
  if (after.hasFakeTimers) vi.useRealTimers()
  if (after.cwd !== before.cwd) process.chdir(before.cwd)
  if (after.umask !== before.umask) process.umask(before.umask)
  process.exitCode = before.exitCode
  // names alone: a value may be a key
  expect({ ...after, env: changed }, 'this file left its process changed').toEqual({ ...before, env: [] })
})

function processState() {
  return {
    env: { ...process.env },
    cwd: process.cwd(),
    umask: process.umask(),
    exitCode: process.exitCode,
    hasFakeTimers: vi.isFakeTimers(),
    listeners: (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => `${signal} ${process.listenerCount(signal)}`),
  }
}
