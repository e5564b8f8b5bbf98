import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { EVIL, STEERS } from '../helpers/evil.ts'
import { removeFolder } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'

let scratch: string
let root: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'repose-terminal-'))
  root = join(scratch, 'repo')
  mkdirSync(join(root, 'src'), { recursive: true })
  const code = `/** Adds ${EVIL} prices. */\nexport function addPrices(a: number) {\n  return '${EVIL}'\n}\n`
  writeFileSync(join(root, `src/price${EVIL}.ts`), code)
  writeFileSync(join(root, 'src/plain.ts'), code)
  writeFileSync(join(root, 'README.md'), `# Shop ${EVIL}\n\nSells ${EVIL} books.\n`)
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: `shop${EVIL}`, description: EVIL }))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root })
  git('init', '-q', '-b', 'evil\u202ebranch')
  git('add', '-A')
  git('commit', '-qm', `Add prices ${EVIL}`)
  writeFileSync(join(root, 'src/plain.ts'), `${code}\nexport const b = 2\n`)
  git('commit', '-qam', `Add a ${EVIL} constant`)
})
afterAll(() => removeFolder(scratch))

/** An endpoint whose every word is evil; its status is that of the address. */
async function evilEndpoint(status: number, content = EVIL) {
  const server = createServer((request, response) => {
    request.resume()
    const error = { error: { message: `no ${EVIL}`, code: EVIL, param: EVIL } }
    const message = { choices: [{ message: { content }, finish_reason: 'stop' }] }
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(status === 200 ? message : error))
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const env = {
    OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    REPOSE_MODEL: `m${EVIL}`,
  }
  return { env, close: () => server.close() }
}

describe('nothing that others wrote steers a terminal, nor a log that is looked at later', () => {
  test.each([
    [['index']],
    [['context', `Add prices ${EVIL}`]],
    [['context', 'Add prices', '--json']],
    [['ask', 'Where are prices added?']],
    [['status']],
    [['status', '--left-out', '--json']],
    [['sleep']],
    [['receipts']],
    [['ledger']],
    [['init', '--print']],
    [['doctor']],
    [[`frob${EVIL}`]],
    [['context', 'x', '--repo', `/nowhere${EVIL}`]],
    [['implement', 'x', '--branch', `b${EVIL}`]],
  ])('%j', async (args) => {
    const { env, close } = await evilEndpoint(400)
    const run = await runRepose(args, { cwd: root, env: args[0] === 'sleep' || args[0] === 'implement' ? env : {} })
    close()
    expect(run.stdout).not.toMatch(STEERS)
    expect(run.stderr).not.toMatch(STEERS)
    expect(run.stderr).not.toContain('bug in repose')
    if (args.includes('--json')) expect(run.stdout).toMatch(/^[\t\n -~]*$/)
  })

  test.each([200, 400, 401, 404, 429, 500])(
    'what an endpoint says, status %i',
    async (status) => {
      const { env, close } = await evilEndpoint(status)
      for (const args of [['ask', 'Where are prices added?'], ['doctor']]) {
        const run = await runRepose(args, { cwd: root, env })
        expect(run.stdout).not.toMatch(STEERS)
        expect(run.stderr).not.toMatch(STEERS)
      }
      close()
    },
    60_000,
  )

  test('what a configuration says', async () => {
    const config = join(root, 'repose.config.json')
    for (const text of [
      `{"mod${EVIL.replace('\x1b', '\\u001b')}": 1}`,
      `{"checks": ["${EVIL}"`,
      `{"model": 5, "x${EVIL}": 1}`,
    ]) {
      writeFileSync(config, text)
      const run = await runRepose(['status'], { cwd: root })
      expect(run.code).toBe(2)
      expect(run.stderr).not.toMatch(STEERS)
    }
    execFileSync('rm', [config])
  })

  test('a diff for another program is to the letter', async () => {
    const edit = `@@ create src/new.ts\n<<<<<<< text\nexport const evil = '${EVIL}'\r\n>>>>>>> end`
    const { env, close } = await evilEndpoint(200, edit)
    const run = await runRepose(['implement', 'Add a constant', '--dry-run', '--effort', 'low'], { cwd: root, env })
    close()
    expect(run.stderr).not.toMatch(STEERS)
    expect(run.code).toBe(0)
    expect(run.stdout).toContain(`+export const evil = '${EVIL}'`)
    const applied = spawnSync('git', ['apply', '--check'], { cwd: root, input: run.stdout })
    expect(applied.status).toBe(0)
  }, 60_000)

  const hasScript = spawnSync('script', ['--version']).status === 0
  test.skipIf(!hasScript)(
    'on a terminal the same, a diff too',
    async () => {
      const edit = `@@ create src/new.ts\n<<<<<<< text\nexport const evil = '${EVIL}'\n>>>>>>> end`
      const { env, close } = await evilEndpoint(200, edit)
      const commands = [
        ['status', '--left-out'],
        ['context', 'Add prices'],
        ['implement', 'Add a constant', '--dry-run', '--effort', 'low'],
      ]
      for (const args of commands) {
        const words = [process.execPath, join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args].map((word) => `'${word}'`)
        const shown = await runScript(words.join(' '), env)
        // our own: the line of the progress written anew, and what the terminal adds to line ends
        expect(shown.replace(/\r/g, '')).not.toMatch(STEERS)
        expect(shown.length).toBeGreaterThan(20)
      }
      close()
    },
    60_000,
  )

  function runScript(command: string, env: Record<string, string>): Promise<string> {
    return new Promise((resolve) => {
      let shown = ''
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        cwd: root,
        env: { ...process.env, ...env, XDG_CONFIG_HOME: '/nowhere', TERM: 'xterm', NO_COLOR: '1' },
      })
      child.stdout.on('data', (data: Buffer) => {
        shown += data
      })
      child.on('close', () => resolve(shown))
    })
  }
})
