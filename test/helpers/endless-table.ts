import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'

const INTERIOR = 5 // kind of page, in SQLite's file format
const LEAF = 13
const CHILDREN = 400
const DEEP = 10
const OF_FILE = 100 // bytes before the first page's own header

/** Changes a table of a database so that reading it takes for ever: each inner page of its tree names one page 400 times. It has some rows. */
export function makeEndless(path: string, table: string): void {
  const db = plain(path)
  const root = db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number
  db.close()
  const file = readFileSync(path)
  const size = file.readUInt16BE(16)
  const at = (root - 1) * size
  if (file[at] !== LEAF) throw new Error(`${table} is not on one page`)
  const first = file.length / size + 1 // number of the first new page
  const added = endlessTree(first, Buffer.from(file.subarray(at, at + size)))
  added.at(-1)!.copy(file, at)
  save(path, file, added)
}

/** Changes a database so that reading its schema never ends. SQLite reads the schema before anything else. */
export function makeEndlessSchema(path: string): void {
  const db = plain(path)
  const [name, table, root] = db
    .prepare(`SELECT name, tbl_name, rootpage FROM sqlite_master WHERE type = 'index' AND sql IS NULL`)
    .raw()
    .get() as [string, string, number]
  db.close()
  const file = readFileSync(path)
  const size = file.readUInt16BE(16)
  if (file[OF_FILE] !== INTERIOR) throw new Error('the schema is on one page')
  const first = file.length / size + 1
  const added = endlessTree(first, leafOf(['index', name, table, root, ''], size))
  // the last child of the first page becomes a cell of it, and the endless tree becomes the last child
  const cells = file.readUInt16BE(OF_FILE + 3)
  const last = file.readUInt32BE(OF_FILE + 8)
  const cell = file.readUInt16BE(OF_FILE + 5) - 6
  file.writeUInt32BE(last, cell)
  file.writeUInt16BE(0x8000 | 0x7f00, cell + 4) // any key
  file[cell + 5] = 0x7f
  file.writeUInt16BE(cell, OF_FILE + 12 + 2 * cells)
  file.writeUInt16BE(cells + 1, OF_FILE + 3)
  file.writeUInt16BE(cell, OF_FILE + 5)
  file.writeUInt32BE(first + added.length - 1, OF_FILE + 8)
  save(path, file, added)
}

function plain(path: string): Database.Database {
  const db = new Database(path)
  db.exec('PRAGMA journal_mode = DELETE')
  return db
}

/** Pages from number `first` on: the leaf, then pages of which each points 400 times at the one before it. */
function endlessTree(first: number, leaf: Buffer): Buffer[] {
  return [leaf, ...Array.from({ length: DEEP + 1 }, (_, depth) => inner(first + depth, leaf.length))]
}

function save(path: string, file: Buffer, added: readonly Buffer[]): void {
  const size = file.readUInt16BE(16)
  file.writeUInt32BE(file.length / size + added.length, 28) // number of pages
  file.copy(file, 92, 24, 28) // which is valid
  writeFileSync(path, Buffer.concat([file, ...added]))
}

function inner(child: number, size: number): Buffer {
  const page = Buffer.alloc(size)
  page[0] = INTERIOR
  page.writeUInt16BE(CHILDREN, 3)
  page.writeUInt32BE(child, 8)
  for (let i = 0; i < CHILDREN; i++) {
    const cell = size - 5 * (i + 1)
    page.writeUInt32BE(child, cell)
    page[cell + 4] = Math.min(i, 127)
    page.writeUInt16BE(cell, 12 + 2 * i)
  }
  page.writeUInt16BE(size - 5 * CHILDREN, 5)
  return page
}

/** A page with one row of short texts and small numbers. */
function leafOf(values: readonly (string | number)[], size: number): Buffer {
  const types = values.map((value) => (typeof value === 'string' ? 13 + 2 * value.length : 4))
  const header = [0, ...types.flatMap(varint)]
  header[0] = header.length
  const body = values.map((value) => {
    if (typeof value === 'string') return Buffer.from(value)
    const number = Buffer.alloc(4)
    number.writeUInt32BE(value)
    return number
  })
  const record = Buffer.concat([Buffer.from(header), ...body])
  const cell = Buffer.concat([Buffer.from([...varint(record.length), 1]), record])
  const page = Buffer.alloc(size)
  page[0] = LEAF
  page.writeUInt16BE(1, 3)
  page.writeUInt16BE(size - cell.length, 5)
  page.writeUInt16BE(size - cell.length, 8)
  cell.copy(page, size - cell.length)
  return page
}

const varint = (value: number) => (value < 128 ? [value] : [0x80 | (value >> 7), value & 127])
