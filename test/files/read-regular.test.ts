import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRegular, readRegularText } from '../../src/files/read-regular.ts'
import { isWindows, removeFolder } from '../helpers/platform.ts'

let folder: string
const at = (name: string) => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repose-regular-'))
})
afterAll(() => removeFolder(folder))

test('a regular file is read whole, and as text without its byte order mark', () => {
  writeFileSync(at('a.json'), '\uFEFF{"ä": 1}')
  expect(readRegularText(at('a.json'))).toBe('{"ä": 1}')
  expect(readRegular(at('a.json'))).toEqual(Buffer.from('\uFEFF{"ä": 1}'))
  writeFileSync(at('empty'), '')
  expect(readRegularText(at('empty'))).toBe('')
})

test('what is not there is absent, whatever the path', () => {
  writeFileSync(at('file'), '')
  for (const path of [at('none'), at('file/below'), at(`${'x'.repeat(300)}`), at('a\0b')])
    expect(readRegular(path)).toBe('absent')
})

describe.skipIf(isWindows)('what would hang, flood or do something', () => {
  test('a pipe that nobody writes, directly and through a link', () => {
    execFileSync('mkfifo', [at('pipe')])
    symlinkSync(at('pipe'), at('to-pipe'))
    expect(readRegular(at('pipe'))).toBe('not a regular file')
    expect(readRegular(at('to-pipe'))).toBe('a symbolic link')
    expect(readRegular(at('to-pipe'), { followLink: true })).toBe('not a regular file')
  })

  test.each(['/dev/zero', '/dev/tty', '/dev/random', '/dev/stdin', '/proc/kmsg'])('a link to %s', (device) => {
    const link = at(`to${device.replaceAll('/', '-')}`)
    symlinkSync(device, link)
    expect(readRegular(link)).toBe('a symbolic link')
    const followed = readRegular(link, { followLink: true })
    expect(typeof followed === 'string' || followed.length <= 1_000_000).toBe(true)
    if (device.startsWith('/dev/') && device !== '/dev/stdin') expect(followed).toMatch(/^(not a regular file|absent)$/)
  })

  test('a folder, and a socket', async () => {
    mkdirSync(at('folder'))
    expect(readRegular(at('folder'))).toBe('not a regular file')
    const server = createServer().listen(at('socket'))
    await new Promise((listening) => server.once('listening', listening))
    expect(readRegular(at('socket'))).toBe('not a regular file')
    server.close()
  })

  test('a sparse file of 2 GB, and one of a byte too many', () => {
    writeFileSync(at('sparse'), '')
    truncateSync(at('sparse'), 2 ** 31)
    expect(readRegular(at('sparse'))).toBe('too large')
    writeFileSync(at('eleven'), 'x'.repeat(11))
    expect(readRegular(at('eleven'), { maxBytes: 10 })).toBe('too large')
    expect(readRegularText(at('eleven'), { maxBytes: 11 })).toBe('x'.repeat(11))
  })

  test('a link to a file is followed only where it is allowed to be, and a circle of links never', () => {
    writeFileSync(at('real'), 'settings')
    symlinkSync(at('real'), at('link'))
    expect(readRegular(at('link'))).toBe('a symbolic link')
    expect(readRegularText(at('link'), { followLink: true })).toBe('settings')
    symlinkSync(at('circle'), at('circle'))
    expect(readRegular(at('circle'), { followLink: true })).toBe('a symbolic link')
  })

  test('a file of /proc, which says that it is empty', () => {
    if (process.platform === 'linux') expect(readRegularText('/proc/self/status')).toMatch(/^Name:/)
  })

  test.skipIf(process.getuid?.() === 0)('a file that may not be read', () => {
    writeFileSync(at('closed'), 'x')
    chmodSync(at('closed'), 0)
    expect(readRegular(at('closed'))).toBe('not readable')
  })
})

test.skipIf(isWindows)('of a file that grows while it is read, no more than the limit', async () => {
  const path = at('growing')
  writeFileSync(path, '')
  const writer = spawn('sh', ['-c', 'exec yes >> "$0"', path])
  await once(writer, 'spawn')
  try {
    let read: ReturnType<typeof readRegular>
    do {
      read = readRegular(path, { maxBytes: 20_000_000 })
      expect(typeof read === 'string' || read.length <= 20_000_000).toBe(true)
    } while (read !== 'too large')
  } finally {
    writer.kill('SIGKILL')
  }
})
