import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Plugin } from 'vitest/config'

/** The folders that `npm run build` compiles into `dist`. */
const COMPILED = ['src', 'agents', 'bin', 'bench']

/**
 * A plugin of vitest. Tests import the sources, and get the modules of `dist` if the build is up to date: Node loads compiled modules in a third of
 * the time that vitest takes to transform and load sources, and runs them faster. With changed sources, or when vitest watches for changes, tests
 * get the sources.
 */
export function builtModules(root: string): Plugin {
  let isUsed = false
  return {
    name: 'repose:built-modules',
    enforce: 'pre',
    configureVitest({ vitest }) {
      isUsed = !vitest.config.watch && isBuilt(root)
    },
    resolveId: (source, importer) => (isUsed && importer ? builtModule(root, source, importer) : null),
  }
}

/** The compiled file of the source file that a module imports; null: it imports something else. */
export function builtModule(root: string, source: string, importer: string): string | null {
  if (!/^\.{1,2}\/.*\.ts$/.test(source)) return null
  const file = resolve(dirname(importer), source)
  const path = relative(root, file).replaceAll('\\', '/')
  if (!COMPILED.some((folder) => path.startsWith(`${folder}/`)) || !existsSync(file)) return null
  return join(root, 'dist', path.replace(/\.ts$/, '.js')).replaceAll('\\', '/')
}

/** Whether the last build was complete, and no source file has changed since. */
export function isBuilt(root: string): boolean {
  const last = statSync(join(root, 'dist/LICENSES.txt'), { throwIfNoEntry: false }) // a build writes it after it has compiled everything
  if (!last) return false
  // the time of the change, since copying a file can keep the time of its contents
  const isOlder = (path: string) => statSync(path).ctimeMs < last.ctimeMs
  return COMPILED.map((folder) => join(root, folder)).every((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).every(
      (path) => !path.endsWith('.ts') || isOlder(join(folder, path)),
    ),
  )
}
