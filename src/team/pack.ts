import { createHash } from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { Refused } from './row.ts'

/** Limits of what a remote may hold: far above what a team writes, far below what harms. */
export const MOST_PACKED = 16 * 2 ** 20 // bytes of a pack as stored
export const MOST_UNPACKED = 32 * 2 ** 20
export const MOST_IN_ALL = 256 * 2 ** 20 // bytes of all packs, unpacked
export const MOST_PACKS = 200

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

/** The lines of a pack. Unpacks no more than `most` bytes. Throws Refused if it is too large or damaged, or its content is not what its name says. */
export function linesOf(name: string, bytes: Buffer, most = MOST_UNPACKED): string[] {
  let text: Buffer
  try {
    text = brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, Math.min(most, MOST_UNPACKED)) })
  } catch (error) {
    const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new Refused(isLarge ? 'it unpacks to more than a store may hold' : 'it cannot be unpacked')
  }
  if (nameOf(text) !== name) throw new Refused('its content is not what its name says')
  return text.toString('utf8').split('\n').filter(Boolean)
}

function nameOf(text: Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}
