import { languageOfPath } from '../parse/languages/index.ts'
import type { ListedFile } from '../repo/listing.ts'

/**
 * The language under which a file's content is stored: its id, or '' for text. A content that a rule excludes from
 * reading is stored as '!vendored' or '!generated', without facts: the same content may be read elsewhere. One that is read whatever its
 * text is has a '!' behind its language, since its text may keep it out elsewhere.
 */
export function sourceLanguage({ path, unread, isWanted }: Omit<ListedFile, 'blob'>): string {
  return unread ? `!${unread.reason}` : `${languageOfPath(path) ?? ''}${isWanted ? '!' : ''}`
}
