import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { workOn } from '../../src/processes/worked-on.ts'
import type { Cage, CageSettings } from '../../src/verify/cage/cage.ts'
import { isCage, openCage } from '../../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { runChecks } from '../../src/verify/run-checks.ts'
import { removeFolder } from '../helpers/platform.ts'
import { whyNoCage } from './cage-lab.ts'

const reason = whyNoCage()
if (reason !== null) console.log(`no checks in a cage: ${reason}`)

const SETTINGS: CageSettings = { network: false, uncaged: false, readable: [], env: [] }
let root: string
let cage: Cage
beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "caged, 'é: ")))
  if (reason === null) cage = await open()
})
afterAll(() => removeFolder(root))

async function open(settings: Partial<CageSettings> = {}): Promise<Cage> {
  const opened = await openCage({ root }, { ...SETTINGS, ...settings }, checkEnvironment(process.env))
  if (!isCage(opened)) throw new Error(opened.why)
  return opened
}

async function run(command: string, options: Parameters<typeof runChecks>[2] & { timeoutMs?: number } = {}) {
  const { timeoutMs, ...rest } = options
  const check = { name: 'one', command, ...(timeoutMs ? { timeoutMs } : {}) }
  const [result] = await runChecks(root, [check], { cage, ...rest })
  return result!
}

describe.skipIf(reason !== null || process.platform !== 'linux')('libraries that lie in the repository', () => {
  test('reach the command of a check, and not the programs that make the cage', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'library-')))
    for (const name of ['libcap.so.2', 'libselinux.so.1']) writeFileSync(join(folder, name), 'no library\n')
    vi.stubEnv('LD_LIBRARY_PATH', `/opt/lib:${folder}`)
    workOn(folder)
    try {
      const own = { cage: await open() }
      for (const options of [own, { cage: undefined }])
        expect(await run('echo "$LD_LIBRARY_PATH"', options)).toMatchObject({ output: `/opt/lib:${folder}` })
    } finally {
      vi.unstubAllEnvs()
      removeFolder(folder)
    }
  })
})

describe.skipIf(reason !== null)('a caged check ends as others do', () => {
  test.each([
    ['echo fine; pwd', () => ['passed', `fine\n${root}`]],
    ['echo out; echo err >&2; exit 3', () => ['failed', 'out\nerr\nexit code 3']],
    ['kill -9 $$', () => ['failed', 'ended by SIGKILL']],
    ['cat; read x || echo nothing', () => ['passed', 'nothing']],
    [`echo "it's" 'a "quoted"' \\$x`, () => ['passed', `it's a "quoted" $x`]],
    ['if then', () => ['failed', expect.stringMatching(/yntax/)]],
    ['no-such-command-here', () => ['failed', expect.stringMatching(/not found\nexit code 127$/)]],
    ['(sleep 0.3; echo late) & echo soon', () => ['passed', 'soon\nlate']],
  ] as const)('%s', async (command, expected) => {
    const { status, output } = await run(command)
    expect([status, output]).toEqual(expected())
  })

  test('after its time: it is asked, and what does not listen is ended', async () => {
    const result = await run(
      `trap 'sleep 0.5; echo asked; exit 0' TERM; sh -c 'trap "" TERM; sleep 54321' & echo started; sleep 1000 & wait`,
      {
        timeoutMs: 500,
      },
    )
    expect(result).toMatchObject({ status: 'failed', output: 'started\nasked\nno result after 0.5 s: stopped' })
    expect(result.ms).toBeLessThan(8_000)
    expect(running('54321')).toBe(false)
  })

  test('when the user ends the run', async () => {
    const controller = new AbortController()
    const ending = run('echo begun; sleep 65432', { signal: controller.signal })
    while (!running('65432')) await delay(20)
    controller.abort()
    expect(await ending).toMatchObject({ status: 'interrupted', output: 'begun\ninterrupted: stopped' })
    expect(running('65432')).toBe(false)
  })

  test.each(['process.exit(0)', "process.kill(process.pid, 'SIGKILL')"])('with this process, on %s', async (end) => {
    const source = (name: string) => JSON.stringify(pathToFileURL(join(PACKAGE_ROOT, 'dist/src/verify', name)))
    const script = `import { readdirSync, readFileSync } from 'node:fs'
      import { openCage } from ${source('cage/open-cage.js')}
      import { runChecks } from ${source('run-checks.js')}
      const cage = await openCage({ root: process.cwd() }, ${JSON.stringify(SETTINGS)}, { PATH: process.env.PATH })
      void runChecks('.', [{ name: 'a', command: 'echo > begun; sleep 76543' }], { cage })
      setInterval(() => { if (readdirSync('.').includes('begun')) ${end} }, 20)`
    rmSync(join(root, 'begun'), { force: true })
    writeFileSync(join(root, 'ends.mjs'), script)
    const child = spawn(process.execPath, ['ends.mjs'], { cwd: root })
    await new Promise((done) => child.on('exit', done))
    for (let i = 0; i < 200 && running('76543'); i++) await delay(20)
    expect(running('76543')).toBe(false)
  })
})

describe.skipIf(reason !== null)('what the user allows', () => {
  test('the network', async () => {
    const { createServer } = await import('node:net')
    const server = createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const command = `node -e "require('net').connect(${port}, '127.0.0.1').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))"`
    try {
      expect((await run(command)).output).toBe('ECONNREFUSED')
      expect((await run(command, { cage: await open({ network: true }) })).output).toBe('hello')
    } finally {
      server.close()
    }
  })

  test('a folder to read, and not to write', async () => {
    const data = realpathSync(mkdtempSync(join(tmpdir(), 'data-')))
    writeFileSync(join(data, 'file'), 'content')
    const command = `cat '${data}/file'; echo x >> '${data}/file'`
    try {
      expect((await run(command)).output).toMatch(/No such file/)
      expect((await run(command, { cage: await open({ readable: [data] }) })).output).toMatch(/^content.*Read-only/s)
      expect(readFileSync(join(data, 'file'), 'utf8')).toBe('content')
    } finally {
      removeFolder(data)
    }
  })

  test('a folder to read, and no socket in it, also one that came after the cage was opened', async () => {
    const data = realpathSync(mkdtempSync(join(tmpdir(), 'data-')))
    const { createServer } = await import('node:net')
    const servers = [createServer((socket) => socket.end('hello')), createServer((socket) => socket.end('hello'))]
    try {
      const cage = await open({ readable: [data] })
      symlinkSync(data, join(root, 'link'))
      const places = [join(data, 'a.sock'), join(root, 'link/b.sock')]
      for (const [i, server] of servers.entries()) await new Promise<void>((done) => server.listen(places[i], done))
      for (const name of ['a.sock', 'b.sock']) {
        const command = `node -e "require('net').connect('${data}/${name}').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))"`
        expect((await run(command, { cage })).output).toBe('ECONNREFUSED')
      }
    } finally {
      for (const server of servers) server.close()
      rmSync(join(root, 'link'))
      removeFolder(data)
    }
  })

  test('to run without a cage', async () => {
    expect(await openCage({ root }, { ...SETTINGS, uncaged: true }, {})).toEqual({
      why: 'your configuration says checks.uncaged',
      fix: 'remove that setting',
    })
  })
})

function running(text: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(text)
    } catch {
      return false
    }
  })
}
