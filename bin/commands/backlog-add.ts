import { titleOf } from '../../src/backlog/title-of.ts'
import { sayLinked } from '../backlog-items.ts'
import type { ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'

/** Adds a request of the user's own. The same words again are the same request. */
export async function addItem(wire: Wire, words: readonly string[], values: Values): Promise<ExitCode> {
  const [{ requestText }, { keyOfWords }, { linkSame, noteHits }, { UserError }, store] = await Promise.all([
    import('../request-text.ts'),
    import('../../src/backlog/read-items.ts'),
    import('../../agents/night/link-same.ts'),
    import('../../src/errors.ts'),
    wire.store(),
  ])
  const file = values.file as string | undefined
  if (file !== undefined && words.length > 0)
    throw new UserError('the request is given twice: as words and as --file', 'leave one of them out')
  const asked = { noun: 'request', example: 'repose backlog add "Add a CSV output format"' }
  const given = file === undefined ? words.join(' ') : await textOf(file)
  const request = await requestText(given, wire.signal, asked)
  const priority = values.priority as number | undefined
  const added = store.backlog.add(
    {
      source: file === undefined && given !== '-' ? 'hand' : 'piped',
      key: keyOfWords(request),
      url: null,
      author: null,
      request,
      isApproved: true,
      priority,
    },
    Date.now(),
  )
  if (priority !== undefined) store.backlog.prioritise(added.id, priority, Date.now())
  const hits = noteHits(store, [added.id])
  const [linked] = linkSame(store.backlog, [added.id])
  if (wire.flags.json)
    wire.printJson({ id: added.id, change: added.change, sameAs: store.backlog.get(added.id)!.sameAs })
  else {
    const says = { new: 'added', changed: 'changed', same: 'is there already' }[added.change]
    wire.print(`${added.id}  ${titleOf({ request })}`)
    wire.say(says === 'added' ? 'added; the next sleep pass drafts it, if it may (repose backlog)' : says)
    if (linked) wire.say(sayLinked(linked))
    if (hits[0] !== undefined) wire.say(`it was forecast as ${hits[0]}`)
  }
  return 0
}

async function textOf(file: string): Promise<string> {
  const [{ readRegularText }, { UserError }] = await Promise.all([
    import('../../src/files/read-regular.ts'),
    import('../../src/errors.ts'),
  ])
  const text = readRegularText(file, { maxBytes: 1_000_000 })
  if (text === null)
    throw new UserError(`${file} cannot be read, or is larger than 1 MB`, 'name a text file with the request')
  return text
}
