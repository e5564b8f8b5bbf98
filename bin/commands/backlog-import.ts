import type { Store } from '../../src/store/open-store.ts'
import { sayLinked } from '../backlog-items.ts'
import type { ExitCode, Values } from '../command.ts'
import { count, plural } from '../format.ts'
import type { Wire } from '../wire.ts'

const MOST = 50_000_000 // bytes of a list: 5,000 issues of 10 kB
const MOST_SHOWN = 5

/** Reads a list of issues into the backlog. Reading it again changes nothing. */
export async function importItems(wire: Wire, [file]: readonly string[], values: Values): Promise<ExitCode> {
  const [{ readItems }, { CLOSED }, { linkSame, noteHits }, store, { backlog: settings }] = await Promise.all([
    import('../../src/backlog/read-items.ts'),
    import('../../src/store/backlog.ts'),
    import('../../agents/night/link-same.ts'),
    wire.store(),
    wire.config(),
  ])
  const { source, items, leftOut } = readItems(await listText(file, wire.signal))
  if (values.all === true && values.yes !== true) await refuseToEmpty(store, source, items)
  const trusted = new Set(settings.trustedAuthors.map((author) => author.toLowerCase()))
  const isApproved = (author: string | null) =>
    source === 'list' || (author !== null && trusted.has(author.toLowerCase()))
  const priority = values.priority as number | undefined
  const ids = { new: [] as number[], changed: [] as number[], same: [] as number[], dropped: [] as number[] }
  const foreign: number[] = []
  const keys = new Set<string>()
  const now = Date.now()
  store.db.transaction(() => {
    for (const { isClosed, ...item } of items) {
      if (isClosed) continue // an open one of that key is found to be absent below
      keys.add(item.key)
      const added = store.backlog.add({ ...item, source, isApproved: isApproved(item.author), priority }, now)
      ids[added.change].push(added.id)
      if (added.change !== 'same' && !isApproved(item.author)) foreign.push(added.id)
    }
    const closed = new Set(items.filter((item) => item.isClosed).map(({ key }) => key))
    for (const id of store.backlog.absent(source, keys)) {
      const isGone = values.all === true || closed.has(store.backlog.get(id)!.key)
      if (!isGone) continue
      store.backlog.setState(id, 'dropped', now, CLOSED)
      ids.dropped.push(id)
    }
  })
  const hits = noteHits(store, [...ids.new, ...ids.changed])
  const linked = linkSame(store.backlog, [...ids.new, ...ids.changed])
  if (wire.flags.json) {
    wire.printJson({ source, ...ids, waitForApproval: foreign, linked, wereForecast: hits, leftOut })
    return 0
  }
  const done = items.filter(({ isClosed }) => isClosed).length
  const counts = [
    `${count(ids.new.length)} new`,
    ...(ids.changed.length > 0 ? [`${count(ids.changed.length)} changed`] : []),
    ...(ids.same.length > 0 ? [`${count(ids.same.length)} known`] : []),
    ...(done > 0 ? [`${count(done)} done`] : []),
    ...(ids.dropped.length > 0 ? [`${count(ids.dropped.length)} dropped from the backlog`] : []),
  ]
  wire.print(`${plural(items.length, 'request')} read: ${counts.join(', ')}`)
  if (hits.length > 0)
    wire.say(`${plural(hits.length, 'request')} of these had been forecast: repose backlog --forecasts --all`)
  for (const one of linked.slice(0, MOST_SHOWN)) wire.say(sayLinked(one))
  if (linked.length > MOST_SHOWN) wire.say(`and ${count(linked.length - MOST_SHOWN)} more that are the same twice`)
  for (const why of leftOut.slice(0, MOST_SHOWN)) wire.say(`left out: ${why}`)
  if (leftOut.length > MOST_SHOWN) wire.say(`left out: ${count(leftOut.length - MOST_SHOWN)} more`)
  if (foreign.length > 0)
    wire.say(
      `${plural(foreign.length, 'request')} of others may not be drafted before you approve: repose backlog, then repose backlog approve ID; or name authors in backlog.trustedAuthors of your configuration, and import again`,
    )
  return 0
}

/** Throws UserError if a list without an open request would drop every request of its source: the list may have failed to load. */
async function refuseToEmpty(
  store: Store,
  source: string,
  items: readonly { readonly isClosed: boolean }[],
): Promise<void> {
  const dropped = items.every(({ isClosed }) => isClosed) ? store.backlog.absent(source, new Set()).length : 0
  if (dropped === 0) return
  const { UserError } = await import('../../src/errors.ts')
  throw new UserError(
    `the list has no open request, so --all would drop the ${plural(dropped, 'request')} from ${source}`,
    'repose backlog import --all --yes drops them',
  )
}

async function listText(file: string | undefined, signal: AbortSignal): Promise<string> {
  const [{ UserError }, { readRegularText }] = await Promise.all([
    import('../../src/errors.ts'),
    import('../../src/files/read-regular.ts'),
  ])
  if (file === undefined)
    throw new UserError(
      'no list is given',
      'name a file, or "-" for standard input: gh issue list --json number,title,body,author,labels,url | repose backlog import -',
    )
  if (file !== '-') {
    const text = readRegularText(file, { maxBytes: MOST })
    if (text !== null) return text
    throw new UserError(
      `${file} cannot be read, or is larger than ${MOST / 1e6} MB`,
      'name a file with a list of issues',
    )
  }
  const { readInput } = await import('../request-text.ts')
  return readInput(signal, MOST, 'list')
}
