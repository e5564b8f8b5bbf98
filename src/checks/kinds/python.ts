import type { CheckCommand, CheckKind, CheckWays } from '../check-kind.ts'
import { type Project, sectionOf } from '../project.ts'

const TEST_FILE = /(^|\/)(test_[^/]*|[^/]*_test|tests)\.py$/
const TOP_TEST = /^(tests?\/.*)?(test_[^/]*|[^/]*_test|conftest)\.py$/ // enough without a manifest
const MOST_READ = 20 // test files, read to detect their test runner
const PYTHON = process.platform === 'win32' ? 'python' : 'python3'
const VENV = process.platform === 'win32' ? '.venv\\Scripts\\python' : '.venv/bin/python'

/** pytest, run by the tool that manages the environment; else tox, nox or scripts; else unittest. */
export const python: CheckKind = {
  id: 'python',
  find(project) {
    const isOne = ['pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini', 'noxfile.py', 'Pipfile', 'manage.py']
    const requirements = project.find(/^requirements[^/]*\.txt$/)
    if (!isOne.some(project.has) && !requirements && !project.find(TOP_TEST)) return null
    const pytest = pytestEvidence(project)
    const also = [...noxWays(project), ...toxWays(project)].map((way) => [way])
    if (pytest) return { checks: [pytestWays(project, pytest)], also }
    const rest = [...scriptWays(project), ...noxWays(project), ...toxWays(project), ...standardWays(project)]
    return { checks: rest.length > 0 ? [rest] : [] }
  },
}

/** The evidence that pytest runs the tests; null: no evidence, or no tests. */
function pytestEvidence(project: Project): string | null {
  if (!project.paths.some((path) => TEST_FILE.test(path))) return null
  const sections: readonly (readonly [string, RegExp])[] = [
    ['pyproject.toml', /^\[tool\.pytest\b/m],
    ['pytest.ini', /^\[pytest\]/m],
    ['.pytest.ini', /^\[pytest\]/m],
    ['pytest.toml', /^\[pytest\]/m],
    ['setup.cfg', /^\[tool:pytest\]/m],
    ['tox.ini', /^\[pytest\]|\bpytest\b/m],
    ['noxfile.py', /\bpytest\b/],
    ['Pipfile', /^pytest\b/m],
    ['setup.py', /\bpytest\b/],
    ['setup.cfg', /\bpytest\b/],
  ]
  const said = sections.find(([path, pattern]) => pattern.test(project.text(path) ?? ''))?.[0]
  const inProject = namesPytest(project.toml('pyproject.toml')) ? 'pyproject.toml' : undefined
  const config = project.find(/(^|\/)conftest\.py$/)
  const required = project.paths.find(
    (path) => /\.(txt|in)$(?<=requirements[^/]*)/.test(path) && /^pytest\b/m.test(project.text(path) ?? ''),
  )
  return said ?? inProject ?? config ?? required ?? testThatImports('pytest', project) ?? null
}

const USES = /dependenc|requires|scripts|tasks|envs|tox|command/i // keys of tables that say what is installed or run

const DEEPEST = 20 // tables in tables; a dotted key of a clone may have thousands

/** Whether a table names pytest as something to install or run. Comments and settings of other tools do not count. */
function namesPytest(value: unknown, isUse = false, depth = 0): boolean {
  if (typeof value === 'string') return isUse && /(?<![\w.-])pytest\b/.test(value)
  if (typeof value !== 'object' || value === null || depth >= DEEPEST) return false
  return Object.entries(value).some(
    ([key, within]) => (isUse && namesPytest(key, true)) || namesPytest(within, isUse || USES.test(key), depth + 1),
  )
}

function pytestWays(project: Project, from: string): CheckWays {
  const runner = runnerOf(project)
  return [
    ...(runner ? [{ command: `${runner.run} pytest -q`, from: `${runner.from}; ${from}` }] : []),
    { command: `${VENV} -m pytest -q`, from: `.venv; ${from}`, needs: [VENV, '.venv/bin/pytest'] },
    { command: `${PYTHON} -m pytest -q`, from, needs: [PYTHON, 'pytest'] },
  ]
}

/** The tool that manages the project's environment. */
function runnerOf(project: Project): { readonly run: string; readonly from: string } | null {
  const tool = sectionOf(project.toml('pyproject.toml'), 'tool')
  const runners = [
    { run: 'uv run', lock: 'uv.lock', section: 'uv' },
    { run: 'poetry run', lock: 'poetry.lock', section: 'poetry' },
    { run: 'pdm run', lock: 'pdm.lock', section: 'pdm' },
    { run: 'pipenv run', lock: 'Pipfile.lock', section: '' },
    { run: 'pipenv run', lock: 'Pipfile', section: '' },
    { run: 'pixi run', lock: 'pixi.lock', section: 'pixi' },
    { run: 'rye run', lock: 'requirements-dev.lock', section: 'rye' },
  ]
  const byLock = runners.find(({ lock }) => project.has(lock))
  if (byLock) return { run: byLock.run, from: byLock.lock }
  const bySection = runners.find(({ section }) => tool[section] !== undefined)
  if (bySection) return { run: bySection.run, from: `pyproject.toml, tool.${bySection.section}` }
  const hatch = sectionOf(tool, 'hatch', 'envs')
  return hatch.default === undefined ? null : { run: 'hatch run', from: 'pyproject.toml, tool.hatch.envs' }
}

/** Scripts defined for tools that have scripts. */
function scriptWays(project: Project): readonly CheckCommand[] {
  const tool = sectionOf(project.toml('pyproject.toml'), 'tool')
  const places = [
    { run: 'pdm run', keys: ['pdm', 'scripts'] },
    { run: 'hatch run', keys: ['hatch', 'envs', 'default', 'scripts'] },
    { run: 'poe', keys: ['poe', 'tasks'] },
    { run: 'task', keys: ['taskipy', 'tasks'] },
    { run: 'rye run', keys: ['rye', 'scripts'] },
    { run: 'pixi run', keys: ['pixi', 'tasks'] },
  ]
  return places
    .filter(({ keys }) => sectionOf(tool, ...keys).test !== undefined)
    .map(({ run, keys }) => ({ command: `${run} test`, from: `pyproject.toml, tool.${keys.join('.')}.test` }))
}

function noxWays(project: Project): readonly CheckCommand[] {
  const session = /^def (tests?)\(|name=["'](tests?)["']/m.exec(project.text('noxfile.py') ?? '')
  return session ? [{ command: `nox -s ${session[1] ?? session[2]}`, from: 'noxfile.py' }] : []
}

/** The environment py, if [testenv] has commands or a list names py; else one that is named after tests. Otherwise tox -e py would run nothing. */
function toxWays(project: Project): readonly CheckCommand[] {
  const tool = sectionOf(project.toml('pyproject.toml'), 'tool', 'tox')
  const toml = { ...tool, ...project.toml('tox.toml') }
  const inis = [project.text('tox.ini'), project.text('setup.cfg'), tool.legacy_tox_ini]
  const ini = inis.filter((one) => typeof one === 'string').join('\n')
  const sections = ini.split(/^(?=\[)/m)
  const isBase =
    sectionOf(toml, 'env_run_base').commands !== undefined ||
    sections.some((section) => section.startsWith('[testenv]') && /^commands[ \t]*=/m.test(section))
  const isListed =
    [toml.env_list].flat().includes('py') ||
    sections.some((section) => /^\[(tox:)?tox\]/.test(section) && LISTS_PY.test(section))
  const names = [
    ...sections.flatMap((section) => /^\[testenv:([^\]]+)\]/.exec(section)?.[1] ?? []),
    ...Object.keys(sectionOf(toml, 'env')),
  ]
  const name = isBase || isListed ? 'py' : names.find((one) => /^(py|test|unit)[\w.-]*$/.test(one))
  return name === undefined ? [] : [{ command: `tox -e ${name}`, from: project.has('tox.ini') ? 'tox.ini' : 'tox' }]
}

const LISTS_PY = /^env_?list[ \t]*=[^=]*?(?<![\w-])py(?![\w{-])/m

function testThatImports(name: string, project: Project): string | undefined {
  const tests = project.paths.filter((path) => TEST_FILE.test(path)).slice(0, MOST_READ)
  const imports = new RegExp(`^[ \\t]*(import|from) ${name}\\b`, 'm')
  return tests.find((path) => imports.test(project.text(path) ?? ''))
}

function standardWays(project: Project): readonly CheckCommand[] {
  if (project.has('manage.py')) return [{ command: `${PYTHON} manage.py test`, from: 'manage.py' }]
  const test = testThatImports('unittest', project)
  return test ? [{ command: `${PYTHON} -m unittest discover`, from: test }] : []
}
