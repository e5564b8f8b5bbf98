import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { addressable } from '../../agents/feature/headings.ts'
import { applyEdits, type EditTools } from '../../src/edit/apply-edits.ts'
import { editPermission } from '../../src/edit/permission.ts'
import { formProblem } from '../../src/edit/safe-path.ts'
import type { Edit } from '../../src/types.ts'
import { isWindows, modeHere, pathHere } from '../helpers/platform.ts'
import { folderWith, messages, snapshot, text, tools } from './edit-fixture.ts'

const replace = (path: string, find: string, replacement: string): Edit => ({
  kind: 'replace',
  path,
  find,
  replacement,
})

describe('a batch', () => {
  test('modifies, creates and deletes, and says which', async () => {
    const root = folderWith({ 'src/a.ts': 'one\ntwo\n', 'old.ts': 'old\n' })
    const outcome = await applyEdits(
      root,
      [
        replace('src/a.ts', 'two', 'TWO'),
        { kind: 'create', path: 'new/deep/b c.ts', text: 'new\n' },
        { kind: 'delete', path: 'old.ts' },
      ],
      tools,
    )
    expect(outcome).toEqual({ ok: true, modified: ['src/a.ts'], created: ['new/deep/b c.ts'], deleted: ['old.ts'] })
    expect(text(root, 'src/a.ts')).toBe('one\nTWO\n')
    expect(text(root, 'new/deep/b c.ts')).toBe('new\n')
    expect(existsSync(join(root, 'old.ts'))).toBe(false)
  })

  test('of many edits of a long text ends when its signal is aborted', async () => {
    const root = folderWith({ 'a.txt': `mark 0 end\n${'q\n'.repeat(1_000_000)}` })
    const before = snapshot(root)
    const edits = Array.from({ length: 100 }, (_, i) => replace('a.txt', `mark ${i} end`, `mark ${i + 1} end`))
    const ending = new AbortController()
    setTimeout(() => ending.abort(new Error('interrupted')), 100)
    await expect(applyEdits(root, edits, { ...tools, signal: ending.signal })).rejects.toThrow('interrupted')
    expect(snapshot(root)).toEqual(before)
  })

  test('without edits it changes nothing', async () => {
    expect(await applyEdits(folderWith(), [], tools)).toEqual({ ok: true, modified: [], created: [], deleted: [] })
  })

  test('edits to one file are applied in order, each seeing the one before', async () => {
    const root = folderWith({ 'a.ts': 'one\n' })
    const outcome = await applyEdits(
      root,
      [replace('a.ts', 'one', 'two'), replace('./a.ts', 'two', 'three'), replace('a.ts', 'three\n', 'three\nfour\n')],
      tools,
    )
    expect(outcome).toEqual({ ok: true, modified: ['a.ts'], created: [], deleted: [] })
    expect(text(root, 'a.ts')).toBe('three\nfour\n')
  })

  test('a replacement within a definition looks at nothing else; one of all places leaves none', async () => {
    const source = 'def a\n  return 1\n\ndef b\n  return 1\n\nreturn 1\n'
    const root = folderWith({ 'a.py': source, 'b.py': source })
    const within = { ...replace('a.py', 'return 1', 'return 2'), within: 'b' } as Edit
    const every = { ...replace('b.py', 'return 1', 'return 2'), every: true } as Edit
    expect(await applyEdits(root, [within, every], tools)).toMatchObject({ ok: true, modified: ['a.py', 'b.py'] })
    expect(text(root, 'a.py')).toBe('def a\n  return 1\n\ndef b\n  return 2\n\nreturn 1\n')
    expect(text(root, 'b.py')).toBe(source.replaceAll('return 1', 'return 2'))
    const everyAa = { ...replace('b.py', '\n\n', '\n'), every: true } as Edit
    expect(await messages(root, [{ ...within, within: 'c' } as Edit])).toEqual([
      "0 a.py: symbol 'c' is not in a.py; it has: a, b",
    ])
    expect(await messages(root, [{ ...within, find: 'return 7' } as Edit])).toEqual([
      expect.stringContaining('does not occur in a.py#b'),
    ])
    await applyEdits(root, [everyAa], tools)
    expect(text(root, 'b.py')).not.toContain('\n\n')
  })

  test('within a definition the text is looked for as in a file of its own', async () => {
    const source = 'def a\n  if x\n    go\n    stop\n\ndef d\n  if x\n    if y\n      go\n      stop\n'
    const root = folderWith({ 'a.py': source })
    const edit = { ...replace('a.py', '    go\n    stop', '    went\n    stop'), within: 'd' } as Edit
    expect(await applyEdits(root, [edit], tools)).toMatchObject({ ok: true })
    expect(text(root, 'a.py')).toBe(source.replace('      go', '      went'))
  })

  test('a section is its heading and what follows: what stands above is not touched, and one of many is not guessed', async () => {
    const page = '# Changelog\n\n## 2.0\n* a\n* b\n## 1.0\n* c\n'
    const own: EditTools = { ...tools, symbolsOf: async (_, source) => addressable(source.split('\n')) }
    const edit = (where: 'before' | 'after' | 'delete' | 'replace', symbol: string): Edit => ({
      kind: 'symbol',
      path: 'C.md',
      symbol,
      where,
      text: where === 'delete' ? '' : '## 1.5\n* new',
    })
    const edited = async (one: Edit) => {
      const root = folderWith({ 'C.md': page })
      expect(await applyEdits(root, [one], own)).toMatchObject({ ok: true })
      return text(root, 'C.md')
    }
    expect(await edited(edit('delete', '1.0'))).toBe('# Changelog\n\n## 2.0\n* a\n* b\n')
    expect(await edited(edit('delete', '## 2.0'))).toBe('# Changelog\n\n## 1.0\n* c\n')
    expect(await edited(edit('before', '1.0'))).toBe(page.replace('## 1.0', '## 1.5\n* new\n\n## 1.0'))
    expect(await edited(edit('after', '1.0'))).toBe(`${page}\n## 1.5\n* new\n`)
    expect(await edited(edit('replace', '2.0'))).toBe(page.replace('## 2.0\n* a\n* b', '## 1.5\n* new'))
    const twice = folderWith({ 'C.md': '## A\n### Added\nx\n## B\n### Added\nx\n' })
    expect(await messages(twice, [edit('after', 'Added')], own)).toEqual([
      "0 C.md: 'Added' is in C.md 2 times (lines 2, 5): use a replace edit with text that occurs once",
    ])
  })

  test('a name may stand in quotes, and a heading without its marks', async () => {
    const root = folderWith({ 'a.md': '## `one`\ntext\n' })
    const own: EditTools = {
      ...tools,
      symbolsOf: async () => [{ qualified: '## `one`', lines: { first: 1, last: 2 } }],
    }
    for (const symbol of ['## `one', 'one', '"## one"', '`one`']) {
      const edit: Edit = { kind: 'symbol', path: 'a.md', symbol, where: 'after', text: `after ${symbol}` }
      expect(await applyEdits(root, [edit], own)).toMatchObject({ ok: true })
    }
  })

  test('edits to one file through two folders that are the same one do not overwrite each other', async () => {
    const root = folderWith({ 'real/a.ts': 'one\ntwo\n' })
    symlinkSync('real', join(root, 'link'), 'junction')
    await applyEdits(root, [replace('real/a.ts', 'one', 'ONE'), replace('link/a.ts', 'two', 'TWO')], tools)
    expect(text(root, 'real/a.ts')).toBe('ONE\nTWO\n')
  })

  test('one bad edit and nothing is written; every problem is reported at once', async () => {
    const root = folderWith({ 'a.ts': 'one\none\n', 'b.ts': 'x\n' })
    expect(
      await messages(root, [
        replace('b.ts', 'x', 'y'),
        replace('a.ts', 'one', 'two'),
        { kind: 'create', path: 'c.ts', text: '' },
        { kind: 'create', path: 'b.ts', text: '' },
        replace('../x', 'a', 'b'),
      ]),
    ).toEqual([
      '1 a.ts: find text occurs 2 times in a.ts (lines 1, 2): add surrounding lines to make it unique, name the definition that holds it (path#Name), or replace all',
      '3 b.ts: b.ts exists already: use a replace edit, or delete it first in the same batch',
      "4 ../x: path leaves the repository: '..' is not allowed in it",
    ])
  })

  test('a problem in a file where an earlier edit failed says so', async () => {
    const root = folderWith({ 'a.ts': 'one\n' })
    const [, second] = await messages(root, [replace('a.ts', 'zzz', 'two'), replace('a.ts', 'two', 'three')])
    expect(second).toMatch(/^1 a\.ts: .*\(this may follow from the problem with edit 0\)$/s)
  })

  test('edits that cancel out write nothing and are in no list', async () => {
    const root = folderWith({ 'a.ts': 'one\n' })
    const { mtimeMs, ino } = statSync(join(root, 'a.ts'))
    const edits: Edit[] = [
      replace('a.ts', 'one', 'two'),
      replace('a.ts', 'two', 'one'),
      { kind: 'create', path: 'b.ts', text: '' },
      { kind: 'delete', path: 'b.ts' },
    ]
    expect(await applyEdits(root, edits, tools)).toEqual({ ok: true, modified: [], created: [], deleted: [] })
    expect(statSync(join(root, 'a.ts'))).toMatchObject({ mtimeMs, ino })
    expect(existsSync(join(root, 'b.ts'))).toBe(false)
  })

  test('deleted and created again is modified; gone is gone for later edits', async () => {
    const root = folderWith({ 'a.ts': 'one\n' })
    const again: Edit[] = [
      { kind: 'delete', path: 'a.ts' },
      { kind: 'create', path: 'a.ts', text: 'new\n' },
    ]
    expect(await messages(root, [again[0]!, replace('a.ts', 'one', 'two')])).toEqual([
      '1 a.ts: a.ts was deleted by an earlier edit of this batch',
    ])
    expect(await applyEdits(root, again, tools)).toEqual({ ok: true, modified: ['a.ts'], created: [], deleted: [] })
  })

  test('a file and a folder of one name in a batch are refused before anything is written', async () => {
    const root = folderWith()
    const [problem] = await messages(root, [
      { kind: 'create', path: 'a/b.ts', text: '' },
      { kind: 'create', path: 'a', text: '' },
    ])
    expect(problem).toBe('1 a: a and a/b.ts cannot both be files: one is a folder of the other')
  })

  test('when writing fails midway, what was written is put back and the error is thrown', async () => {
    const root = folderWith({ 'a.ts': 'one\n', 'gone.ts': 'gone\n', 'z/z.ts': 'one\n' })
    chmodSync(join(root, 'a.ts'), 0o750)
    const before = snapshot(root)
    const sabotage: EditTools = {
      ...tools,
      syntaxErrors: async () => {
        rmSync(join(root, 'z/z.ts'), { force: true })
        mkdirSync(join(root, 'z/z.ts/full'), { recursive: true })
        return []
      },
    }
    const edits: Edit[] = [
      replace('a.ts', 'one', 'two'),
      { kind: 'delete', path: 'gone.ts' },
      { kind: 'create', path: 'new/deep/x.ts', text: 'x' },
      replace('z/z.ts', 'one', 'two'),
    ]
    await expect(applyEdits(root, edits, sabotage)).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
    const after = snapshot(root)
    for (const path of ['/a.ts', '/gone.ts']) expect(after[path]).toBe(before[path])
    expect(existsSync(join(root, 'new'))).toBe(false)
    expect(Object.keys(after).filter((path) => path.includes('.repose-'))).toEqual([])
  })
})

describe('what stays as it was', () => {
  test('line endings: CRLF, LF, and in a mixed file those of the place', async () => {
    const root = folderWith({
      'crlf.ts': 'one\r\ntwo\r\nthree\r\n',
      'mixed.ts': 'one\r\ntwo\r\nthree\nfour\n',
      'lf.ts': 'one\ntwo\n',
    })
    const edits = [
      replace('crlf.ts', 'one\ntwo', 'ONE\nand\nTWO'),
      replace('crlf.ts', 'three', '3\n4'),
      replace('mixed.ts', 'two', '2\n2'),
      replace('mixed.ts', 'three\nfour', '3\n4'),
      replace('lf.ts', 'one\r\ntwo', '1\r\n2'),
    ]
    expect((await applyEdits(root, edits, tools)).ok).toBe(true)
    expect(text(root, 'crlf.ts')).toBe('ONE\r\nand\r\nTWO\r\n3\r\n4\r\n')
    expect(text(root, 'mixed.ts')).toBe('one\r\n2\r\n2\r\n3\n4\n')
    expect(text(root, 'lf.ts')).toBe('1\n2\n')
  })

  test('byte order mark and a missing final newline', async () => {
    const root = folderWith({ 'a.ts': '\uFEFFone\ntwo' })
    await applyEdits(root, [replace('a.ts', 'one\n', 'ONE\n'), replace('a.ts', 'two\n', 'TWO\n')], tools)
    expect(text(root, 'a.ts')).toBe('\uFEFFONE\nTWO')
  })

  test('the executable bit, and the mode of other files', async () => {
    const root = folderWith({ 'run.sh': 'one\n', 'b.txt': 'one\n' })
    chmodSync(join(root, 'run.sh'), 0o755)
    chmodSync(join(root, 'b.txt'), 0o640)
    await applyEdits(root, [replace('run.sh', 'one', 'two'), replace('b.txt', 'one', 'two')], tools)
    expect(statSync(join(root, 'run.sh')).mode & 0o777).toBe(modeHere(0o755))
    expect(statSync(join(root, 'b.txt')).mode & 0o777).toBe(modeHere(0o640))
  })

  test('files that are not UTF-8 text are refused, but may be deleted', async () => {
    const root = folderWith({
      'latin1.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9]),
      'utf16.txt': Buffer.from('one', 'utf16le'),
      'cut.txt': Buffer.from('é').subarray(0, 1),
    })
    expect(
      await messages(
        root,
        ['latin1.txt', 'utf16.txt', 'cut.txt'].map((path) => replace(path, 'c', 'd')),
      ),
    ).toEqual([
      '0 latin1.txt: latin1.txt is not UTF-8 text',
      '1 utf16.txt: utf16.txt is not UTF-8 text',
      '2 cut.txt: cut.txt is not UTF-8 text',
    ])
    const outcome = await applyEdits(root, [{ kind: 'delete', path: 'latin1.txt' }], tools)
    expect(outcome).toEqual({ ok: true, modified: [], created: [], deleted: ['latin1.txt'] })
  })

  test('names with spaces, quotes, a line break and letters of any script', async () => {
    const valid = ['a b.ts', 'it\'s "x".ts', 'two\nlines.ts', 'größe/日本.ts', '-rf', '$HOME.ts'].map(pathHere)
    const names = [...valid, 'a:b c.ts']
    const root = folderWith(Object.fromEntries((isWindows ? valid : names).map((name) => [name, 'one\n'])))
    const outcome = await applyEdits(
      root,
      names.map((name) => replace(name, 'one', 'tür')),
      tools,
    )
    // 'a:b' looks like a drive
    expect(outcome).toMatchObject({ ok: false, problems: [{ edit: 6 }] })
    expect(
      (
        await applyEdits(
          root,
          valid.map((name) => replace(name, 'one', 'tür')),
          tools,
        )
      ).ok,
    ).toBe(true)
    for (const name of valid) expect(text(root, name)).toBe('tür\n')
  })
})

describe('messages a model can act on', () => {
  test('text that does not occur comes with the closest place', async () => {
    const filler = Array.from({ length: 38 }, (_, i) => `const filler${i} = ${i}`)
    const body = [
      'function total(cart) {',
      '  let sum = 0',
      '  for (const item of cart) sum += item.price',
      '  return sum',
      '}',
    ]
    const root = folderWith({ 'a.ts': `${[...filler, ...body, ...filler].join('\n')}\n` })
    const find = 'function total(cart) {\n  let sum = 0\n  for (const item of cart) sum += item.cost\n  return sum\n}'
    expect(await messages(root, [replace('a.ts', find, 'x')])).toEqual([
      `0 a.ts: find text does not occur in a.ts; the closest place is lines 39-43:\n${body.join('\n')}`,
    ])
    expect(await messages(root, [replace('a.ts', '  retrun sum', 'x')])).toEqual([
      '0 a.ts: find text does not occur in a.ts; the closest place is line 42:\n  return sum',
    ])
    expect(await messages(root, [replace('a.ts', 'ZZZZ!', 'x')])).toEqual([
      '0 a.ts: find text does not occur in a.ts, nor anything like it',
    ])
  })

  test('empty find and edits that change nothing', async () => {
    const root = folderWith({ 'a.ts': 'one\n' })
    expect(await messages(root, [replace('a.ts', '', 'x'), replace('a.ts', 'one', 'one')])).toEqual([
      '0 a.ts: find is empty: give the text to replace, or use a create edit for a new file',
      '1 a.ts: find and replacement are the same: nothing would change (this may follow from the problem with edit 0)',
    ])
    expect(await messages(root, [replace('a.ts', 'one  ', 'one')])).toEqual([
      '0 a.ts: the replacement is what stands there already: nothing would change',
    ])
  })

  test('a path that does not exist names those that are like it', async () => {
    const root = folderWith({ 'src/cart/total.ts': '', 'src/totals.ts': '', 'node_modules/x/total.ts': '' })
    expect(await messages(root, [replace('src/total.ts', 'a', 'b')])).toEqual([
      '0 src/total.ts: src/total.ts does not exist; did you mean src/cart/total.ts?',
    ])
    expect(await messages(root, [replace('src/totlas.ts', 'a', 'b'), { kind: 'delete', path: 'zzzzzzzzz' }])).toEqual([
      '0 src/totlas.ts: src/totlas.ts does not exist; did you mean src/totals.ts?',
      '1 zzzzzzzzz: zzzzzzzzz does not exist',
    ])
  })

  test('an unknown symbol lists those there are', async () => {
    const root = folderWith({ 'a.ts': 'function total() {\n}\n\nfunction add() {\n}\n', 'b.md': 'text\n' })
    const edit = { kind: 'symbol', symbol: 'totl', where: 'replace', text: 'x' } as const
    expect(
      await messages(root, [
        { ...edit, path: 'a.ts' },
        { ...edit, path: 'b.md' },
      ]),
    ).toEqual([
      "0 a.ts: symbol 'totl' is not in a.ts; it has: total, add",
      '1 b.md: b.md has no symbols that can be addressed: use a replace edit',
    ])
    const many = Array.from({ length: 90 }, (_, i) => `const name${i} = 1;`).join('\n')
    const [long] = await messages(folderWith({ 'a.ts': many }), [{ ...edit, path: 'a.ts', symbol: 'nam88' }])
    expect(long).toMatch(/it has: name8, name88, .*, \.\.\.$/)
    expect(long!.length).toBeLessThan(600)
  })

  test('new syntax errors are refused with the line, old ones are no obstacle', async () => {
    const root = folderWith({ 'a.ts': 'one\n@@ old\ntwo\n' })
    expect(await messages(root, [replace('a.ts', 'two', 'two\n  @@ new')])).toEqual([
      '0 a.ts: the new text has a syntax error at line 4: @@ new',
    ])
    expect(await messages(root, [{ kind: 'create', path: 'b.ts', text: 'fine\n@@ bad\n' }])).toEqual([
      '0 b.ts: the new text has a syntax error at line 2: @@ bad',
    ])
    expect((await applyEdits(root, [replace('a.ts', 'two', 'three')], tools)).ok).toBe(true)
    const several = [replace('a.ts', 'one', 'uno'), replace('a.ts', 'three', '@@ new'), replace('a.ts', 'uno', 'un')]
    const around = '1: un\n2: @@ old\n3: @@ new\n4: '
    expect(await applyEdits(root, several, tools)).toMatchObject({
      problems: [
        { edit: 1, around },
        { edit: 2, around }, // it cannot be applied alone
      ],
    })
    const inSteps = [replace('a.ts', 'three', '@@ for a moment'), replace('a.ts', '@@ for a moment', 'four')]
    expect((await applyEdits(root, inSteps, tools)).ok).toBe(true)
  })

  test('allow refuses in its own words', async () => {
    const root = folderWith({ 'a.ts': 'one\n', 'b.ts': 'one\n' })
    const guarded: EditTools = { ...tools, allow: (path) => (path === 'b.ts' ? null : 'you have not opened it') }
    expect(await messages(root, [replace('./a.ts', 'one', 'two'), replace('b.ts', 'one', 'two')], guarded)).toEqual([
      '0 ./a.ts: you have not opened it',
    ])
  })

  test('text that UTF-8 or a text file cannot hold', async () => {
    const create = (content: string): Edit => ({ kind: 'create', path: 'a.ts', text: content })
    expect(await messages(folderWith(), [create('a\ud800b')])).toEqual([
      '0 a.ts: the new text holds half of a surrogate pair, which UTF-8 cannot express',
    ])
    expect(await messages(folderWith(), [create('a\0b')])).toEqual(['0 a.ts: the new text holds a NUL character'])
    const root = folderWith()
    await applyEdits(root, [create('😀\n')], tools)
    expect(readFileSync(join(root, 'a.ts')).toString('hex')).toBe('f09f98800a')
  })
})

describe('paths', () => {
  test('what leaves the repository, reaches .git or is no file is refused', async () => {
    const outside = folderWith({ 'secret.txt': 'one\n' })
    const root = folderWith({ 'a.ts': 'one\n', 'sub/.git/config': 'one\n', '.git/config': 'one\n', 'folder/x': '' })
    for (const [link, to] of [
      ['out', outside],
      ['dot', '.git'],
      ['broken', 'nowhere'],
    ] as const)
      symlinkSync(to, join(root, link), 'junction')
    if (!isWindows) {
      symlinkSync(join(outside, 'secret.txt'), join(root, 'out.txt')) // Windows wants a privilege for it
      symlinkSync('a.ts', join(root, 'in.ts'))
    }
    const cases: [string, RegExp][] = [
      ['../secret.txt', /leaves the repository/],
      ['folder/../../secret.txt', /leaves the repository/],
      ['folder/../a.ts', /'\.\.' is not allowed/],
      ['/etc/passwd', /absolute/],
      ['C:/x', /absolute/],
      ['c:x', /absolute/],
      ['\\\\server\\x', /'\\'/],
      ['..\\x', /'\\'/],
      ['a\0.ts', /NUL/],
      ['', /empty/],
      ['.', /empty/],
      ['./', /empty/],
      ['.git/config', /inside '\.git'/],
      ['.GIT/config', /inside '\.git'/],
      ['sub/.git/config', /inside '\.git'/],
      ['.git', /inside '\.git'/],
      ['git~1/config', /inside '\.git'/],
      ['.git. /config', /inside '\.git'/],
      ['.g\u200cit/config', /inside '\.git'/],
      ['.git::$INDEX_ALLOCATION/config', /inside '\.git'/],
      ['dot/config', /inside '\.git'/],
      ['out/secret.txt', /leaves the repository through a symbolic link/],
      ['out/new.txt', /leaves the repository through a symbolic link/],
      ['out/new/deep.txt', /leaves the repository through a symbolic link/],
      ...(isWindows ? [] : ['out.txt', 'in.ts']).map((path): [string, RegExp] => [path, /symbolic link/]),
      ['broken', /symbolic link/],
      ['broken/x.ts', /broken symbolic link/],
      ['a.ts/b.ts', /a\.ts is a file, not a folder/],
      ['folder', /is a folder/],
      ['x'.repeat(300), /longer than 255/],
      [`${'d/'.repeat(100)}x`, /more than 100 parts/],
    ]
    const secret = snapshot(outside)
    for (const [path, expected] of cases) {
      for (const edit of [
        replace(path, 'one', 'two'),
        { kind: 'create', path, text: 'two\n' },
        { kind: 'delete', path },
        { kind: 'symbol', path, symbol: 'x', where: 'after', text: 'y' },
      ] satisfies Edit[]) {
        const [message] = await messages(root, [edit])
        expect(message, `${edit.kind} ${JSON.stringify(path)}`).toMatch(expected)
      }
    }
    expect(snapshot(outside)).toEqual(secret)
  })

  test('what Windows gives another meaning, or none, is refused there and only there', () => {
    for (const path of [
      ...['a?.ts', 'src/*.ts', 'a<b', 'a>b', 'x "y".ts', 'a|b', 'a.ts:stream', 'two\nlines', 'ends.', 'folder. /a.ts'],
      ...['nul', 'src/CON.ts', 'aux.tar.gz', 'com1/x', 'lpt9', 'prn .txt'],
    ]) {
      expect(formProblem(path, 'win32'), path).toMatch(/^Windows allows no name like "/)
      expect(formProblem(path, 'linux'), path).toBe(null)
    }
    for (const path of [
      'src/a.ts',
      './a b.ts',
      'console.ts',
      'com10',
      'com0',
      '.github/x',
      'null',
      'größe/日本.ts',
      '',
    ])
      expect(formProblem(path, 'win32'), path).toBe(null)
    expect(formProblem('back\\slash.ts', 'win32')).toMatch(/separate folders by '\/'/)
    expect(formProblem('back\\slash.ts', 'linux')).toBe(null)
    expect(formProblem('.git. /config', 'win32')).toBe("path is inside '.git'")
  })

  test('.gitignore, .github and names that begin with .git are no part of what git keeps', async () => {
    const root = folderWith({ '.gitignore': 'one\n', '.github/x.yml': 'one\n', '.gitmodules': 'one\n' })
    const paths = ['.gitignore', '.github/x.yml', '.gitmodules']
    const permission = editPermission({ request: null, allowed: ['.gitignore', '.gitmodules'] })
    expect(
      (
        await applyEdits(
          root,
          paths.map((path) => replace(path, 'one', 'two')),
          { ...tools, permission },
        )
      ).ok,
    ).toBe(true)
  })

  test('a root that is itself reached through a symbolic link works', async () => {
    const real = folderWith({ 'a.ts': 'one\n' })
    const link = join(folderWith(), 'link')
    symlinkSync(real, link, 'junction')
    expect((await applyEdits(link, [replace('a.ts', 'one', 'two')], tools)).ok).toBe(true)
    expect(text(real, 'a.ts')).toBe('two\n')
  })
})
