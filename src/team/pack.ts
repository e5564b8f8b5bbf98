import { createHash } from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { Refused } from './row.ts'

/** Limits of what a remote may hold: far above what a team writes, far below what harms. */
export const MOST_PACKED = 16 * 2 ** 20 // bytes of a pack as stored
export const MOST_UNPACKED = 32 * 2 ** 20
export const MOST_IN_ALL = 256 * 2 ** 20 // bytes of all packs, unpacked
export const MOST_PACKS = 200

const LEAST_LINE = 100 // bytes: a row begins with a hash of 64 digits
const FEW = 1000 // lines that may be shorter

const FULL = 8 * 2 ** 20 // bytes; more rows begin another pack
const QUALITY = 6 // of 11; measured on summaries: 9 is a tenth smaller and takes four times as long

/** Rows as they are stored: lines, compressed. `name` is the sha-256 of the lines. */
export interface StorePack {
  readonly name: string
  readonly bytes: Buffer
  readonly rows: number
}

/** Lines in the order of their hashes, so that the same rows make the same packs. */
export function packsOf(lines: readonly string[]): StorePack[] {
  const packs: StorePack[] = []
  let some: string[] = []
  let size = 0
  const close = () => {
    if (some.length > 0) packs.push(packOf(some))
    some = []
    size = 0
  }
  for (const line of [...lines].sort()) {
    size += Buffer.byteLength(line) + 1
    if (size > FULL && some.length > 0) {
      close()
      size = Buffer.byteLength(line) + 1
    }
    some.push(line)
  }
  close()
  return packs
}

function packOf(lines: readonly string[]): StorePack {
  const text = Buffer.from(`${lines.join('\n')}\n`)
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
  return { name: nameOf(text), bytes: brotliCompressSync(text, { params }), rows: lines.length }
}

/** How much may still be unpacked. Good and bad packs share it. */
export interface Room {
  /** Bytes. */
  left: number
}

/**
 * The lines of a pack. Unpacks no more than there is room for, and takes what it unpacks from the room. Throws Refused if it is too large or
 * damaged, or its content is not what its name says.
 */
export function linesOf(name: string, bytes: Buffer, room: Room): string[] {
  const most = Math.max(1, Math.min(room.left, MOST_UNPACKED))
  let text: Buffer
  try {
    text = brotliDecompressSync(bytes, { maxOutputLength: most })
  } catch (error) {
    const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    if (isLarge) room.left -= most
    throw new Refused(isLarge ? 'it unpacks to more than a store may hold' : 'it cannot be unpacked')
  }
  room.left -= text.length
  if (nameOf(text) !== name) throw new Refused('its content is not what its name says')
  return rowLines(text.toString('utf8'))
}

/** The lines of a text that are not blank. Throws Refused if it has too many to be rows, since each line costs time and memory. */
export function rowLines(text: string): string[] {
  const most = FEW + text.length / LEAST_LINE
  const lines: string[] = []
  let count = 0
  for (let at = 0; at < text.length; ) {
    if (++count > most) throw new Refused('its lines are too short for rows')
    const found = text.indexOf('\n', at)
    const end = found < 0 ? text.length : found
    const line = text.slice(at, end)
    if (line.trim() !== '') lines.push(line)
    at = end + 1
  }
  return lines
}

function nameOf(text: Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}
