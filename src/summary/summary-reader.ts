import type { Store } from '../store/open-store.ts'
import type { SummaryRow } from '../store/summaries.ts'
import { NO_MODEL } from './from-facts.ts'
import { FILE, wordsOfFile } from './kinds/file.ts'
import { renderSummary, type SummaryKindId } from './kinds/index.ts'
import { ownWords } from './own-words.ts'
import { fileSourceHash } from './source-hash.ts'
import { hasShape } from './summary-kind.ts'

export interface ReadSummary {
  /** One line. */
  readonly text: string
  /** Its source has changed since then. */
  readonly stale: boolean
  /** 'remote NAME' or 'import': it was not written here. Left out: it was. */
  readonly origin?: string
}

/**
 * How a pack reads summaries. The first of these that exists: what a model wrote from exactly today's source; for a
 * file, its author's words; what a model wrote from an earlier state, marked stale; null.
 *
 * length: 'whole' for a reader who asks only for this subject. subject: 'src/a.ts', 'src/a.ts#Cart.total', 'src/' or '.'. hash: a symbol's
 * hash, or the source hash of a folder's summary; a file needs none. If it is '', it is not known, and the summary counts as fresh. At most
 * three index look-ups a call.
 */
export function summaryReader(
  store: Store,
  worktree: number,
  length: 'cut' | 'whole' = 'cut',
): (subject: string, hash: string) => ReadSummary | null {
  const latest = (subject: string, kind: SummaryKindId, hash: string): ReadSummary | null => {
    const row = store.summaries.latest(subject, kind)
    if (!row || (row.model === NO_MODEL && (kind === 'file' || kind === 'symbol'))) return null
    const text = renderSummary(kind, row.body, length)
    return text === null ? null : { text, stale: hash !== '' && row.sourceHash !== hash, ...originOf(row) }
  }
  const fresh = (kind: SummaryKindId, hash: string): ReadSummary | null => {
    const row = store.summaries.freshFromModel(kind, hash)
    const text = row && renderSummary(kind, row.body, length)
    return text ? { text, stale: false, ...originOf(row) } : null
  }
  return (subject, hash) => {
    if (subject === '.') return latest(subject, 'repository', hash)
    if (subject.endsWith('/')) return latest(subject, 'module', hash)
    const file = store.facts.file(worktree, subject)
    if (!file) return subject.includes('#') ? (fresh('symbol', hash) ?? latest(subject, 'symbol', hash)) : null
    if (file.blob === null || file.language === null) return null
    const own = fileSourceHash(file.blob, file.language)
    const words = ownWords(file.doc, 30)
    return fresh('file', own) ?? (words ? { text: words, stale: false } : latest(subject, 'file', own))
  }
}

function originOf({ origin }: SummaryRow): Pick<ReadSummary, 'origin'> {
  return origin === null ? {} : { origin }
}

/** The text of a file's summary for the full text: of the summary of today's source, otherwise of the newest; null: neither. */
export function searchableSummary(store: Store, path: string, blob: string, language: string): string | null {
  const fresh = store.summaries.freshFromModel('file', fileSourceHash(blob, language))
  const row = fresh ?? store.summaries.latest(path, 'file')
  if (!row || row.model === NO_MODEL) return null
  return hasShape(FILE.empty, row.body) ? wordsOfFile(row.body) : null
}
