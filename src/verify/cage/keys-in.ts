import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Mount } from './mount.ts'

/** Files of keys and passwords, beside the files of a package or a tool. */
const KEYS =
  /^(\.env(\..*)?|\.envrc|\.npmrc|\.netrc|\.pypirc|\.condarc|\.git-credentials|credentials(\..*)?|auth\.(json|toml)|ccache\.conf|.*\.(pem|key|p12|pfx|tfstate))$/
const OF_TOOL: readonly (readonly [folder: RegExp, entries: RegExp])[] = [
  [/\/\.dotnet$/, /^corefx$/], // certificates with their private keys
  [/\/\.opam$/, /^plugins$/], // opam-publish keeps tokens there
  [/\/ms-playwright$/, /^(?!\.links$|(chromium|firefox|webkit|ffmpeg|winldd))/], // profiles of browsers, with cookies
  [/\/deno$/, /^location_data$/], // what scripts store
  [/\/etc$/, /^npmrc$/],
]

/** Hides what holds keys in a folder that is shown. Not in its subfolders, but for 'etc'. */
export function keysIn(folder: string): readonly Mount[] {
  const isOfTool = (name: string) => OF_TOOL.some(([at, entries]) => at.test(folder) && entries.test(name))
  return entriesOf(folder).flatMap((one): readonly Mount[] => {
    const path = join(folder, one.name)
    if (isOfTool(one.name) || (KEYS.test(one.name) && !one.isDirectory())) return [{ kind: 'hidden', path }]
    return one.name === 'etc' && one.isDirectory() ? keysIn(path) : []
  })
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return [] // it is a file
  }
}
