import { UserError } from '../errors.ts'
import type { Host, Thread } from './host.ts'

export type CommentEnd = 'made' | 'edited' | 'unchanged' | 'removed' | 'none'

/**
 * Keeps one comment of the bot in a thread: made once, then edited in place, and deleted when there is nothing to say. It is found by a
 * hidden mark and by its author, so that nobody can put a comment in its place. Further ones with the mark (of jobs that ran at the same
 * time) are deleted. Throws UserError if the token writes as another account than the host says.
 *
 * kind: what the comment is about; a thread may have one of each. text: null if there is nothing to say.
 */
export async function keepComment(host: Host, thread: Thread, kind: string, text: string | null): Promise<CommentEnd> {
  const mark = markOf(kind)
  const self = await host.self()
  const [first, ...more] = (await host.comments(thread)).filter(
    ({ author, body }) => author === self && body.startsWith(mark),
  )
  for (const { id } of more) await host.deleteComment(thread, id)
  if (text === null) {
    if (!first) return 'none'
    await host.deleteComment(thread, first.id)
    return 'removed'
  }
  const body = `${mark}\n\n${text}\n`
  if (!first) {
    const { id, author } = await host.comment(thread, body)
    if (author === self) return 'made'
    await host.deleteComment(thread, id) // it would not be found again, and each job would add another one
    throw new UserError(
      `the token of the job writes as ${author}, and not as ${self}`,
      `set REPOSE_CI_LOGIN to ${author}`,
    )
  }
  if (first.body.replaceAll('\r\n', '\n').trim() === body.trim()) return 'unchanged'
  await host.editComment(thread, first.id, body)
  return 'edited'
}

/** A definition of a link that no text uses: the Markdown of all hosts shows nothing of it, also where HTML is shown as text. */
function markOf(kind: string): string {
  return `[repose]: # "${kind}"`
}
