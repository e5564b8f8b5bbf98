import type { CheckKind, CheckWays } from '../check-kind.ts'
import { type Project, sectionOf } from '../project.ts'

const TESTS = ['test', 'test:ci', 'test:run', 'test:once', 'test:unit', 'unit', 'tests']
const OTHERS = ['check', 'lint', 'build']
const NO_TEST = /no test specified|^\s*(exit \d+|true|echo\b[^&|;]*)\s*$/
// Commands that watch for changes and never end. vitest, jest and react-scripts end by themselves without a terminal.
const WATCHES =
  /--watch(All)?\b(?![= ]false)|\btsc\b.*\s-w\b|\bvitest (watch|dev)\b|\bnodemon\b|\bng test\b(?!.*--watch[= ]false)|\bkarma start\b(?!.*--single-run)/
// Commands that change the files that they look at. For a package manager, -w names a workspace.
const REWRITES =
  /\s--(?:write|fix|apply)(?:-unsafe)?(?![\w-]|=false)|\b(?:prettier|gofmt|goimports|shfmt)\b[^&|;]*\s-w\b/
const LONGEST = 5000 // characters of a script that a person wrote
const TYPES = /^(type-?check|check[-:]types?|types?:check|tsc)$/i
// a script of any name that only runs a compiler, without output files
const CHECKS_TYPES = /^\s*(vue-tsc|tsc|tsgo|svelte-check|astro check)\b[^&|;]*$/

// Programs whose packages a project installs for itself.
const OWN =
  /^(ava|esbuild|eslint|jasmine|jest|mocha|next|oxlint|parcel|prettier|rollup|standard|stylelint|tap|tsc|tslint|tsup|vite|vitest|vue-tsc|webpack|xo)$/
const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']

/** package.json and its scripts, run by the project's package manager. */
export const node: CheckKind = {
  id: 'node',
  find(project) {
    if (!project.has('package.json')) return null
    const scripts = scriptsOf(project)
    const test = TESTS.find((name) => scripts.has(name))
    const types = typesOf(scripts)
    const isInTest = test !== undefined && types !== undefined && scripts.get(test)!.includes(types)
    const manager = packageManager(project)
    const ways = (name: string | undefined): readonly CheckWays[] =>
      name === undefined ? [] : [waysOf(manager, name, scripts.get(name)!)]
    return {
      checks: [...(isInTest ? [] : ways(types)), ...ways(test)],
      also: OTHERS.filter((name) => scripts.has(name) && !REWRITES.test(scripts.get(name)!)).flatMap((name) =>
        isDeclared(programOf(scripts.get(name)!), project)
          ? [[{ command: run(manager, name), from: 'package.json' }]]
          : ways(name),
      ),
    }
  },
}

/** yarn may keep packages in archives, and npm those of a workspace above it. */
function waysOf(manager: string, name: string, script: string): CheckWays {
  const way = { command: run(manager, name), from: `package.json, scripts.${name}` }
  const first = programOf(script)
  if (manager === 'yarn' || !OWN.test(first)) return [way]
  const places = [first, `node_modules/.bin/${first}`, `../node_modules/.bin/${first}`]
  return places.map((place) => ({ ...way, needs: [manager, place] }))
}

function programOf(script: string): string {
  return script.trim().split(/\s/, 1)[0]!
}

/** Whether the project's manifest names the package of a program, so that an installation brings it. */
function isDeclared(program: string, project: Project): boolean {
  const name = program === 'tsc' ? 'typescript' : program
  const manifest = project.json('package.json')
  return DEPENDENCIES.some((kind) => sectionOf(manifest, kind)[name] !== undefined)
}

/** Scripts that do something and end. */
function scriptsOf(project: Project): ReadonlyMap<string, string> {
  const all = Object.entries(sectionOf(project.json('package.json'), 'scripts'))
  const texts = all.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].trim() !== '')
  return new Map(texts.filter(([, text]) => text.length <= LONGEST && !NO_TEST.test(text) && !WATCHES.test(text)))
}

function typesOf(scripts: ReadonlyMap<string, string>): string | undefined {
  const names = [...scripts.keys()]
  const isCheck = (name: string) => {
    const text = scripts.get(name)!
    return CHECKS_TYPES.test(text) && (/--noEmit\b/.test(text) || /check/i.test(name))
  }
  return names.find((name) => TYPES.test(name)) ?? names.find(isCheck)
}

/** The package manager in package.json, else the one of the lock file, else npm. */
function packageManager(project: Project): string {
  const manifest = project.json('package.json')
  const said = manifest.packageManager ?? sectionOf(manifest, 'devEngines', 'packageManager').name
  const named = typeof said === 'string' ? /^(npm|pnpm|yarn|bun)\b/.exec(said)?.[1] : undefined
  const locks = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'bun.lock': 'bun', 'bun.lockb': 'bun' }
  return named ?? Object.entries(locks).find(([lock]) => project.has(lock))?.[1] ?? 'npm'
}

/** 'bun test' would start bun's own test runner, not the script. */
function run(manager: string, script: string): string {
  return script === 'test' && manager !== 'bun' ? `${manager} test` : `${manager} run ${script}`
}
