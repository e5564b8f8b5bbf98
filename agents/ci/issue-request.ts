import { requestOf } from '../../src/backlog/read-items.ts'
import type { LabelJob } from '../../src/ci/job.ts'
import { printable } from '../../src/text/printable.ts'

/**
 * An issue as a request, as the person who set the label could see it: without comments of HTML, which a page does not show, and with
 * invisible characters as escapes. At most 20,000 characters.
 */
export function issueRequest({ title, body }: LabelJob['issue']): string {
  return requestOf(seen(title), seen(body)).trim()
}

function seen(text: string): string {
  return printable(text.replace(/<!--[\s\S]*?(-->|$)/g, ' '))
}
