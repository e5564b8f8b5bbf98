import { languageOfPath } from '../parse/languages/index.ts'
import type { ListedFile } from '../repo/listing.ts'

/**
 * The language under which a file's content is stored: its id, or '' for text. A content that a rule excludes from
 * reading is stored as '!vendored' or '!generated', without facts: the same content may be read elsewhere.
 */
export function sourceLanguage({ path, unread }: ListedFile): string {
  return unread ? `!${unread.reason}` : (languageOfPath(path) ?? '')
}
