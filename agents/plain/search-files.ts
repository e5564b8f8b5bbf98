import { DEFAULTS } from '../../src/config/defaults.ts'
import { shownPath } from '../../src/paths.ts'
import { grep } from '../../src/repo/grep.ts'
import { visibleHits } from '../../src/repo/visible-hits.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'
import { scannable, textWithSecrets } from '../feature/text-with-secrets.ts'
import { folderMeant } from './folder-meant.ts'
import { visibleLines } from './read-lines.ts'

export const SEARCH_LINES = 60
const WIDTH = 220

/**
 * Lines of the working tree `root` that match an extended regular expression, as path:line:text, without secrets; or a problem in words
 * for the model.
 */
export async function searchFiles(
  root: string,
  pattern: string,
  within: string,
  secrets: SecretKeeper,
  maxFileBytes: number = DEFAULTS.maxFileBytes,
): Promise<string> {
  const scope = folderMeant(within)
  if (scope === null) return `error: ${within} is outside the repository`
  const only = scope === '' ? [] : [scope.startsWith(':') ? `:(literal)${scope}` : scope]
  const how = { kind: 'expression', within: only } as const
  const found = await visibleHits(
    pattern,
    how,
    (mostHits) => grep(root, pattern, { ...how, mostHits, counts: scannable(root, maxFileBytes) }),
    (one) => textWithSecrets(root, one, secrets, maxFileBytes),
  )
  if ('problem' in found) return `error: ${found.problem}`
  const { hits, stopped } = found
  if (hits.length === 0) return stopped ? `(${stopped})` : '(no match)'
  const shown: string[] = []
  for (const { path, line } of hits.slice(0, SEARCH_LINES)) {
    const file = await visibleLines(root, path, secrets, maxFileBytes)
    const visible = 'lines' in file ? file.lines[line - 1] : '(not shown: the file is too large)'
    shown.push((await secrets.redact(`${shownPath(path)}:${line}:${visible}`)).slice(0, WIDTH))
  }
  const more = hits.length > SEARCH_LINES ? [`(${hits.length - SEARCH_LINES} more)`] : []
  return [...shown, ...more, ...(stopped ? [`(${stopped})`] : [])].join('\n')
}
