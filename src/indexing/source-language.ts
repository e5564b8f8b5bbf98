import { languageOfPath } from '../parse/languages/index.ts'
import type { ListedFile } from '../repo/listing.ts'

/**
 * As what a listed file's content is kept: the id of its language, '' for text. What is not read by a rule is kept as '!vendored' or '!generated', of which nothing is known
 * but that: the same content elsewhere may be read.
 */
export function sourceLanguage({ path, unread }: ListedFile): string {
  return unread ? `!${unread.reason}` : (languageOfPath(path) ?? '')
}
