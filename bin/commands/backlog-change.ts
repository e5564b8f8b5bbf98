import { NOT_SAME } from '../../agents/night/item-request.ts'
import { titleOf } from '../../src/backlog/title-of.ts'
import type { Store } from '../../src/store/open-store.ts'
import { itemsNamed } from '../backlog-items.ts'
import type { ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'

const YES = /^(y|yes)([,;] (it is|they are)( the same)?)?[.!]?$/i
const NO = /^(n|no)[.!]?$/i

/** approve, redo and drop take ids; answer takes one, and what is answered. */
export async function changeItems(wire: Wire, action: string, words: readonly string[]): Promise<ExitCode> {
  const isAnswer = action === 'answer'
  const items = await itemsNamed(wire, isAnswer ? words.slice(0, 1) : words, action)
  const [store, { root }, { UserError }, { linkSame }] = await Promise.all([
    wire.store(),
    wire.repo(),
    import('../../src/errors.ts'),
    import('../../agents/night/link-same.ts'),
  ])
  const answer = isAnswer ? words.slice(1).join(' ').trim() : ''
  if (isAnswer && answer === '')
    throw new UserError('the answer is empty', `say it, as in repose backlog answer ${items[0]!.id} "Semicolons"`)
  const now = Date.now()
  for (const { id, answers, state, sameAs } of items) {
    const isAsked = state === 'needs-you' && sameAs !== null
    if (action === 'approve') {
      store.backlog.approve(id, now)
      if (state === 'same' || state === 'forecast') store.backlog.setState(id, 'waiting', now)
      linkSame(store.backlog, [id]) // one that may be drafted leads
    } else if (isAnswer && isAsked && YES.test(answer)) store.backlog.link([id], sameAs)
    else if (isAnswer)
      store.backlog.answer(id, [...answers, ...(isAsked ? notSame(store, sameAs, answer) : [answer])], now)
    else if (action === 'drop') store.backlog.setState(id, 'dropped', now)
    else store.backlog.setState(id, 'waiting', now)
    if (sameAs !== null && (action === 'redo' || (isAnswer && !YES.test(answer)))) store.backlog.setApart(id)
    if (action === 'drop' || action === 'redo' || isAnswer) await forget(store, root, id)
  }
  const said = {
    approve: 'may be drafted',
    answer: 'waits again, with your answer',
    redo: 'waits again',
    drop: 'is dropped',
  }
  if (wire.flags.json) wire.printJson({ action, ids: items.map(({ id }) => id) })
  else
    for (const item of items) {
      const isDone = action === 'approve' && (item.state === 'applied' || item.state === 'dropped')
      const lead = item.sameAs !== null && isAnswer ? store.backlog.get(item.id)!.sameAs : null
      const says =
        lead !== null
          ? `is the same as ${lead}${store.backlog.get(lead)!.state === 'applied' ? ', which is applied' : `: one draft is made, as ${lead}`} (repose backlog redo ${item.id} separates them)`
          : isDone
            ? `is ${item.state}; repose backlog redo ${item.id} lets it wait again`
            : said[action as keyof typeof said]
      wire.print(`${item.id}  ${titleOf(item)}: ${says}`)
    }
  return 0
}

async function forget(store: Store, root: string, id: number): Promise<void> {
  const hasCommit = Boolean(store.backlog.draft(id)?.commit)
  store.backlog.dropDraft(id)
  if (hasCommit) await (await import('../../src/repo/drafts.ts')).forgetDraft(root, id)
}

/** What the agent is told of a no to 'Is it the same as 3?'. */
function notSame({ backlog }: Store, lead: number, answer: string): string[] {
  return NO.test(answer) ? [] : [`${NOT_SAME}"${titleOf(backlog.get(lead)!)}": ${answer}`]
}
