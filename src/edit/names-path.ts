import { withoutForm } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'
import { type Protection, partsOf } from './find-protected.ts'

/**
 * Whether a request names a protected path: the full path, its end from the protected part on, or the protected folder around it.
 *
 * '.npmrc' names every .npmrc, 'web/.npmrc' only that one, '.vscode' everything in it. But 'settings.json' does not name
 * .vscode/settings.json, nor does 'workflows' name .github/workflows: words with other meanings allow nothing.
 */
export function namesPath(request: string, path: RepoPath, { first, last, isHere }: Protection): boolean {
  const text = withoutForm(request).replaceAll('\\', '/')
  const parts = partsOf(path)
  // if the text lacks a piece of the path, it lacks every longer piece around it: of the thousands in a path of a hundred parts, few are tried
  for (let to = last + 1; to <= parts.length; to++) {
    for (let from = last; from >= 0; from--) {
      const named = parts.slice(from, to).join('/')
      if (!text.includes(named)) {
        if (from === last) return false
        break
      }
      const isTelling = from <= first || (to === parts.length && to - from > 1)
      if (isTelling && !(isHere && IS_WORD.test(named)) && isSpeltIn(text, named)) return true
    }
  }
  return false
}

/** 'hooks', if git's hooks are in a folder of that name: in a request it is an ordinary word. */
const IS_WORD = /^[\p{L}\p{N}]+$/u

function isSpeltIn(text: string, named: string): boolean {
  const escaped = named.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}_./~-])(?:\\./)?${escaped}(?!/?[\\p{L}\\p{N}_-]|/?\\.[\\p{L}\\p{N}_])`, 'u').test(
    text,
  )
}
