/** Part of `npm run build`, after the compiler: makes commands start faster, and the package small. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
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
// the SDK have a hundred, most of which nothing here uses, so the commands' bundle holds these libraries too.
const BUNDLED = ['zod', '@modelcontextprotocol/server', 'p-queue']
// zod in other languages than English is half of it, and no message of it in them is ever shown.
const englishOnly: Plugin = {
  name: 'zod in English only',
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: '' })),
}
const { dependencies } = JSON.parse(readAsset('package.json')) as { dependencies: Record<string, string> }
const outdir = join(PACKAGE_ROOT, 'dist')
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
rmSync(join(outdir, 'chunks'), { recursive: true, force: true })
const { metafile } = await build({
  ...options,
  entryPoints: ['bin/repose.ts', 'bin/commands/watch-worker.ts'],
  external: Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)),
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [englishOnly],
  metafile: true,
})
writeFileSync(join(outdir, 'LICENSES.txt'), licencesOf(Object.keys(metafile.inputs)))
await build({ ...options, entryPoints: ['src/parse/worker.ts'], packages: 'external' }) // by itself in one module, since it needs all of it

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
