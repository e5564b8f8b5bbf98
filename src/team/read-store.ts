import { UserError } from '../errors.ts'
import { breather } from '../processes/breathe.ts'
import type { StoreFile, StoreRemote } from '../repo/store-remote.ts'
import { parseJson } from '../text/parse-json.ts'
import { linesOf, MOST_IN_ALL, MOST_PACKED, MOST_PACKS, type Room } from './pack.ts'
import { isNewer, type NamedRow, Refused, readRow } from './row.ts'

export const VERSION = 1
export const ABOUT = 'store.json'
const PACK = /^packs\/([0-9a-f]{64})\.jsonl\.br$/
const MOST_ABOUT = 10_000 // bytes

export interface StoredPack {
  readonly name: string
  readonly file: StoreFile
}

/** What a remote holds. */
export interface StoredRows {
  /** null: there is no store yet. */
  readonly commit: string | null
  readonly packs: readonly StoredPack[]
  /** The newest row of each key, by key. */
  readonly rows: ReadonlyMap<string, NamedRow>
  /** Bytes of all packs as stored. */
  readonly bytes: number
  /** Bytes of the newest rows, and of all lines, unpacked. */
  readonly liveBytes: number
  readonly lineBytes: number
  /** Reasons why packs or rows are not taken, with their numbers. */
  readonly refused: ReadonlyMap<string, number>
  /** A pack could not be read: the cause may be here. */
  readonly isDamaged: boolean
}

/** What was read of packs before, by name. */
export type PacksRead = Map<string, PackRead>

interface PackRead {
  readonly rows: readonly NamedRow[]
  readonly refused: readonly string[]
  /** Of the unpacked text. */
  readonly bytes: number
}

/**
 * Gets a store and reads its packs, one by one. Every pack and every row is checked: nothing in it is trusted. Throws UserError if the ref
 * is no store of repose, or one of a newer version.
 */
export async function readStore(
  remote: StoreRemote,
  now: number,
  signal: AbortSignal,
  read: PacksRead = new Map(),
): Promise<StoredRows> {
  const stored = await readOnce(remote, now, signal, read)
  if (!stored.isDamaged) return stored
  await remote.forget() // once more, from the remote alone
  return readOnce(remote, now, signal, read)
}

async function readOnce(remote: StoreRemote, now: number, signal: AbortSignal, read: PacksRead): Promise<StoredRows> {
  const refused = new Map<string, number>()
  const refuse = (why: string, times = 1) => void refused.set(why, (refused.get(why) ?? 0) + times)
  const rows = new Map<string, NamedRow>()
  const commit = await remote.fetch()
  const none = { commit, packs: [], rows, bytes: 0, liveBytes: 0, lineBytes: 0, refused, isDamaged: false }
  if (commit === null) return none
  const { files, others } = await remote.files(commit)
  await requireStore(remote, files)
  const all = files.flatMap((file) => {
    const name = PACK.exec(file.path)?.[1]
    return name === undefined ? [] : [{ name, file }]
  })
  const strange = others + files.length - all.length - 1
  if (strange > 0) refuse('a file that is no pack', strange)
  if (all.length > MOST_PACKS) refuse(`a pack beyond the first ${MOST_PACKS}`, all.length - MOST_PACKS)
  const packs = all.slice(0, MOST_PACKS)
  let lineBytes = 0
  let isDamaged = false
  const isSmall = ({ file }: StoredPack) => file.bytes <= MOST_PACKED
  const large = packs.filter((pack) => !isSmall(pack)).length
  if (large > 0) refuse('pack: it is larger than a pack may be', large)
  const unread = packs.filter((pack) => isSmall(pack) && !read.has(pack.name))
  const contents = remote.read(unread.map(({ file }) => file))
  const room: Room = { left: MOST_IN_ALL }
  const breathe = breather(signal)
  for (const pack of packs.filter(isSmall)) {
    await breathe() // checkLines() does so for each row, and a pack may have none
    signal.throwIfAborted()
    try {
      const before = read.get(pack.name)
      if (before) room.left -= before.bytes
      const known = before ?? (await readPack(pack.name, (await contents.next()).value ?? null, room, now, signal))
      read.set(pack.name, known)
      for (const why of known.refused) refuse(`row: ${why}`)
      for (const one of known.rows) {
        lineBytes += Buffer.byteLength(one.line) + 1
        const before = rows.get(one.key)
        if (!before || isNewer(one, before)) rows.set(one.key, one)
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      isDamaged ||= !/more than a store may hold/.test(error.message)
      refuse(`pack: ${error.message}`)
    }
  }
  const liveBytes = [...rows.values()].reduce((sum, { line }) => sum + Buffer.byteLength(line) + 1, 0)
  const bytes = packs.reduce((sum, { file }) => sum + file.bytes, 0)
  return { ...none, packs, bytes, liveBytes, lineBytes, isDamaged }
}

async function readPack(
  name: string,
  bytes: Buffer | null,
  room: Room,
  now: number,
  signal: AbortSignal,
): Promise<PackRead> {
  if (bytes === null) throw new Refused('git cannot read it')
  const before = room.left
  const lines = linesOf(name, bytes, room)
  return { ...(await checkLines(lines, now, signal)), bytes: before - room.left }
}

/** Checks lines one by one. Returns the rows, and for each other line why it was refused. Throws the signal's reason when aborted. */
export async function checkLines(
  lines: readonly string[],
  now: number,
  signal: AbortSignal,
): Promise<{ rows: NamedRow[]; refused: string[] }> {
  const breathe = breather(signal)
  const checked = { rows: [] as NamedRow[], refused: [] as string[] }
  for (const line of lines) {
    const pause = breathe()
    if (pause) await pause
    try {
      checked.rows.push(readRow(line, now))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      checked.refused.push(error.message)
    }
  }
  return checked
}

/** Throws UserError unless the commit says that it is a store that this version can read. */
async function requireStore(remote: StoreRemote, files: readonly StoreFile[]): Promise<void> {
  const about = files.find(({ path }) => path === ABOUT)
  const { value } = about && about.bytes <= MOST_ABOUT ? await remote.read([about]).next() : { value: null }
  const version = value ? versionIn(value.toString('utf8')) : null
  if (version === null)
    throw new UserError(
      `${remote.ref} of ${remote.name} is no store of repose`,
      'see what it is; "store": {"ref": "refs/heads/repose-store"} in ~/.config/repose/config.json names another ref',
      { exitCode: 1 },
    )
  if (version > VERSION)
    throw new UserError(
      `the store on ${remote.name} is of version ${version}, written by a newer repose; this one reads version ${VERSION}`,
      'upgrade repose; nothing was read or changed',
      { exitCode: 1 },
    )
}

function versionIn(text: string): number | null {
  try {
    const { format, version } = parseJson(text) as { format?: unknown; version?: unknown }
    return format === 'repose store' && Number.isInteger(version) && (version as number) > 0
      ? (version as number)
      : null
  } catch {
    return null
  }
}
