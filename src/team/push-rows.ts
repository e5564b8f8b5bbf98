import { setTimeout } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import type { StoreRemote } from '../repo/store-remote.ts'
import { packsOf } from './pack.ts'
import { ABOUT, type PacksRead, readStore, type StoredRows, VERSION } from './read-store.ts'
import { isNewer, type NamedRow } from './row.ts'

const MOST_SMALL_PACKS = 20 // more are joined: each fetch and each push lists them all
const DEAD = 0.5 // share of the bytes that no row needs any more
const ATTEMPTS = 12
const WAIT_MS = 150 // times the number of the attempt, at most, chosen at random

export interface PushOptions {
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: number
  readonly isDry: boolean
  /** Whether a row is to stay when packs are joined. Asked only then. */
  readonly isKept: (rows: readonly NamedRow[]) => Promise<(row: NamedRow) => boolean>
}

export interface PushReport {
  readonly added: { readonly rows: number; readonly bytes: number; readonly packs: number }
  /** null: packs were not joined. */
  readonly compacted: {
    readonly packs: number
    readonly dropped: number
    readonly bytesBefore: number
    readonly bytesAfter: number
  } | null
  /** The store afterwards. */
  readonly store: { readonly rows: number; readonly packs: number; readonly bytes: number }
  readonly refused: ReadonlyMap<string, number>
  /** Pushes of others that came first. */
  readonly races: number
}

/**
 * Adds the rows that a store lacks, as new packs. Packs are joined when there are many, or when most of their bytes are old versions. The
 * ref changes only if it still names what was read (compare and swap); after a lost race all is read again, and both additions stay.
 *
 * Nothing that a remote holds changes before the one push, so that an end at any moment leaves it whole.
 */
export async function pushRows(
  remote: StoreRemote,
  own: readonly NamedRow[],
  { signal, now, isDry, isKept }: PushOptions,
): Promise<PushReport> {
  const read: PacksRead = new Map()
  for (let races = 0; races < ATTEMPTS; races++) {
    const stored = await readStore(remote, now, signal, read)
    const lacking = own.filter((one) => isLacking(one, stored.rows))
    const packs = packsOf(lacking.map(({ line }) => line))
    const added = { rows: lacking.length, bytes: sizeOf(packs), packs: packs.length }
    if (!mustCompact(stored, packs.length)) {
      const store = {
        rows: new Set([...stored.rows.keys(), ...lacking.map(({ key }) => key)]).size,
        packs: stored.packs.length + packs.length,
        bytes: stored.bytes + added.bytes,
      }
      const report = { added, compacted: null, store, refused: stored.refused, races }
      if (lacking.length === 0 || isDry) return report
      const blobs = new Map(stored.packs.map(({ file }) => [file.path, file.blob]))
      const commit = await commitPacks(remote, blobs, packs, `Add ${added.rows} rows`, stored.commit)
      const end = await remote.push(commit, stored.commit)
      if (end === 'done') return report
      // a fast-forward push is denied only if the ref has changed meanwhile
    } else {
      const all = newestOf([...stored.rows.values(), ...lacking])
      const keep = await isKept(all)
      const live = all.filter(keep)
      const joined = packsOf(live.map(({ line }) => line))
      const bytesAfter = sizeOf(joined)
      const report = {
        added,
        compacted: {
          packs: stored.packs.length,
          dropped: all.length - live.length,
          bytesBefore: stored.bytes + added.bytes,
          bytesAfter,
        },
        store: { rows: live.length, packs: joined.length, bytes: bytesAfter },
        refused: stored.refused,
        races,
      }
      if (isDry) return report
      const message = `Join ${stored.packs.length} packs`
      const alone = await commitPacks(remote, new Map(), joined, message, null)
      let end = await remote.push(alone, stored.commit)
      // without a parent the old packs can be collected; some remotes take only fast-forward pushes
      if (end === 'denied')
        end = await remote.push(await commitPacks(remote, new Map(), joined, message, stored.commit), stored.commit)
      if (end === 'done') return report
    }
    await setTimeout(Math.random() * WAIT_MS * (races + 1), undefined, { signal })
  }
  throw new UserError(
    `others pushed to the store on ${remote.name} each time, ${ATTEMPTS} times`,
    'push again: nothing is lost, here or there',
    { exitCode: 1 },
  )
}

function isLacking(one: NamedRow, stored: ReadonlyMap<string, NamedRow>): boolean {
  const there = stored.get(one.key)
  return !there || (isNewer(one, there) && contentOf(one) !== contentOf(there))
}

/** A row without its time: a recipe that was mined again at the same commit is not pushed again. */
function contentOf({ row }: NamedRow): string {
  return JSON.stringify({ ...row, at: 0 })
}

function newestOf(rows: readonly NamedRow[]): NamedRow[] {
  const newest = new Map<string, NamedRow>()
  for (const row of rows) {
    const before = newest.get(row.key)
    if (!before || isNewer(row, before)) newest.set(row.key, row)
  }
  return [...newest.values()]
}

/** A pack that nobody can read is left out then, too. */
function mustCompact({ packs, liveBytes, lineBytes, isDamaged }: StoredRows, more: number): boolean {
  if (packs.length === 0) return false
  if (isDamaged) return true
  return packs.length + more > MOST_SMALL_PACKS + lineBytes / 4_000_000 || liveBytes < DEAD * lineBytes
}

function sizeOf(packs: readonly { readonly bytes: Buffer }[]): number {
  return packs.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

async function commitPacks(
  remote: StoreRemote,
  blobs: ReadonlyMap<string, string>,
  packs: readonly { readonly name: string; readonly bytes: Buffer }[],
  message: string,
  parent: string | null,
): Promise<string> {
  const all = new Map(blobs)
  for (const { name, bytes } of packs) all.set(`packs/${name}.jsonl.br`, await remote.write(bytes))
  all.set(ABOUT, await remote.write(Buffer.from(`{"format": "repose store", "version": ${VERSION}}\n`)))
  return remote.commit(all, message, parent)
}
