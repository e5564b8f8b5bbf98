import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

const run = promisify(execFile)

const PROGRAM = `import {
  type ContextPack, ClosedError, GitError, type Llm, NewerDatabase, NoCommits, NoModel, NotARepository, openRepose, type PassProgress,
  type Repose, UserError,
} from 'repose'

const repose: Repose = await openRepose(process.argv[2] ?? '.')
const controller = new AbortController()
const { commits } = await repose.refresh({ signal: controller.signal })
const pack: ContextPack = await repose.pack('Add b', { budgetTokens: 500 })
const paths: readonly string[] = pack.files.map(({ path }) => path)
const steps: PassProgress[] = []
const pass = repose.sleep({ dryRun: true })
for await (const step of pass) steps.push(step)
const stop: 'done' | string = (await pass).stop
const failed = await repose.implement('Add b').catch((error: unknown) => error)
await repose.close()
const classes: readonly (new (...given: never[]) => Error)[] = [ClosedError, GitError, NewerDatabase, NoCommits, NoModel, NotARepository, UserError]
console.log(JSON.stringify([commits, paths, stop, failed instanceof NoModel, classes.length]))
export const llm: Llm | null = null
// @ts-expect-error: a budget is a number
export const wrong = () => repose.pack('Add b', { budgetTokens: '500' })
`

/** An empty project in which the packed package is installed. Its dependencies are those of this clone: nothing is downloaded. */
const project = scratchFolder()

beforeAll(async () => {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project]
  const { stdout } = await run('npm', pack, { cwd: PACKAGE_ROOT, shell: process.platform === 'win32' })
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }]
  await run('tar', ['-xzf', filename], { cwd: project })
  const modules = join(project, 'node_modules')
  mkdirSync(modules)
  cpSync(join(project, 'package'), join(modules, 'repose'), { recursive: true })
  for (const name of readdirSync(join(PACKAGE_ROOT, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(PACKAGE_ROOT, 'node_modules', name), join(modules, name), 'junction')
  writeFileSync(join(project, 'package.json'), '{"name": "mine", "type": "module"}\n')
  writeFileSync(join(project, 'main.ts'), PROGRAM)
})

const SETTINGS = [
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
]

test.each(SETTINGS)(
  'the packed package type-checks in a strict project with $moduleResolution',
  async (settings) => {
    const options = {
      ...settings,
      strict: true,
      exactOptionalPropertyTypes: true,
      target: 'es2022',
      noEmit: true,
      types: ['node'],
    }
    const config = join(project, `tsconfig.${settings.moduleResolution}.json`)
    writeFileSync(config, JSON.stringify({ compilerOptions: options, files: ['main.ts'] }))
    const tsc = join(PACKAGE_ROOT, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, '-p', config], { cwd: project }).catch(
      (error) => error as { stdout: string },
    )
    expect(stdout).toBe('')
  },
  120_000,
)

test('it runs there, and as a command', async () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  const tsc = join(PACKAGE_ROOT, 'node_modules/typescript/bin/tsc')
  const settings = ['--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', '--types', 'node', 'main.ts']
  await run(process.execPath, [tsc, ...settings], { cwd: project }).catch(() => {})
  const env = cleanEnvironment()
  const { stdout, stderr } = await run(process.execPath, ['main.js', root], { cwd: project, env })
  expect({ said: JSON.parse(stdout), stderr }).toEqual({ said: [0, ['src/a.ts'], 'done', true, 7], stderr: '' })
  const command = join(project, 'node_modules/repose/dist/bin/repose.js')
  expect((await run(process.execPath, [command, 'export', 'skill', '--repo', root], { env })).stdout).toMatch(
    /^---\nname: repose\n/,
  )
}, 120_000)
