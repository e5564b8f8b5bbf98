import { requestOf } from '../../src/backlog/read-items.ts'
import type { LabelJob } from '../../src/ci/job.ts'
import { shownText } from '../../src/ci/shown-text.ts'
import { printable } from '../../src/text/printable.ts'

/**
 * An issue as a request, as the person who set the label could see it: without what a page does not show, and with invisible characters as
 * escapes. At most 20,000 characters.
 */
export function issueRequest({ title, body }: LabelJob['issue']): string {
  return requestOf(printable(title.replace(COMMENT, ' ')), printable(shownText(body))).trim()
}

const COMMENT = /<!--[\s\S]*?(-->|$)/g
