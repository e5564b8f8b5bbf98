import { readFile } from 'node:fs/promises'
import { safePath } from '../../src/edit/safe-path.ts'
import { shownPath } from '../../src/paths.ts'
import { git, splitNul } from '../../src/repo/git.ts'
import type { RepoPath } from '../../src/types.ts'

const MOST = 80 // entries
const MOST_COUNTED = 300_000 // bytes; lines of larger files are not counted
const ASK_MS = 10_000

/**
 * A folder of the working tree as a model reads it, without what git ignores: first files with their number of lines, then folders with
 * their number of files. null: git knows no file below it.
 */
export async function describeFolder(root: string, path: string, signal?: AbortSignal): Promise<string | null> {
  const folder = path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
  const start = folder === '' ? '' : `${folder}/`
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', `:(literal)${start || '.'}`]
  const listed = splitNul(await git(root, args, { timeoutMs: ASK_MS, signal }).catch(() => ''))
  const below = [...new Set(listed)].filter((file) => file.startsWith(start)).map((file) => file.slice(start.length))
  if (below.length === 0) return null
  const files = below.filter((file) => !file.includes('/'))
  const folders = new Map<string, number>()
  for (const file of below) {
    const name = file.slice(0, file.indexOf('/') + 1)
    if (name !== '') folders.set(name, (folders.get(name) ?? 0) + 1)
  }
  const shown = files.slice(0, MOST)
  const counts = await Promise.all(shown.map((name) => linesIn(root, start + name)))
  const said = [
    ...shown.map((name, i) => `${shownPath(name)}${counts[i] === null ? '' : ` ${counts[i]}`}`),
    ...[...folders].slice(0, MOST - shown.length).map(([name, count]) => `${shownPath(name)} (${count})`),
  ]
  const rest = files.length + folders.size - said.length
  return `=== ${shownPath(start || './')} (files with their lines, folders with their files)\n${said.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`
}

/** null: not text, or too large to count. */
async function linesIn(root: string, path: RepoPath): Promise<number | null> {
  const safe = await safePath(root, path)
  if ('problem' in safe || safe.file === null || safe.file.bytes > MOST_COUNTED) return null
  const bytes = await readFile(safe.absolute)
  if (bytes.subarray(0, 8000).includes(0)) return null
  let lines = bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0
  for (const byte of bytes) if (byte === 10) lines++
  return lines
}
