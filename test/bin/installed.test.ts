import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { LANGUAGES } from '../../src/parse/languages/index.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { goldenOf } from '../helpers/golden-of.ts'
import { packed } from '../helpers/packed.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

const app = scratchFolder()
const installed = join(app, 'node_modules/repose')

/** What npm would install, without the network: the files of the package, and links to its dependencies. */
beforeAll(async () => {
  for (const path of (await packed()).paths) cpSync(join(PACKAGE_ROOT, path), join(installed, path))
  for (const path of dependencies()) {
    const link = join(app, path)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(PACKAGE_ROOT, path), link, 'junction')
  }
}, 120_000)

test('an installation takes less than half of what it took with every grammar as a package', () => {
  const bytes = [installed, ...dependencies().map((path) => join(PACKAGE_ROOT, path))].reduce(
    (sum, folder) => sum + sizeOf(folder),
    0,
  )
  expect(bytes / 1e6).toBeLessThan(190)
})

test('installed, it reads every language, and loads no grammar of the repository', () => {
  const trap = "require('node:fs').writeFileSync(require('node:path').join(__dirname, 'was-loaded'), '')\n"
  const traps = ['web-tree-sitter', ...LANGUAGES.map(({ grammar: [name] }) => name)]
  const root = scratchRepo({
    ...Object.fromEntries(LANGUAGES.map(({ id }) => [`src/${id}/${goldenOf(id).name}`, goldenOf(id).text])),
    ...Object.fromEntries(traps.map((name) => [`node_modules/${name}/index.js`, trap])),
  })
  const index = repose(['index', '--json'], root)
  expect(index.problems).toBe(0)
  expect(Object.keys(index.languages).sort()).toEqual(LANGUAGES.map(({ id }) => id).sort())
  const grammars = repose(['doctor', '--json'], root).find(({ what }: { what: string }) => what === 'grammars')
  expect(grammars).toEqual({ what: 'grammars', ok: true, says: `${LANGUAGES.length} load` })
  for (const name of traps) expect(readdirSync(join(root, 'node_modules', name))).toEqual(['index.js'])
}, 120_000)

test('where a grammar is damaged, doctor tells it, and the files of that language are still searched', () => {
  const file = join(installed, 'dist/grammars/tree-sitter-ruby.wasm.br')
  const whole = readFileSync(file)
  writeFileSync(file, whole.subarray(0, 1000))
  try {
    const root = scratchRepo({ 'a.rb': 'def total\nend\n', 'b.php': '<?php\nfunction sum() {}\n' })
    expect(repose(['index', '--json'], root)).toMatchObject({ problems: 1, symbols: 1, files: 2 })
    const grammars = repose(['doctor', '--json'], root).find(({ what }: { what: string }) => what === 'grammars')
    expect(grammars.ok).toBe(false)
    expect(grammars.says).toMatch(
      /^the grammar tree-sitter-ruby\.wasm\.br is missing or damaged \(install repose again/,
    )
  } finally {
    rmSync(file)
    writeFileSync(file, whole)
  }
}, 120_000)

/** Folders of all packages that npm installs for a user, relative to the package. */
function dependencies(): string[] {
  const lock = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package-lock.json'), 'utf8'))
  return Object.entries<{ dev?: boolean; optional?: boolean }>(lock.packages)
    .filter(([path, { dev, optional }]) => path.split('node_modules/').length === 2 && !dev && !optional)
    .map(([path]) => path)
}

function repose(args: readonly string[], cwd: string) {
  const env = { ...cleanEnvironment(), XDG_CONFIG_HOME: join(app, 'none'), NO_COLOR: '1' }
  const run = spawnSync(process.execPath, [join(installed, 'dist/bin/repose.js'), ...args], {
    cwd,
    env,
    encoding: 'utf8',
  })
  expect(run.stdout, run.stderr).not.toBe('')
  return JSON.parse(run.stdout)
}

function sizeOf(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
