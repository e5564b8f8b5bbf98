import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { runChecks } from '../../src/verify/run-checks.ts'
import { isWindows, removeFolder } from '../helpers/platform.ts'

let root: string
beforeAll(() => {
  root = realpathSync.native(mkdtempSync(join(tmpdir(), "test checks 'é-")))
})
afterAll(() => removeFolder(root))

async function run(command: string, options: Parameters<typeof runChecks>[2] & { timeoutMs?: number } = {}) {
  const { timeoutMs, ...rest } = options
  const [result] = await runChecks(root, [{ name: 'one', command, ...(timeoutMs ? { timeoutMs } : {}) }], rest)
  return result!
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // In a container nobody may collect a dead orphan.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '')
  } catch {
    return false
  }
}

async function pidIn(file: string): Promise<number> {
  for (;;) {
    const text = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8').trim() : ''
    if (text) return Number(text)
    await delay(20)
  }
}

describe('in any shell', () => {
  test('no checks, no results', async () => {
    expect(await runChecks(root, [])).toEqual([])
  })

  test('a check that ends well passes, with its output, in the folder', async () => {
    const result = await run('node -e "console.log(process.cwd())"', { timeoutMs: 1e12 })
    expect(result).toMatchObject({ status: 'passed', output: root })
  })

  test('one that does not fails, with both streams and the exit code', async () => {
    const { status, output } = await run('node -e "console.log(1); console.error(2); process.exitCode = 3"')
    expect([status, output.split(/\s*\n/).sort()]).toEqual(['failed', ['1', '2', 'exit code 3']])
  })

  test('one that hangs is stopped after its time', async () => {
    const result = await run('node -e "setInterval(Date.now, 1000)"', { timeoutMs: 500 })
    expect(result).toMatchObject({ status: 'failed', output: 'no result after 0.5 s: stopped' })
    expect(result.ms).toBeLessThan(8_000)
  })
})

// the commands below are for sh
describe.skipIf(isWindows)('results', () => {
  test('a check passes on exit code 0; its output is kept', async () => {
    expect(await run('echo fine; pwd')).toEqual({
      check: 'one',
      status: 'passed',
      output: `fine\n${root}`,
      ms: expect.any(Number),
      caged: false,
    })
  })

  test('after the first failure the rest is skipped', async () => {
    const results = await runChecks(root, [
      { name: 'a', command: 'true' },
      { name: 'b', command: 'echo broken >&2; exit 3' },
      { name: 'c', command: 'touch never' },
    ])
    expect(results.map(({ check, status, output }) => [check, status, output])).toEqual([
      ['a', 'passed', ''],
      ['b', 'failed', 'broken\nexit code 3'],
      ['c', 'skipped', 'not run: an earlier check failed'],
    ])
    expect(existsSync(join(root, 'never'))).toBe(false)
  })

  test('an unknown command and a syntax error are failures with the words of the shell', async () => {
    expect(await run('no-such-command-here')).toMatchObject({
      status: 'failed',
      output: expect.stringMatching(/not found.*\nexit code 127$/s),
    })
    expect(await run('if then')).toMatchObject({ status: 'failed', output: expect.stringMatching(/yntax/) })
  })

  test('a check that a signal ends is a failure that names it', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ status: 'failed', output: 'ended by SIGKILL' })
  })

  test('a folder that does not exist is an error, not a result', async () => {
    await expect(runChecks(join(root, 'nowhere'), [{ name: 'a', command: 'true' }])).rejects.toThrow(/ENOENT/)
  })

  test('standard input is empty, and several lines are one command', async () => {
    expect(await run('cat\nread x || echo nothing\n')).toMatchObject({ status: 'passed', output: 'nothing' })
  })
})

describe.skipIf(isWindows)('output', () => {
  test('both streams are in the order they were written', async () => {
    const { output } = await run('for i in 1 2 3 4 5; do echo out$i; echo err$i >&2; done')
    expect(output).toBe([1, 2, 3, 4, 5].flatMap((i) => [`out${i}`, `err${i}`]).join('\n'))
  })

  test('terminal codes, progress lines and control characters are taken out', async () => {
    const { output } = await run(String.raw`printf '\033[31mred\033[0m\r\n10%%\r50%%\r100%%\nbell\007 nul\000\n'`)
    expect(output).toBe('red\n100%\nbell nul')
  })

  test('letters that arrive in two pieces stay whole', async () => {
    expect((await run(String.raw`printf '\303'; sleep 0.2; printf '\251'`)).output).toBe('é')
  })

  test('of 100 MB the first 2,000 and last 8,000 characters are kept, in little memory', async () => {
    let peak = 0
    const before = process.memoryUsage().rss
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 20)
    const { status, output } = await run('echo first; yes 0123456789 | head -c 100000000; echo last')
    clearInterval(watch)
    expect(status).toBe('passed')
    expect(output.startsWith('first\n0123456789\n')).toBe(true)
    expect(output.endsWith('last')).toBe(true)
    expect(output).toContain('[... 99,990,011 characters left out ...]')
    expect(output.length).toBeLessThan(10_100)
    expect(peak).toBeGreaterThan(0)
    expect(peak - before).toBeLessThan(150_000_000)
  })

  test('outputLimit sets another bound, down to nothing', async () => {
    expect((await run('yes | head -c 100000', { outputLimit: 100 })).output.length).toBeLessThan(200)
    expect((await run('echo hello', { outputLimit: 0 })).output).toContain('6 characters left out')
  })
})

describe.skipIf(isWindows)('ending', () => {
  test('a check that hangs is stopped after its time, with a child that ignores SIGTERM', async () => {
    const command = `sh -c 'trap "" TERM; echo $$ > stubborn.pid; while :; do sleep 1; done' & echo started; wait`
    const result = await run(command, { timeoutMs: 500 })
    expect(result).toMatchObject({ status: 'failed', output: 'started\nno result after 0.5 s: stopped' })
    expect(result.ms).toBeGreaterThan(2_000)
    expect(result.ms).toBeLessThan(8_000)
    expect(isAlive(await pidIn('stubborn.pid'))).toBe(false)
  })

  test('one that ends when asked costs no waiting', async () => {
    const result = await run('exec sleep 1000', { timeoutMs: 300 })
    expect(result).toMatchObject({ status: 'failed', output: 'no result after 0.3 s: stopped' })
    expect(result.ms).toBeLessThan(2_000)
  })

  test('a child that ignores SIGTERM and writes elsewhere is ended too', async () => {
    const command = `sh -c 'trap "" TERM; echo $$ > silent.pid; while :; do sleep 1; done' >/dev/null 2>&1 & wait`
    await run(command, { timeoutMs: 500 })
    expect(isAlive(await pidIn('silent.pid'))).toBe(false)
  })

  test('aborting ends the running check and skips the others', async () => {
    const controller = new AbortController()
    const running = runChecks(
      root,
      [
        { name: 'a', command: 'sh -c "echo \\$\\$ > aborted.pid; sleep 1000"' },
        { name: 'b', command: 'true' },
      ],
      { signal: controller.signal },
    )
    const pid = await pidIn('aborted.pid')
    controller.abort()
    expect((await running).map(({ status, output }) => [status, output])).toEqual([
      ['interrupted', 'interrupted: stopped'],
      ['skipped', 'not run: interrupted'],
    ])
    expect(isAlive(pid)).toBe(false)
    expect(await run('true', { signal: controller.signal })).toMatchObject({ status: 'skipped' })
  })

  test('what a check leaves in the background neither holds up the result nor lives on', async () => {
    const result = await run('sleep 1000 & echo $! > left.pid; echo done')
    expect(result).toMatchObject({ status: 'passed', output: 'done' })
    expect(result.ms).toBeLessThan(2200) // in a container, too, where the dead orphan is not collected
    expect(isAlive(await pidIn('left.pid'))).toBe(false)
  })

  test('when this process exits in the middle of a check, the check ends with it', async () => {
    const source = pathToFileURL(join(PACKAGE_ROOT, 'dist/src/verify/run-checks.js'))
    const script = `import { existsSync } from 'node:fs'
      import { runChecks } from ${JSON.stringify(source)}
      void runChecks('.', [{ name: 'a', command: 'echo $$ > orphan.pid; sleep 1000' }])
      setInterval(() => { if (existsSync('orphan.pid')) process.exit(0) }, 20)`
    writeFileSync(join(root, 'exits.mjs'), script)
    const child = spawn(process.execPath, ['exits.mjs'], { cwd: root })
    expect(await new Promise((done) => child.on('exit', done))).toBe(0)
    const pid = await pidIn('orphan.pid')
    for (let i = 0; i < 100 && isAlive(pid); i++) await delay(20)
    expect(isAlive(pid)).toBe(false)
  })

  test('output of a child that outlives the shell for a moment is kept', async () => {
    expect((await run('(sleep 0.3; echo late) & echo soon')).output).toBe('soon\nlate')
  })
})

describe.skipIf(isWindows)('environment', () => {
  test('only what is known to be of use is in it, and what was named', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'hidden-1')
    vi.stubEnv('MY_github_token', 'hidden-2')
    vi.stubEnv('GIT_INDEX_FILE', 'hidden-3')
    vi.stubEnv('DATABASE_URL', 'hidden-4')
    vi.stubEnv('PIP_INDEX_URL', 'https://ada:hidden-5@example.org/simple')
    vi.stubEnv('MAVEN_OPTS', '-Xmx1g -Drepo.password=hidden-6')
    vi.stubEnv('MAVEN_GPG_PASSPHRASE', 'hidden-8')
    vi.stubEnv('MAVEN_PASS', 'hidden-9')
    vi.stubEnv('GRADLE_REPO_PWD', 'hidden-10')
    vi.stubEnv('NIX_CONFIG', 'access-tokens = github.com=hidden-11')
    vi.stubEnv('UV_INDEX_MINE_USERNAME', 'hidden-12')
    vi.stubEnv('RUSTFLAGS', `--cfg a="ghp_${'a1B2'.repeat(9)}" --cfg hidden-13`)
    vi.stubEnv('JAVA_HOME', '/opt/java')
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=900 --require /hidden-7.js')
    vi.stubEnv('PLAIN', 'shown')
    vi.stubEnv('MY_LICENSE_KEY', 'shown too')
    try {
      const { output } = await run('env', { env: ['PLAIN', 'MY_LICENSE_KEY'] })
      expect(output).not.toContain('hidden')
      const lines = output.split('\n')
      for (const line of ['CI=1', 'NO_COLOR=1', 'PLAIN=shown', 'MY_LICENSE_KEY=shown too', 'JAVA_HOME=/opt/java'])
        expect(lines).toContain(line)
      expect(lines.some((line) => line.startsWith('PATH='))).toBe(true)
    } finally {
      vi.unstubAllEnvs()
    }
  })
})

test('secrets are not in the output, also where it was cut', async () => {
  const token = `ghp_${'a1B2'.repeat(9)}`
  const { output } = await run(`node -e "console.log('${token}', 'x'.repeat(50000), '${token}')"`, { outputLimit: 300 })
  expect(output).not.toMatch(/ghp_|a1B2/)
  expect(output).toMatch(/^\[.* left out\] x*\n\[\.\.\. 49,\d{3} characters left out \.\.\.\]\nx* \[.* left out\]$/)
})

test('each has an empty folder for temporary files, which is gone afterwards', async () => {
  const script = `const fs = require('fs'), os = require('os'); console.log(os.tmpdir(), fs.readdirSync(os.tmpdir()).length); fs.writeFileSync(os.tmpdir() + '/x', '')`
  const [first, second] = [await run(`node -e "${script}"`), await run(`node -e "${script}"`)]
  expect(first.output).toMatch(/ 0$/)
  expect(second.output).toMatch(/ 0$/)
  expect(existsSync(first.output.replace(/ 0$/, ''))).toBe(false)
})
