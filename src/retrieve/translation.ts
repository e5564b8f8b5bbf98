import { kindOfPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'

/** Taken off the score of a translated page: by hand, docs/tried.md#what-is-set-by-hand. */
export const TRANSLATED = 1.5

const LANGUAGE = /^[a-z]{2,3}([-_][a-z]{2,4})?$/i
const OF_THE_ORIGINAL = /^(en([-_][a-z]{2})?|doc|api|cli|web|ui)$/i

/** 'docs/fr/guide.md' beside 'docs/guide.md' or 'docs/en/guide.md': changed by translators, later. exists: whether such a page is ranked too. */
export function isTranslation(path: RepoPath, exists: (path: RepoPath) => boolean): boolean {
  if (kindOfPath(path) !== 'doc') return false
  const folders = path.split('/')
  return folders.slice(0, -1).some((folder, i) => {
    if (!LANGUAGE.test(folder) || OF_THE_ORIGINAL.test(folder)) return false
    const [above, below] = [folders.slice(0, i), folders.slice(i + 1)]
    return exists([...above, ...below].join('/')) || exists([...above, 'en', ...below].join('/'))
  })
}
