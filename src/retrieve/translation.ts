import { kindOfPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'

/** Taken off the score of a translated page: by hand, docs/tried.md#what-is-set-by-hand. */
export const TRANSLATED = 1.5

// Languages that documentation is translated into (ISO 639-1, and what is written for them), with a script or country.
const LANGUAGE = new RegExp(
  `^(${'ar az be bg bn bs ca cn cs da de el es et eu fa fi fr he hi hr hu hy id it ja jp ka kk ko kr lt lv mk mn ms nb ne nl no pl pt ro ru sk sl sq sr sv sw ta te th tr tw uk ur uz vi zh'.replaceAll(' ', '|')})([-_][a-z]{2,4})?$`,
  'i',
)

/** 'docs/fr/guide.md' beside 'docs/guide.md' or 'docs/en/guide.md': changed by translators, later. exists: whether such a page is ranked too. */
export function isTranslation(path: RepoPath, exists: (path: RepoPath) => boolean): boolean {
  if (kindOfPath(path) !== 'doc') return false
  const folders = path.split('/')
  return folders.slice(0, -1).some((folder, i) => {
    if (!LANGUAGE.test(folder)) return false
    const [above, below] = [folders.slice(0, i), folders.slice(i + 1)]
    return exists([...above, ...below].join('/')) || exists([...above, 'en', ...below].join('/'))
  })
}
