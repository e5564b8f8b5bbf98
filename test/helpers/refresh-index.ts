import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isWindows } from './platform.ts'

const ENTRIES_AT = 12 // bytes: 'DIRC', version, number of entries
const STATE = 40 // bytes: what git knows of the file on the disk
const PATH_AT = STATE + 22 // after the blob's SHA-1 and the flags
const OLDER = 2 // seconds

/**
 * Does without a process what `git update-index -q --refresh` does in a fresh copy of a repository that has no uncommitted changes: it
 * writes the inodes and times of the copied files into the index. The files become two seconds older than the index, because git reads
 * the contents of files that are as young as the index.
 */
export function refreshIndex(root: string): void {
  const file = join(root, '.git/index')
  const index = readFileSync(file)
  // git for Windows has numbers of its own for what lstat tells; versions 3 and 4 have other entries
  if (isWindows || index.readUInt32BE(4) !== 2) {
    execFileSync('git', ['update-index', '-q', '--refresh'], { cwd: root })
    return
  }
  const time = Math.floor(Date.now() / 1000) - OLDER
  let at = ENTRIES_AT
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const end = index.indexOf(0, at + PATH_AT)
    putState(index, at, join(root, index.toString('utf8', at + PATH_AT, end)), time)
    at += ((end - at) & ~7) + 8 // one to eight NUL bytes end an entry
  }
  const body = index.subarray(0, -20)
  createHash('sha1').update(body).digest().copy(index, body.length)
  writeFileSync(file, index)
}

function putState(index: Buffer, at: number, path: string, time: number): void {
  const type = index.readUInt32BE(at + 24) >>> 12
  if (type === 0o16) return // a submodule
  if (type === 0o10) utimesSync(path, time, time) // not through a link
  const { ctimeNs, mtimeNs, dev, ino, uid, gid, size } = lstatSync(path, { bigint: true })
  const state = [...[ctimeNs, mtimeNs].flatMap((ns) => [ns / 1_000_000_000n, ns % 1_000_000_000n]), dev, ino]
  for (const [i, value] of state.entries()) index.writeUInt32BE(Number(BigInt.asUintN(32, value)), at + 4 * i)
  for (const [i, value] of [uid, gid, size].entries()) // the mode between stays as it is
    index.writeUInt32BE(Number(BigInt.asUintN(32, value)), at + 28 + 4 * i)
}
