import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. The sources lie in it; the compiled code lies in its folder `dist`. */
export const PACKAGE_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)))

/** Text of a file that ships with the package: prompts (.md), queries (.scm), migrations (.sql). path: relative to the package root. */
export function readAsset(path: string): string {
  return readFileSync(join(PACKAGE_ROOT, path), 'utf8')
}

function findRoot(from: string): string {
  let folder = from
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
