import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { packed } from '../helpers/packed.ts'
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
const main = join(project, 'main.ts').replaceAll('\\', '/')

beforeAll(async () => {
  await run('tar', ['-xzf', (await packed()).archive], { cwd: project })
  const modules = join(project, 'node_modules')
  mkdirSync(modules)
  renameSync(join(project, 'package'), join(modules, 'repose'))
  for (const name of readdirSync(join(PACKAGE_ROOT, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(PACKAGE_ROOT, 'node_modules', name), join(modules, name), 'junction')
  writeFileSync(join(project, 'package.json'), '{"name": "mine", "type": "module"}\n')
  writeFileSync(main, PROGRAM)
})

const SETTINGS = [
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
]

/** Files as TypeScript has read them; it takes those of other settings too, as its language service does. */
const read = new Map<string, ts.SourceFile | undefined>()

/** Declarations of other packages that were checked, with the kind of module that TypeScript takes them for. */
const checked = new Set<string>()

test.each(SETTINGS)(
  'the packed package type-checks in a strict project with $moduleResolution',
  (settings) => {
    const { options, errors } = ts.convertCompilerOptionsFromJson(
      {
        ...settings,
        strict: true,
        exactOptionalPropertyTypes: true,
        target: 'es2022',
        noEmit: true,
        types: ['node'],
      },
      project,
    )
    expect(errors).toEqual([])
    const plain = ts.createCompilerHost(options)
    const host: ts.CompilerHost = {
      ...plain,
      getCurrentDirectory: () => project,
      getSourceFile(name, target, ...more) {
        const format = typeof target === 'object' ? target.impliedNodeFormat : undefined
        const id = idOf({ fileName: name, impliedNodeFormat: format })
        if (!read.has(id)) read.set(id, plain.getSourceFile(name, target, ...more))
        return read.get(id)
      },
    }
    const program = ts.createProgram([main], options, host)
    const problems = [
      ...program.getConfigFileParsingDiagnostics(),
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
    ]
    let own = 0
    for (const file of program.getSourceFiles()) {
      // TypeScript needs seconds for declarations of other packages, which are the same for all three settings
      if (isOwn(file)) own++
      else if (isOfProject(file, program)) continue
      else if (checked.has(idOf(file))) continue
      checked.add(idOf(file))
      problems.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file))
    }
    expect(ts.formatDiagnostics(problems, host)).toBe('')
    expect(own).toBeGreaterThan(10)
  },
  120_000,
)

const isOwn = ({ fileName }: ts.SourceFile) => fileName === main || fileName.includes('/node_modules/repose/')
/** Declarations of the language and of Node, which a project brings itself. If ours did not fit them, the errors would be in ours. */
const isOfProject = (file: ts.SourceFile, program: ts.Program) =>
  program.isSourceFileDefaultLibrary(file) || file.fileName.includes('/node_modules/@types/')
const idOf = ({ fileName, impliedNodeFormat }: Pick<ts.SourceFile, 'fileName' | 'impliedNodeFormat'>) =>
  `${fileName} ${impliedNodeFormat}`

test('it runs there, and as a command', async () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  writeFileSync(join(project, 'main.js'), ts.transpileModule(PROGRAM, { compilerOptions }).outputText)
  const env = cleanEnvironment()
  const { stdout, stderr } = await run(process.execPath, ['main.js', root], { cwd: project, env })
  expect({ said: JSON.parse(stdout), stderr }).toEqual({ said: [0, ['src/a.ts'], 'done', true, 7], stderr: '' })
  const command = join(project, 'node_modules/repose/dist/bin/repose.js')
  expect((await run(process.execPath, [command, 'export', 'skill', '--repo', root], { env })).stdout).toMatch(
    /^---\nname: repose\n/,
  )
}, 120_000)
