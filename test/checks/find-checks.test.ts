import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findChecks } from '../../src/checks/find-checks.ts'
import { isInstalled } from '../../src/checks/find-program.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

type Files = Readonly<Record<string, string | object>>

const all = (program: string) => !program.startsWith('.venv')

function find(files: Files, isHere: (program: string) => boolean = all) {
  const root = scratchFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return findChecks(root, Object.keys(files), isHere)
}
const commands = (files: Files, isHere = all) => find(files, isHere).checks.map(({ command }) => command)

const scripts = (own: object, more: object = {}) => ({ 'package.json': { scripts: own, ...more } })
const python = process.platform === 'win32' ? 'python' : 'python3'
const gradle = isWindows ? '.\\gradlew.bat test' : './gradlew test'

describe('scripts of package.json', () => {
  test.each<[string, Files, string[]]>([
    ['there is none', scripts({ build: 'tsc' }), []],
    ['what npm init writes is none', scripts({ test: 'echo "Error: no test specified" && exit 1' }), []],
    ['words alone are none', scripts({ test: 'echo nothing to do' }), []],
    ['npm', scripts({ test: 'mocha' }), ['npm test']],
    ['pnpm, by its lock file', { ...scripts({ test: 'vitest' }), 'pnpm-lock.yaml': '' }, ['pnpm test']],
    ['yarn, by its lock file', { ...scripts({ test: 'jest' }), 'yarn.lock': '' }, ['yarn test']],
    ['bun, whose own runner is not the script', { ...scripts({ test: 'x' }), 'bun.lock': '' }, ['bun run test']],
    [
      'what packageManager says comes before a lock file',
      { ...scripts({ test: 'x' }, { packageManager: 'pnpm@9.1.0+sha512.0' }), 'package-lock.json': '' },
      ['pnpm test'],
    ],
    [
      'devEngines says it too',
      scripts({ test: 'x' }, { devEngines: { packageManager: { name: 'yarn' } } }),
      ['yarn test'],
    ],
    ['types before tests', scripts({ test: 'x', typecheck: 'turbo types' }), ['npm run typecheck', 'npm test']],
    ['types that the tests check', scripts({ test: 'npm run typecheck && x', typecheck: 'tsc' }), ['npm test']],
    ['types by what a script does', scripts({ check: 'vue-tsc --noEmit', test: 'x' }), ['npm run check', 'npm test']],
    ['a script that writes is no check', scripts({ types: 'tsc -p .', check: 'tsc && x' }), []],
    [
      'one that waits for changes is no check',
      scripts({ test: 'jest --watch', 'test:ci': 'jest' }),
      ['npm run test:ci'],
    ],
    ['one that does not wait after all', scripts({ test: 'ng test --watch=false' }), ['npm test']],
    ['one that waits', scripts({ test: 'ng test', typecheck: 'tsc -p . -w' }), []],
    ['only the tests of units', scripts({ 'test:unit': 'x' }), ['npm run test:unit']],
    ['a manager that is no text', scripts({ test: 'x' }, { packageManager: { toString: 1 } }), ['npm test']],
    ['scripts that are no texts', scripts({ test: { a: 1 }, typecheck: 5 }), []],
    ['no JSON', { 'package.json': '{' }, []],
    ['an array', { 'package.json': '[]' }, []],
  ])('%s', (_, files, expected) => {
    expect(commands(files)).toEqual(expected)
  })

  test('what else checks something is named', () => {
    expect(find(scripts({ test: 'x', lint: 'eslint', build: 'tsc', format: 'prettier' })).also).toEqual([
      'npm run lint',
      'npm run build',
    ])
  })

  test.each<[string, boolean]>([
    ['biome check --write', false],
    ['eslint . --fix', false],
    ['prettier -w src && tsc', false],
    ['eslint . --fix-dry-run', true],
    ['npm run lint -w packages/a', true],
  ])('the script "%s" is named, since it only looks: %s', (lint, isNamed) => {
    expect(find(scripts({ test: 'x', lint })).also).toEqual(isNamed ? ['npm run lint'] : [])
  })

  test('a script is not named if its program is neither installed nor declared', () => {
    const files = (more: object) => scripts({ test: 'x', lint: 'eslint .', build: 'tsc', check: 'node a.js' }, more)
    const also = (more: object, ...here: string[]) => find(files(more), (one) => here.includes(one)).also
    expect(also({}, 'npm')).toEqual(['npm run check'])
    expect(also({}, 'npm', 'eslint', 'node_modules/.bin/tsc')).toEqual([
      'npm run check',
      'npm run lint',
      'npm run build',
    ])
    expect(also({ devDependencies: { eslint: '9' }, dependencies: { typescript: '6' } }, 'npm')).toHaveLength(3)
  })
})

describe('Python', () => {
  const tests = { 'tests/test_a.py': 'def test_a(): pass\n' }
  const DEV = '[dependency-groups]\ndev = ["pytest>=8"]\n'
  const POETRY = '[tool.poetry.group.dev.dependencies]\npytest = "^8"\n'
  test.each<[string, Files, string[]]>([
    ['no project', tests, []],
    ['no test', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }, []],
    ['pytest', { ...tests, 'pyproject.toml': '[tool.pytest.ini_options]\n' }, [`${python} -m pytest -q`]],
    ['pytest of requirements', { ...tests, 'requirements-dev.txt': 'pytest>=8\n' }, [`${python} -m pytest -q`]],
    ['pytest by uv', { ...tests, 'pyproject.toml': DEV, 'uv.lock': '' }, ['uv run pytest -q']],
    ['pytest by poetry', { ...tests, 'pyproject.toml': POETRY }, ['poetry run pytest -q']],
    ['pytest by pdm', { ...tests, 'pyproject.toml': DEV, 'pdm.lock': '' }, ['pdm run pytest -q']],
    ['pytest by pipenv', { ...tests, Pipfile: 'pytest = "*"\n' }, ['pipenv run pytest -q']],
    ['nox without pytest', { ...tests, 'setup.py': '', 'noxfile.py': 'def tests(session):\n' }, ['nox -s tests']],
    ['tox without pytest', { ...tests, 'setup.py': '', 'tox.ini': '[testenv]\ncommands = x\n' }, ['tox -e py']],
    ['a script of the project', { ...tests, 'pyproject.toml': '[tool.pdm.scripts]\ntest = "x"\n' }, ['pdm run test']],
    ['Django', { 'manage.py': '', 'requirements.txt': 'django\n' }, [`${python} manage.py test`]],
    ['unittest', { 'setup.py': '', 'tests/test_a.py': 'import unittest\n' }, [`${python} -m unittest discover`]],
    ['tests that import pytest', { 'tests/test_a.py': 'import pytest\n' }, [`${python} -m pytest -q`]],
    ['a conftest.py', { ...tests, 'tests/conftest.py': '' }, [`${python} -m pytest -q`]],
    ['tests that import unittest', { 'test_a.py': 'from unittest import case\n' }, [`${python} -m unittest discover`]],
    ['a Python test beside other code', { 'tools/x/test_a.py': 'import pytest\n', 'a.js': '' }, []],
    ['a tox.ini with an environment of its own', { 'tox.ini': '[tox]\n\n[testenv:py312]\nx = y\n' }, ['tox -e py312']],
    ['a tox.ini without tests', { 'tox.ini': '[tox]\nenvlist = lint, py-docs\n[testenv:lint]\ncommands = x\n' }, []],
    [
      'a tox.ini whose common settings run nothing',
      { 'tox.ini': '[testenv]\ndeps = x\n\n[testenv:docs]\ncommands = x\n[testenv:unit]\ncommands = y\n' },
      ['tox -e unit'],
    ],
    ['a tox.toml', { ...tests, 'setup.py': '', 'tox.toml': '[env_run_base]\ncommands = [["x"]]\n' }, ['tox -e py']],
    ['a tox.toml without tests', { 'setup.py': '', 'tox.toml': '[env.lint]\ncommands = [["x"]]\n' }, []],
    [
      'tox in pyproject.toml',
      { 'pyproject.toml': '[tool.tox]\nlegacy_tox_ini = """\n[testenv:test]\ncommands = x\n"""\n' },
      ['tox -e test'],
    ],
    ['a tox.ini that says no command', { 'tox.ini': '[tox]\nenvlist = py\n' }, ['tox -e py']],
    ['pytest in a comment', { ...tests, 'pyproject.toml': '# pytest\n[project]\nkeywords = ["pytest"]\n' }, []],
    [
      'the style of pytest for a linter',
      {
        ...tests,
        'pyproject.toml': `[tool.ruff.lint.flake8-pytest-style]\n[project.optional-dependencies]\nx = ["flake8-pytest-style"]\n[[tool.mypy.overrides]]\nmodule = "pytest"\n`,
      },
      [],
    ],
    [
      'a plugin of pytest',
      { ...tests, 'pyproject.toml': '[project.optional-dependencies]\ntest = ["pytest-cov"]\n' },
      [`${python} -m pytest -q`],
    ],
    [
      'a script that runs pytest',
      { ...tests, 'pyproject.toml': '[tool.hatch.envs.default.scripts]\ntest = "python -m pytest {args}"\n' },
      ['hatch run pytest -q'],
    ],
    [
      'settings of tox that are no text',
      {
        ...tests,
        'pyproject.toml': '[tool.tox.legacy_tox_ini]\ntoString = 1\n',
        'tox.ini': '[testenv]\ncommands = x\n',
      },
      ['tox -e py'],
    ],
    [
      'a key of 20,000 parts',
      { ...tests, 'pyproject.toml': `[${Array(20_000).fill('a').join('.')}]\nscripts = "pytest"\n` },
      [],
    ],
    ['TOML that is none', { ...tests, 'pyproject.toml': '[tool.pytest\n= pytest\n' }, [`${python} -m pytest -q`]],
  ])('%s', (_, files, expected) => {
    expect(commands(files)).toEqual(expected)
  })

  test('what is not installed is passed over for what is, and told where nothing is', () => {
    const files = { ...tests, 'pyproject.toml': DEV, 'uv.lock': '' }
    const here =
      (...programs: string[]) =>
      (program: string) =>
        programs.includes(program)
    expect(commands(files, here(python, 'pytest'))).toEqual([`${python} -m pytest -q`])
    expect(commands(files, here('.venv/bin/python', '.venv/bin/pytest', python))).toEqual(
      isWindows ? [] : ['.venv/bin/python -m pytest -q'],
    )
    expect(find(files, here(python))).toEqual({
      checks: [],
      missing: [
        {
          command: 'uv run pytest -q',
          from: 'uv.lock; pyproject.toml',
          program: 'uv',
          why: 'uv is not installed here',
        },
      ],
      also: [],
    })
  })
})

describe('other kinds', () => {
  test.each<[string, Files, string[]]>([
    ['go', { 'go.mod': '', 'a/a_test.go': '' }, ['go test ./...']],
    ['go without tests', { 'go.mod': '' }, ['go vet ./...']],
    [
      'go.work',
      { 'go.work': 'go 1.22\n\nuse (\n\t./a\n\t./b/c\n\t./gone\n)\n', 'a/go.mod': '', 'b/c/go.mod': '' },
      ['go test ./a/... ./b/c/...'],
    ],
    ['cargo', { 'Cargo.toml': '[package]\nname = "a"\n' }, ['cargo test']],
    ['a workspace of crates', { 'Cargo.toml': '[workspace]\n', 'a/Cargo.toml': '' }, ['cargo test']],
    [
      'a crate that is a workspace too',
      { 'Cargo.toml': '[package]\nname = "a"\n[workspace]\n', 'b/Cargo.toml': '' },
      ['cargo test --workspace'],
    ],
    ['gradle', { gradlew: '', 'build.gradle.kts': '', 'app/src/test/A.kt': '' }, [gradle]],
    ['gradle without tests', { gradlew: '', 'build.gradle.kts': '' }, []],
    ['maven', { 'pom.xml': '', 'src/test/java/A.java': '' }, ['mvn -q test']],
    ['sbt', { 'build.sbt': '', 'src/test/scala/A.scala': '' }, ['sbt test']],
    ['rspec', { Gemfile: '', '.rspec': '', 'spec/a_spec.rb': '' }, ['bundle exec rspec']],
    ['rspec without bundler', { Rakefile: '', 'spec/a_spec.rb': '' }, ['rspec']],
    ['rake', { Gemfile: '', Rakefile: 'Rake::TestTask.new(:test)\n', 'test/a_test.rb': '' }, ['bundle exec rake test']],
    ['rails', { Gemfile: '', 'bin/rails': '', 'test/a_test.rb': '' }, ['bin/rails test']],
    ['composer', { 'composer.json': { scripts: { test: ['x'] } } }, ['composer test']],
    ['phpunit', { 'composer.json': {}, 'phpunit.xml.dist': '' }, ['vendor/bin/phpunit']],
    ['laravel', { 'composer.json': {}, artisan: '', 'phpunit.xml': '' }, ['php artisan test']],
    ['mix', { 'mix.exs': '', 'test/a_test.exs': '' }, ['mix test']],
    ['mix without tests', { 'mix.exs': '' }, []],
    ['dotnet', { 'A.sln': '', 't/T.csproj': '<PackageReference Include="Microsoft.NET.Test.Sdk"/>' }, ['dotnet test']],
    ['dotnet without tests', { 'A.csproj': '' }, ['dotnet build']],
    ['dotnet, not known which', { 'A.sln': '', 'B.sln': '' }, []],
    ['deno', { 'deno.jsonc': '{ // tasks\n "tasks": { "test": "deno test -A" } }' }, ['deno task test']],
    ['deno without a task', { 'deno.json': '{}', 'a_test.ts': '' }, ['deno test']],
    ['swift', { 'Package.swift': '', 'Tests/ATests/A.swift': '' }, ['swift test']],
    [
      'flutter',
      { 'pubspec.yaml': 'dependencies:\n  flutter:\n    sdk: flutter\n', 'test/a_test.dart': '' },
      ['flutter test'],
    ],
    ['dart', { 'pubspec.yaml': 'name: a\n', 'test/a_test.dart': '' }, ['dart test']],
    ['two kinds', { ...scripts({ test: 'x' }), 'go.mod': '', 'a_test.go': '' }, ['npm test', 'go test ./...']],
  ])('%s', (_, files, expected) => {
    expect(commands(files)).toEqual(expected)
  })
})

describe('targets of task runners count where no kind of project is known, and are named elsewhere', () => {
  test.each<[string, Files, string[]]>([
    ['make', { Makefile: 'CC := gcc\n.PHONY: all test\nall: a\ntest check: all\n\t./t\n' }, ['make test']],
    ['make without one', { Makefile: 'test_flags := -v\ntest := x\nTEST: a\nlatest: b\n' }, []],
    [
      'make with one in a variable',
      { Makefile: 'export define HELP =\ntest:\n  x\nendef\ndefine: a\ncheck:\n\tx\n' },
      ['make check'],
    ],
    ['just', { justfile: 'set shell := ["sh"]\n\n@test *args:\n  x {{args}}\n' }, ['just test']],
    ['a recipe that wants a word', { justfile: 'test filter:\n  x\ncheck mode="fast":\n  y\n' }, ['just check']],
    ['task', { 'Taskfile.yml': 'version: 3\ntasks:\n  test:\n    cmds: [x]\n' }, ['task test']],
    [
      'task, with comments',
      { 'Taskfile.yml': "tasks: # all\r\n\r\n# x\r\n    'test':\r\n        cmds:\r\n" },
      ['task test'],
    ],
    ['no name of a task', { 'Taskfile.yml': 'tasks:\n  a:\n    test: x\nvars:\n  test: x\n' }, []],
    ['YAML that is none', { 'Taskfile.yml': 'tasks: [\n  test: {\n' }, []],
    ['mise', { 'mise.toml': '[tasks.test]\nrun = "x"\n' }, ['mise run test']],
    ['a script', { 'script/test': '' }, ['./script/test']],
    ['make beside Go', { Makefile: 'test:\n\tx\n', 'go.mod': '', 'a_test.go': '' }, ['go test ./...']],
  ])('%s', (_, files, expected) => {
    expect(commands(files)).toEqual(expected)
  })

  test('they are named, if their program is installed', () => {
    const files = { Makefile: 'test:\n\tx\n\tgo vet -tags x ./...\n', 'go.mod': '', 'a_test.go': '' }
    expect(find(files).also).toEqual(['go vet ./...', 'make test'])
    expect(find(files, (program) => program !== 'make').also).toEqual(['go vet ./...'])
  })

  test("cargo xtask test, a project's own command, is its test if the project names it", () => {
    const files = { 'Cargo.toml': '[workspace]\n', '.cargo/config.toml': '[alias]\nxtask = "run -p xtask --"\n' }
    expect(commands(files)).toEqual(['cargo test'])
    expect(commands({ ...files, 'CONTRIBUTING.md': 'Run `cargo xtask test`.\n' })).toEqual(['cargo xtask test'])
    expect(commands({ ...files, 'CONTRIBUTING.md': 'Run `cargo xtask test-all`.\n' })).toEqual(['cargo test'])
  })

  test.each<[string, Files, string[]]>([
    ['of Go', { 'go.mod': '', 'a_test.go': '', 'AGENTS.md': '`go vet ./...`' }, []],
    ['of Rust', { 'Cargo.toml': '[package]\nname = "a"\n' }, []],
    [
      'of Rust, which CI runs',
      { 'Cargo.toml': '[package]\nname = "a"\n', '.github/workflows/a.yml': 'run: cargo clippy --all' },
      ['cargo clippy'],
    ],
  ])('a usual command %s is named only if the project names it', (_, files, also) => {
    expect(find(files).also).toEqual(also)
  })
})

test('what is left out is not named as there too, and a script that may not be started says so', () => {
  expect(find({ justfile: 'test:\n  x\n' }, () => false)).toMatchObject({
    ...{ checks: [], also: [], missing: [{ command: 'just test', why: 'just is not installed here' }] },
  })
  expect(find({ 'run-tests.sh': '' }, () => false)).toMatchObject({
    ...{ checks: [], also: [], missing: [{ why: './run-tests.sh is not executable (chmod +x)' }] },
  })
})

test('a runner of tests that a script starts has to be installed, beside the project, above it or for all', () => {
  const files = scripts({ test: 'vitest run', typecheck: 'tsc --noEmit' })
  const here = (...programs: string[]) => commands(files, (program) => programs.includes(program))
  expect(find(files, (program) => program === 'npm')).toMatchObject({
    checks: [],
    missing: [{ program: 'tsc' }, { command: 'npm test', program: 'vitest', why: 'vitest is not installed here' }],
  })
  expect(here('npm', 'node_modules/.bin/vitest')).toEqual(['npm test'])
  expect(here('npm', '../node_modules/.bin/tsc', 'vitest')).toEqual(['npm run typecheck', 'npm test'])
  const yarn = { ...files, 'yarn.lock': '' } // may keep packages in archives
  expect(commands(yarn, (program) => program === 'yarn')).toEqual(['yarn run typecheck', 'yarn test'])
})

test('where there is nothing at the top, the largest folders count, with names that a shell reads as they stand', () => {
  const files = {
    'README.md': '',
    'api/go.mod': '',
    'api/a_test.go': '',
    'web/package.json': { scripts: { test: 'x' } },
    'web/src/a.ts': '',
    'web/src/b.ts': '',
    'a b;c/go.mod': '',
    '$(x)/go.mod': '',
    '-n/go.mod': '',
  }
  expect(find(files).checks).toEqual([
    { command: 'cd web && npm test', from: 'web/package.json, scripts.test' },
    { command: 'cd api && go test ./...', from: 'api/go.mod' },
  ])
})

test.skipIf(isWindows)('no link, folder or huge file is read', () => {
  const root = scratchFolder()
  symlinkSync('/dev/zero', join(root, 'package.json'))
  mkdirSync(join(root, 'pyproject.toml'))
  writeFileSync(join(root, 'Makefile'), `test:\n${'#'.repeat(1_000_001)}`)
  expect(findChecks(root, ['package.json', 'pyproject.toml', 'Makefile', 'gone.toml'], all).checks).toEqual([])
})

test('a program is one that can be started, by name or by path', () => {
  const folder = scratchFolder()
  writeFileSync(join(folder, 'run.sh'), '', { mode: 0o755 })
  writeFileSync(join(folder, 'text'), '', { mode: 0o644 })
  mkdirSync(join(folder, 'sub'))
  expect(isInstalled('./run.sh', folder)).toBe(true)
  expect(isInstalled('run.sh', folder, { PATH: folder })).toBe(true)
  expect(isInstalled('run.sh', folder, { PATH: '' })).toBe(false)
  expect(isInstalled('sub', folder, { PATH: folder })).toBe(false)
  if (!isWindows) expect(isInstalled('./text', folder)).toBe(false)
})
