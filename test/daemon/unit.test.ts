import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unitOf } from '../../src/daemon/unit.ts'
import { programPath } from '../../src/processes/program-path.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const ROOTS = [
  '/shop\n[Service]\nExecStartPre=/bin/sh -c "touch /tmp/x"\n#',
  '/say "hi"\\',
  "/it's 100% %h $HOME $$",
  '/trailing space ',
  '/tab\tand\rreturn\u007f',
  '/a & <b> ]]> größe',
]
const unit = (platform: 'linux' | 'darwin', root: string) =>
  unitOf({
    platform,
    roots: [root, '/other'],
    node: process.execPath,
    program: '/repose.js',
    log: `${root}/log`,
    model: '',
  })

/** The words of a line as systemd reads it (systemd.syntax, "Quoting"). */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) =>
    word!
      .replace(/\\(x[0-9a-f]{2}|.)/g, (_, one: string) =>
        one.length === 3 ? String.fromCharCode(Number.parseInt(one.slice(1), 16)) : one,
      )
      .replaceAll('%%', '%')
      .replaceAll('$$', '$'),
  )
}

describe('a systemd unit', () => {
  test.each(ROOTS)('holds the folder as one word of one line: %j', (root) => {
    const { text, name } = unit('linux', root)
    const lines = text.split('\n')
    const starts = lines.filter((line) => line.startsWith('ExecStart'))
    expect(starts).toHaveLength(1)
    expect(lines).toHaveLength(unit('linux', '/shop').text.split('\n').length)
    expect(wordsOf(starts[0]!)).toEqual([process.execPath, '/repose.js', 'watch', '--repo', root, '--also', '/other'])
    expect(name).toMatch(/^repose-watch-[\w-]+\.service$/)
    expect(/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text)).toBe(false)
  })

  const analyze = programPath('systemd-analyze')
  test.skipIf(!analyze)('is one that systemd takes', () => {
    const folder = scratchFolder()
    for (const [i, root] of ROOTS.entries()) {
      const file = join(folder, `repose-${i}.service`)
      writeFileSync(file, unit('linux', root).text)
      mkdirSync(join(folder, 'run'), { recursive: true })
      const { stderr } = spawnSync(analyze!, ['verify', '--user', '--man=no', file], {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: join(folder, 'run'), HOME: folder },
      })
      expect(stderr.split('\n').filter((line) => line.includes(file))).toEqual([])
    }
  })
})

describe('a property list of launchd', () => {
  test.each(ROOTS.slice(0, 4).concat(ROOTS[5]!))('holds the folder as one string: %j', (root) => {
    const { text } = unit('darwin', root)
    const strings = [...text.matchAll(/<string>([^<]*)<\/string>/g)].map(([, one]) =>
      one!.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
    )
    expect(strings).toContain(root)
    expect(strings).toContain(`${root}/log`)
    expect(text.replace(/<string>[^<]*<\/string>/g, '')).not.toContain('ExecStart')
    expect(text.split('\n')).toHaveLength(unit('darwin', '/shop').text.split('\n').length)
  })

  test('is refused where XML cannot hold the name', () => {
    expect(() => unit('darwin', '/bell\u0007')).toThrow('a property list of launchd cannot hold "/bell\\u0007"')
  })
})
