import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'

const INTERIOR = 5 // kind of page, in SQLite's file format
const LEAF = 13
const CHILDREN = 400
const DEEP = 10

/** Changes a table of a database so that reading it takes for ever: each inner page of its tree names one page 400 times. It has some rows. */
export function makeEndless(path: string, table: string): void {
  const db = new Database(path)
  db.exec('PRAGMA journal_mode = DELETE')
  const root = db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number
  db.close()
  const file = readFileSync(path)
  const size = file.readUInt16BE(16)
  const at = (root - 1) * size
  if (file[at] !== LEAF) throw new Error(`${table} is not on one page`)
  const first = file.length / size + 1 // number of the first new page
  const added = [Buffer.from(file.subarray(at, at + size))]
  for (let depth = 0; depth < DEEP; depth++) added.push(inner(first + depth, size))
  inner(first + DEEP, size).copy(file, at)
  file.writeUInt32BE(first + DEEP, 28) // number of pages
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
