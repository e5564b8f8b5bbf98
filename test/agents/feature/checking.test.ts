import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openChecking } from '../../../agents/feature/checking.ts'
import { DEFAULTS } from '../../../src/config/defaults.ts'
import { isExposed } from '../../../src/files/temporary-folder.ts'
import { type AgentWorktree, openWorktree } from '../../../src/repo/worktree.ts'
import { asOnTerminal } from '../../helpers/as-on-terminal.ts'
import { gitThatPutsNothingBack } from '../../helpers/fake-git.ts'
import { copyFixture, type FixtureRepo } from '../../helpers/fixture-repo.ts'
import { type Behaviour, type ModelServer, reply, startModelServer } from '../../helpers/model-server.ts'
import { isWindows } from '../../helpers/platform.ts'
import { runRepose } from '../../helpers/run-repose.ts'
import { UNCAGED, userConfig } from '../../helpers/user-config.ts'
import { scratchFolder } from '../../repo/scratch-repo.ts'
import { whyNoCage } from '../../verify/cage-lab.ts'

const reason = whyNoCage()
if (reason !== null) console.log(`no caged runs: ${reason}`)

let shop: FixtureRepo
let server: ModelServer | undefined
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterEach(async () => {
  await server?.close()
  server = undefined
  await shop.dispose()
})

const replace = (path: string, find: string, replacement: string) =>
  `@@ replace ${path}\n<<<<<<< find\n${find}\n======= replace\n${replacement}\n>>>>>>> end\n`
const textOf = (path: string) => readFileSync(join(shop.root, path), 'utf8')
const firstLine = (path: string) => textOf(path).split('\n')[0]!

/** What a model replies that puts a line above src/vat.ts. */
const harmless = () => [
  reply('open src/vat.ts'),
  reply(replace('src/vat.ts', firstLine('src/vat.ts'), `// x\n${firstLine('src/vat.ts')}`)),
]
/** The same that adds a script to package.json, which the check runs. */
const deciding = () => {
  const line = textOf('package.json')
    .split('\n')
    .find((one) => /"test":/.test(one))!
  return [
    reply('open package.json'),
    reply(replace('package.json', line, `    "pretest": "touch ${join(shop.root, 'planted')}",\n${line}`)),
  ]
}

async function implement(replies: readonly Behaviour[], args: readonly string[], config: object = {}) {
  server = await startModelServer(replies)
  const env = {
    OPENAI_BASE_URL: server.baseUrl,
    OPENAI_API_KEY: 'sk-of-the-user',
    REPOSE_MODEL: 'scripted',
    ...userConfig(shop.root, config),
  }
  const run = await runRepose(['implement', 'Round down', '--effort', 'low', '--json', ...args], {
    cwd: shop.root,
    env,
  })
  const calls = server.requests.length
  await server.close()
  return { run, calls, result: JSON.parse(run.stdout || '{}') }
}

describe.skipIf(reason !== null)('in a cage', () => {
  test('checks run caged, and the result says so; a script that the model wrote does no harm', async () => {
    const { run, result } = await implement(deciding(), ['--check', 'npm run --silent pretest || true'])
    expect(run.code).toBe(0)
    expect(result.cage).toEqual({ caged: true, says: expect.stringMatching(/^bubblewrap \d/) })
    expect(result.checks).toMatchObject([{ check: 'syntax' }, { status: 'passed', caged: true }])
    expect(existsSync(join(shop.root, 'planted'))).toBe(false)
  })

  test('no secret that a check prints is told to the model, the transcript or the user', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`
    const check = `node -e "const t = require('fs').readFileSync('src/vat.ts', 'utf8'); console.log('Error: ' + ['ghp_', 'a1B2'.repeat(9)].join('')); process.exit(t.startsWith('// x') ? 1 : 0)"`
    const { run, result } = await implement([...harmless(), reply('complete')], ['--check', check])
    expect(result.stop).toBe('checks-failed')
    const sent = JSON.stringify(server!.requests.map(({ body }) => body))
    expect(sent).toContain('left out')
    for (const text of [sent, run.stdout, run.stderr, readFileSync(result.transcript, 'utf8')])
      expect(text).not.toContain(token)
  })
})

test('an edit is shown as text whatever the attributes of the repository say, also if it is of the target of a link', async () => {
  writeFileSync(join(shop.root, '.gitattributes'), '* -diff\n')
  if (!isWindows) symlinkSync('src/vat.ts', join(shop.root, 'Makefile'))
  const worktree = await openWorktree(shop.root)
  try {
    writeFileSync(join(worktree.root, 'package.json'), '{"scripts": {"test": "evil"}}\n')
    if (!isWindows) writeFileSync(join(worktree.root, 'src/vat.ts'), '// evil\n')
    const shown: string[] = []
    const checking = openChecking(worktree, { passedAt: () => 1, notePass() {} }, async () => [], {
      checks: ['npm test'],
      checkTimeoutMs: 1000,
      cage: { ...DEFAULTS.cage, uncaged: true },
      signal: new AbortController().signal,
      confirm: async (edits) => shown.push(...edits.map(({ diff }) => diff)) === 0,
    })
    expect(await checking.run()).toMatchObject([{ status: 'refused' }])
    expect(shown[0]).toContain('+{"scripts": {"test": "evil"}}')
    expect(shown[1] ?? '').toContain(isWindows ? '' : '+// evil')
    expect(await worktree.diff()).toContain('+{"scripts": {"test": "evil"}}')
  } finally {
    await worktree.close()
  }
})

test('checks do not run again on the same files, nor without a cage where others may add files above the worktree', async () => {
  const worktree = await openWorktree(shop.root, { isApart: true })
  const ran = join(scratchFolder(), 'ran')
  const options = {
    checks: [`echo ran >>"${ran}"`],
    checkTimeoutMs: 10_000,
    cage: { ...DEFAULTS.cage, uncaged: true },
    signal: new AbortController().signal,
  }
  const open = (at: AgentWorktree) => openChecking(at, { passedAt: () => 1, notePass() {} }, async () => [], options)
  try {
    const checking = open(worktree)
    for (let i = 0; i < 2; i++) expect(await checking.run()).toMatchObject([{ status: 'passed' }])
    expect(readFileSync(ran, 'utf8')).toBe('ran\n')
    writeFileSync(join(worktree.root, 'src/vat.ts'), '// edited\n')
    const first = checking.last()!
    await checking.run()
    expect(readFileSync(ran, 'utf8')).toBe('ran\nran\n')
    await worktree.restore(first)
    await checking.run()
    expect(readFileSync(ran, 'utf8')).toBe('ran\nran\n')
    expect(checking.last()!.tree).toBe(first.tree) // the run ends with these files
    const other = await openWorktree(shop.root)
    const wanted = isExposed(dirname(other.root)) ? 'refused' : 'passed'
    expect(await open(other).run().finally(other.close)).toMatchObject([{ status: wanted }])
  } finally {
    await worktree.close()
  }
})

describe('without a cage', () => {
  test('where nobody can be asked, an edit that decides what checks run keeps them from running', async () => {
    const { run, result } = await implement(deciding(), ['--check', 'npm test', '--mend'], UNCAGED)
    expect(run.code).toBe(1)
    expect(result).toMatchObject({
      stop: 'checks-failed',
      reason: expect.stringMatching(/did not run: there is no cage, .* package\.json \(scripts \(pretest\)\)$/),
      fix: expect.stringContaining('repose doctor'),
      cage: { caged: false, says: 'your configuration says checks.uncaged' },
      applied: null,
    })
    expect(result.checks.at(-1)).toMatchObject({ check: 'npm test', status: 'refused' })
    expect(existsSync(join(shop.root, 'planted'))).toBe(false)
    expect(textOf('package.json')).not.toContain('pretest')
  })

  test('other edits are checked', async () => {
    const { run, result } = await implement(harmless(), ['--check', 'node -e 0'], UNCAGED)
    expect(run.code).toBe(0)
    expect(result.checks.at(-1)).toMatchObject({ status: 'passed', caged: false })
    expect(firstLine('src/vat.ts')).toBe('// x')
  })

  test.skipIf(isWindows)('the diff is kept where git fails to put the files back after the checks', async () => {
    vi.stubEnv('PATH', gitThatPutsNothingBack())
    const check = `node -e "const fs = require('fs'), f = 'src/v' + 'at.ts'; if (fs.readFileSync(f, 'utf8').startsWith('// x')) { fs.writeFileSync('broken', ''); fs.writeFileSync(f, '') }"`
    const { run, result } = await implement(harmless(), ['--check', check], UNCAGED)
    expect(run.code).toBe(1)
    expect(result).toMatchObject({
      stop: 'checks-failed',
      reason: expect.stringMatching(/^git could not put the files back after the checks: .*no luck/),
      fix: expect.stringContaining('repose apply --list'),
      modified: ['src/vat.ts'],
      deleted: [],
      applied: null,
    })
    expect(result.diff).toContain('+// x')
    const { stdout } = await runRepose(['apply', '--list'], { cwd: shop.root })
    expect(stdout).toMatch(/Round down/)
    expect(firstLine('src/vat.ts')).not.toBe('// x')
  })

  test.skipIf(isWindows).each([
    ['y', true],
    ['n', false],
  ])('on a terminal they are shown, and run when the answer is %s: %s', async (answer, goes) => {
    const mark = join(shop.root, '.git/check-ran')
    server = await startModelServer(deciding())
    const { shown } = await asOnTerminal(['implement', 'Round down', '--effort', 'low', '--check', `touch ${mark}`], {
      cwd: shop.root,
      env: {
        OPENAI_BASE_URL: server.baseUrl,
        REPOSE_MODEL: 'scripted',
        NO_COLOR: '1',
        ...userConfig(shop.root, UNCAGED),
      },
      answers: [
        [/Run the checks\? \[y\/N\]/, `${answer}\n`],
        [/of your working tree\? \[y\/N\]/, `${answer}\n`],
      ],
    })
    expect(shown).toContain('package.json: scripts (pretest)')
    expect(shown).toMatch(/^\+ +"pretest": "touch /m)
    expect(shown).toMatch(/what they start\s+has your rights/) // the line is broken where the terminal ends
    expect(textOf('package.json').includes('pretest'), shown).toBe(goes)
  })
})

describe('a check that has never passed here', () => {
  const FAILS = 'node -e "console.log(1 + 1); process.exit(3)"'

  test('runs before anything is paid, and ends the run when it fails', async () => {
    const { run, calls, result } = await implement(harmless(), ['--check', FAILS])
    expect([run.code, calls]).toEqual([1, 0])
    expect(result).toMatchObject({
      stop: 'checks-failed',
      reason: `"${FAILS}" fails, and did so before any edit; nothing was paid`,
      fix: expect.stringContaining('--mend'),
      usage: { calls: 0 },
      checks: [{ check: FAILS, status: 'failed', failedBefore: true, output: '2\nexit code 3' }],
    })
    expect(textOf('src/vat.ts')).not.toContain('// x')
  })

  test('that fails does not end it with --mend', async () => {
    const check = `node -e "process.exit(require('fs').readFileSync('src/vat.ts', 'utf8').startsWith('// x') ? 0 : 1)"`
    const { run, result } = await implement(harmless(), ['--check', check, '--mend'])
    expect([run.code, result.stop]).toEqual([0, 'done'])
  })

  test('that passes is not run before any edit again', async () => {
    const mark = join(shop.root, '.git/runs')
    const check = `node -e "require('fs').appendFileSync('${mark}', '1')"`
    for (const runs of ['11', '111']) {
      const { run } = await implement(harmless(), ['--check', check], UNCAGED)
      expect(run.code).toBe(0)
      expect(readFileSync(mark, 'utf8')).toBe(runs)
    }
  })
})
