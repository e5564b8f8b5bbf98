/** Part of `npm run build`, after the compiler: makes commands start faster, and the package small. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { packRanks } from '../src/tokens/token-ranks.ts'
import { RANKS_FILE } from '../src/tokens/tokens.ts'
import { packGrammars } from './pack-grammars.ts'

// The tokenizer's tokens as a table that needs no decoding: loading the library takes a quarter of a second.
writeFileSync(
  RANKS_FILE,
  packRanks(ranks.map((token) => (typeof token === 'string' ? Buffer.from(token) : Uint8Array.from(token)))),
)

packGrammars()

// Bundles the commands and the parsers' process over the compiled modules: Node needs half a millisecond to find and link each module.
const outdir = join(PACKAGE_ROOT, 'dist')
const options = {
  absWorkingDir: PACKAGE_ROOT,
  outbase: '.',
  outdir,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
} satisfies BuildOptions
rmSync(join(outdir, 'chunks'), { recursive: true, force: true })
await build({ ...options, entryPoints: ['bin/repose.ts'], splitting: true, chunkNames: 'chunks/[name]-[hash]' })
await build({ ...options, entryPoints: ['src/parse/worker.ts'] }) // by itself in one module, since it needs all of it
