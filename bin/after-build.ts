/** Part of `npm run build`, after the compiler: makes commands start faster, and the package small. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base'
import { PACKAGE_ROOT, readAsset } from '../src/assets.ts'
import { packRanks } from '../src/tokens/token-ranks.ts'
import { RANKS_FILE } from '../src/tokens/tokens.ts'
import { packGrammars } from './pack-grammars.ts'

// The tokenizer's tokens as a table that needs no decoding: loading the library takes a quarter of a second.
writeFileSync(
  RANKS_FILE,
  packRanks(ranks.map((token) => (typeof token === 'string' ? Buffer.from(token) : Uint8Array.from(token)))),
)

packGrammars()

// Bundles the commands and the parsers' process over the compiled modules: Node needs half a millisecond to find and link each module. zod and
// the SDK have a hundred modules, and most of them are not used here. So the bundle of the commands holds both, and two small libraries.
const BUNDLED = ['zod', '@modelcontextprotocol/server', 'p-queue', 'fast-string-width']
// zod in other languages than English is half of it, and no message of it in them is ever shown.
const englishOnly: Plugin = {
  name: 'zod in English only',
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: '' })),
}
const { dependencies } = JSON.parse(readAsset('package.json')) as { dependencies: Record<string, string> }
const outdir = join(PACKAGE_ROOT, 'dist')
// What every command loads: the program, and what bin/wire.ts imports for the facts.
const ALWAYS = ['bin/program.ts']
const FACTS = [
  'src/repo/open-repo.ts',
  'src/config/read-config.ts',
  'src/store/open-store.ts',
  'src/indexing/refresh-facts.ts',
]
const options = {
  absWorkingDir: PACKAGE_ROOT,
  outbase: '.',
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
} satisfies BuildOptions
const program = {
  ...options,
  entryPoints: ['bin/repose.ts', 'bin/commands/watch-worker.ts'],
  external: Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)),
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
} satisfies BuildOptions
rmSync(join(outdir, 'chunks'), { recursive: true, force: true })
const { metafile: apart } = await build({ ...program, write: false, plugins: [englishOnly] })
const { metafile } = await build({ ...program, plugins: [englishOnly, together(apart)] })
writeFileSync(join(outdir, 'LICENSES.txt'), licencesOf(Object.keys(metafile.inputs)))
await build({ ...options, entryPoints: ['src/parse/worker.ts'], packages: 'external' }) // by itself in one module, since it needs all of it

/** The modules `from` and all that they import, but no libraries and no modules that need a library. Paths from the package's folder. */
function plainOf({ inputs }: Metafile, from: readonly string[]): ReadonlySet<string> {
  const needed = new Map<string, boolean>() // whether it needs no library
  const isPlain = (path: string): boolean => {
    const known = needed.get(path)
    if (known !== undefined) return known
    needed.set(path, true)
    const imports = (inputs[path]?.imports ?? []).filter(({ kind }) => kind === 'import-statement')
    const isEach = imports.map((one) => (one.external ? isBuiltin(one.path) : isPlain(one.path)))
    needed.set(path, !path.includes('node_modules') && !isEach.includes(false))
    return needed.get(path)!
  }
  for (const path of from) isPlain(path)
  return new Set([...needed].flatMap(([path, plain]) => (plain ? path : [])))
}

/**
 * esbuild makes a chunk for each set of modules that the same entries import: about sixty chunks for most commands. Here each module that every
 * command needs imports all the others of its kind, so they become one chunk.
 */
function together(apart: Metafile): Plugin {
  const paths = plainOf(apart, [...ALWAYS, ...FACTS])
  const ALL = 'modules of every command'
  const load = (path: string) => `import ${JSON.stringify(path)}\n`
  return {
    name: 'few chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${ALL}$`) }, () => ({ path: ALL, namespace: 'together' }))
      // import() of one of them imports all, too
      onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
        const name = nameOf(join(resolveDir, path))
        return kind === 'dynamic-import' && paths.has(name) ? { path: name, namespace: 'together' } : null
      })
      onLoad({ filter: /./, namespace: 'together' }, ({ path }) => ({
        contents:
          path === ALL
            ? [...paths].map((one) => load(`./${one}`)).join('')
            : `${load(ALL)}export * from ${JSON.stringify(`./${path}`)}`,
        resolveDir: PACKAGE_ROOT,
      }))
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const name = nameOf(path)
        if (paths.has(name) || name.includes('node_modules')) return null
        return { contents: `${readFileSync(path, 'utf8')}\n${load(ALL)}`, loader: 'ts' }
      })
    },
  }
}

function nameOf(path: string): string {
  return relative(PACKAGE_ROOT, path).replaceAll('\\', '/')
}

/** The licences of the libraries that these bundled files come from. */
function licencesOf(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))
  const said = [...folders].sort().map((folder) => {
    const name = readdirSync(join(PACKAGE_ROOT, folder)).find((file) => /^licen[cs]e/i.test(file))
    if (!name) throw new Error(`${folder} has no licence`)
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${readFileSync(join(PACKAGE_ROOT, folder, name), 'utf8').trim()}\n`
  })
  return `Parts of the modules in chunks/ come from these libraries:\n\n${said.join('\n\n')}`
}
