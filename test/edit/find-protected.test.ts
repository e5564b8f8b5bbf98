import { expect, test } from 'vitest'
import { findProtected } from '../../src/edit/find-protected.ts'
import { PROTECTED_PATHS } from '../../src/edit/protected-paths.ts'
import { canonicalName, isShortNameOf } from '../../src/files/canonical-name.ts'

const isProtected = (path: string) => findProtected(path) !== null

test.each([
  'repose.config.json',
  '.reposeignore',
  '.gitattributes',
  '.gitignore',
  '.gitmodules',
  '.githooks/pre-commit',
  '.github/workflows/ci.yml',
  '.github/actions/setup/action.yml',
  '.gitlab-ci.yml',
  '.circleci/config.yml',
  'Jenkinsfile',
  '.husky/pre-commit',
  '.lefthook.yml',
  'lefthook.yml',
  '.pre-commit-config.yaml',
  '.vscode/tasks.json',
  '.idea/workspace.xml',
  '.cursor/rules/a.mdc',
  '.cursorrules',
  '.devcontainer/devcontainer.json',
  '.envrc',
  '.env',
  '.env.production',
  '.npmrc',
  '.yarnrc.yml',
  '.pnpmfile.cjs',
  '.mise.toml',
  '.tool-versions',
  'CLAUDE.md',
  'CLAUDE.local.md',
  '.claude/settings.json',
  'AGENTS.md',
  'GEMINI.md',
  '.github/copilot-instructions.md',
  '.windsurfrules',
  '.mcp.json',
  '.hg/hgrc',
  '.jj/repo/config.toml',
  '.Rprofile',
  '.pdbrc',
  '.iex.exs',
  '.lfsconfig',
])('%s is protected, at the top and at any depth', (path) => {
  expect(findProtected(path)?.why).toMatch(/^\p{Ll}/u)
  expect(isProtected(`packages/a/${path}`)).toBe(true)
})

test.each([
  'src/env.ts',
  '.env.example',
  '.env.local.example',
  '.environment/a.ts',
  '.gitkeep',
  '.github/ISSUE_TEMPLATE/bug.md',
  '.github/FUNDING.yml',
  'docs/agents.mdx',
  'src/claude.ts',
  'github/workflows/a.yml',
  'vscode/settings.json',
  'npmrc',
  'package.json',
  'README.md',
  'src/cursor/index.ts',
  'lefthook.ts',
  'test~1/a.ts',
  'readme~1.md',
])('%s is not', (path) => {
  expect(findProtected(path)).toBe(null)
})

test.each([
  ['case', '.GitHub/WorkFlows/CI.yml'],
  ['case', 'claude.MD'],
  ['a dot at the end', '.npmrc.'],
  ['spaces and dots at the end', '.vscode. . /tasks.json'],
  ['a stream of NTFS', '.npmrc::$DATA'],
  ['a character that nobody sees', '.np\u200dmrc'],
  ['a soft hyphen', '.np\u00admrc'],
  ['a variation selector', '.npmrc\ufe0f'],
  ['wide letters', '.\uff4epmrc'],
  ['a wide dot', '\uff0enpmrc'],
  ['long s', '.hu\u017fky/pre-commit'],
  ['the sign of Kelvin', '.hus\u212ay/pre-commit'],
  ['a ligature', 'Jenkins\ufb01le'],
  ['a short name', 'GITATT~1'],
  ['a short name with an extension', 'repose~1.jso'],
  ['a short name of a dot file', 'NPMRC~1'],
  ['a short name of a dot file', 'ENV~2'],
  ['a short name with a hash', 'GI7EBA~1'],
  ['short names of folders', 'GITHUB~1/WORKFL~1/ci.yml'],
  ['a backslash', 'packages\\.npmrc'],
  ['a step that leads nowhere', 'a/./.npmrc'],
])('%s does not hide it: %j', (_, path) => {
  expect(isProtected(path)).toBe(true)
})

test('every row is found under its own name, has a reason, and stands once', () => {
  const names = PROTECTED_PATHS.map(({ path }) => path)
  expect(names.filter((name) => !isProtected(name.replaceAll('*', 'x')))).toEqual([])
  expect(new Set(names.map((name) => name.split('/').map(canonicalName).join('/'))).size).toBe(names.length)
  for (const { why } of PROTECTED_PATHS) expect(why).toMatch(/^\p{Ll}[^.]{20,}[^.]$/u)
})

test('what is excepted is so in every spelling, and no more', () => {
  expect(isProtected('.GITHUB/readme.md')).toBe(false)
  expect(isProtected('.github/WORKFLOWS')).toBe(true)
  expect(isProtected('.ENV.Example')).toBe(false)
})

test('what is protected in one repository is so with all in it', () => {
  const here = { paths: [{ path: 'tools/hooks', why: 'git runs it' }], whyNamed: () => null }
  expect(findProtected('tools/Hooks/pre-push', here)).toMatchObject({ why: 'git runs it', isHere: true })
  expect(findProtected('tools/hooks2', here)).toBe(null)
  expect(findProtected('a/tools/hooks', here)).toBe(null)
  const whyNamed = (path: string) => (path.startsWith('tools/') ? 'git is set to use it' : null)
  expect(findProtected('tools/a.sh', { paths: [], whyNamed })).toMatchObject({ first: 0, last: 1, isHere: true })
})

test('short names are those that Windows makes', () => {
  expect(isShortNameOf('claude~1.md', 'claude.local.md')).toBe(true)
  expect(isShortNameOf('vscode~1', '.vscode')).toBe(true)
  expect(isShortNameOf('~1', '.vscode')).toBe(false)
  expect(isShortNameOf('vscod~1', '.vscode')).toBe(false)
  expect(isShortNameOf('src~1', '*.x', true)).toBe(false)
})
