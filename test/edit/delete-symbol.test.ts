import { expect, test } from 'vitest'
import { applyEdits } from '../../src/edit/apply-edits.ts'
import type { Edit } from '../../src/types.ts'
import { folderWith, messages, text } from './edit-fixture.ts'
import { realTools } from './real-tools.ts'

const removal = (path: string, symbol: string): Edit => ({ kind: 'symbol', path, symbol, where: 'delete', text: '' })

async function without(path: string, before: string, ...symbols: string[]): Promise<string> {
  const root = folderWith({ [path]: before })
  const outcome = await applyEdits(
    root,
    symbols.map((symbol) => removal(path, symbol)),
    realTools(root),
  )
  expect(outcome).toEqual({ ok: true, modified: [path], created: [], deleted: [] })
  return text(root, path)
}

const JS = `import x from 'x'

/** Adds. */
export function add(a, b) {
  return a + b
}

class Cart {
  /** Sum. */
  @memo
  total() {
    return 1
  }

  size() {
    return 2
  }
}
`

test('a function goes with its comment, and one blank line stays between its neighbours', async () => {
  expect(await without('a.ts', JS, 'add')).toBe(JS.replace(/\/\*\* Adds[^}]*}\n\n/, ''))
})

test('the first and the last method leave no blank line at the edge of the class', async () => {
  const onlySize = 'class Cart {\n  size() {\n    return 2\n  }\n}\n'
  expect((await without('a.ts', JS, 'Cart.total')).endsWith(onlySize)).toBe(true)
  expect((await without('a.ts', JS, 'Cart.size')).endsWith('  total() {\n    return 1\n  }\n}\n')).toBe(true)
  expect((await without('a.ts', JS, 'Cart.size', 'Cart.total')).endsWith('class Cart {\n}\n')).toBe(true)
})

test('the first, the last and the only definition of a file', async () => {
  const two = 'function a() {\n}\n\nfunction b() {\n}'
  expect(await without('a.js', two, 'a')).toBe('function b() {\n}')
  expect(await without('a.js', two, 'b')).toBe('function a() {\n}')
  expect(await without('a.js', `${two}\n`, 'b')).toBe('function a() {\n}\n')
  expect(await without('a.js', 'function a() {\n}\n', 'a')).toBe('')
})

test('one-liners without blank lines between, and CRLF', async () => {
  const list = "import x from 'x'\r\n\r\nconst a = 1\r\nconst b = 2\r\nconst c = 3\r\n\r\nfunction f() {\r\n}\r\n"
  expect(await without('a.js', list, 'b')).toBe(list.replace('const b = 2\r\n', ''))
  expect(await without('a.js', list, 'a')).toBe(list.replace('const a = 1\r\n', ''))
  expect(await without('a.js', list, 'c')).toBe(list.replace('const c = 3\r\n', ''))
})

test('Python: decorators over several lines, two blank lines, and the last method of a class', async () => {
  const py = `import os


# Runs.
@app.route(
    "/",
)
@cached
def run():
    return 1


class Cart:
    """All."""

    def total(self):
        return 1

    def size(self):
        return 2


def last():
    pass
`
  expect(await without('a.py', py, 'run')).toBe(py.replace(/# Runs[\s\S]*?return 1\n\n\n/, ''))
  expect(await without('a.py', py, 'Cart.size')).toBe(py.replace(/\n {4}def size.*\n.*\n/, ''))
  expect(await without('a.py', py, 'last')).toBe(py.replace(/\n\ndef last.*\n.*\n/, ''))
})

test('Rust attributes and Go comments go along', async () => {
  const rust = '/// A.\n#[derive(Debug)]\npub struct A {\n    x: u8,\n}\n\nfn b() {}\n'
  expect(await without('a.rs', rust, 'A')).toBe('fn b() {}\n')
  const go = 'package a\n\n// Add adds.\nfunc Add() int {\n\treturn 1\n}\n'
  expect(await without('a.go', go, 'Add')).toBe('package a\n')
})

test('what is not there, has no parser, shares its line, or would leave an empty block is refused', async () => {
  const root = folderWith({
    'a.ts': 'const a = 1, b = 2\n\nfunction f() {\n}\n',
    'a.md': '# a\n',
    'a.py': 'class A:\n    def only(self):\n        pass\n\n\nx = 1\n',
  })
  expect(
    await messages(
      root,
      [removal('a.ts', 'g'), removal('a.md', 'a'), removal('a.ts', 'b'), removal('a.py', 'A.only')],
      realTools(root),
    ),
  ).toEqual([
    "0 a.ts: symbol 'g' is not in a.ts; it has: a, b, f",
    '1 a.md: a.md has no symbols that can be addressed: use a replace edit',
    expect.stringMatching(/^2 a\.ts: b shares a line with a: use a replace edit/),
    '3 a.py: A.only is all that the block around it holds: use a replace edit',
  ])
})
