import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { takeKeys, takenKeys } from '../../src/config/keys.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { type ModelServer, reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { userConfig } from '../helpers/user-config.ts'

const KEY = 'sk-SECRET-OF-THE-USER'
const TOKEN = 'ghp-SECRET-OF-GIT'
const isLinux = process.platform === 'linux'

let shop: FixtureRepo
let server: ModelServer
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterEach(async () => {
  await server.close()
  await shop.dispose()
})

test.skipIf(!isLinux)('while repose asks a model, no environment of its processes shows the key', async () => {
  server = await startModelServer([{ kind: 'hang' }])
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'implement', 'Round down'], {
    cwd: shop.root,
    env: {
      ...process.env,
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_API_KEY: KEY,
      GITHUB_TOKEN: TOKEN,
      REPOSE_MODEL: 'm',
    },
  })
  await server.seen(1)
  expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`)
  const environment = readFileSync(`/proc/${child.pid}/environ`, 'latin1')
  expect(environment).toContain('REPOSE_MODEL=m')
  expect(environment).not.toContain(KEY)
  expect(environment).not.toContain(TOKEN)
  child.kill()
  await once(child, 'exit')
})

test.skipIf(!isLinux)('nor those of the daemon and its worker, which have it all the same', async () => {
  server = await startModelServer(Array.from({ length: 50 }, () => ({ kind: 'hang' as const })))
  const watch = { shortMinutes: 0, longMinutes: 0, maxLoad: 1000, onBattery: true }
  const env = {
    OPENAI_BASE_URL: server.baseUrl,
    OPENAI_API_KEY: KEY,
    REPOSE_MODEL: 'm',
    ...userConfig(shop.root, { watch, caps: { dayTokens: 1e6 } }),
  }
  const run = (...args: string[]) => runRepose(['watch', ...args], { cwd: shop.root, env })
  const { stdout } = await run('start')
  try {
    await server.seen(1)
    expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`)
    const daemon = /pid (\d+)/.exec(stdout)![1]!
    const family = [daemon, ...childrenOf(daemon)]
    expect(family.length).toBeGreaterThan(1)
    for (const pid of family) expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).not.toContain(KEY)
  } finally {
    await run('stop')
  }
})

test('programs that repose starts get no key of an endpoint, and what git may want', async () => {
  server = await startModelServer([reply('open src/vat.ts')])
  const env: NodeJS.ProcessEnv = { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: 'x', GITHUB_TOKEN: TOKEN, PLAIN: '1' }
  takeKeys(env)
  expect(env).toEqual({ GITHUB_TOKEN: TOKEN, PLAIN: '1' })
  expect(takenKeys()).toMatchObject({ OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: 'x' })
})

function childrenOf(pid: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(readFileSync(`/proc/${name}/status`, 'utf8'))
    } catch {
      return false
    }
  })
}
