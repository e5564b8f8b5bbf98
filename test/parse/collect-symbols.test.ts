import { beforeAll, describe, expect, test } from 'vitest'
import { parseSource } from '../../src/parse/parse-source.ts'
import { prepareGrammars } from '../helpers/prepare-grammars.ts'

beforeAll(prepareGrammars)

const symbolsOf = (text: string, language = 'typescript') => parseSource(text, language).symbols
const namesOf = (text: string, language?: string) => symbolsOf(text, language).map((symbol) => symbol.qualified)
const docOf = (text: string, language?: string) => symbolsOf(text, language)[0]!.doc

describe('names', () => {
  test('a second symbol of a name ends in ~2, at the end of its whole name', () => {
    expect(namesOf('class A { get x() { return 1 } set x(v) {} }')).toEqual(['A', 'A.x', 'A.x~2'])
    expect(namesOf('class A:\n  def f(self): pass\nclass A:\n  def f(self): pass\n', 'python')).toEqual([
      'A',
      'A.f',
      'A~2',
      'A.f~2',
    ])
  })

  test('a name that looks numbered already does not collide with a numbered one', () => {
    const names = namesOf("it('a', () => {})\nit('a', () => {})\nit('a~2', () => {})\nit('a', () => {})")
    expect(names).toEqual(['a', 'a~2', 'a~2~2', 'a~3'])
  })

  test('receivers, prototypes and out-of-line definitions are part of the name', () => {
    expect(namesOf('package p\nfunc (s *Server[T]) Start() {}\nfunc (Server) Stop() {}', 'go')).toEqual([
      'Server.Start',
      'Server.Stop',
    ])
    expect(namesOf('Cart.prototype.total = function () {}\nCart.of = () => 1', 'javascript')).toEqual([
      'Cart.total',
      'Cart.of',
    ])
    expect(namesOf('void Cart<T>::Item::add(int a) {}\nnamespace shop { void run() {} }', 'cpp')).toEqual([
      'Cart.Item.add',
      'run',
    ])
    expect(namesOf('class A {};\nFORCE_INLINE size_t count(int a) {}\nMy_STATIC my_type read(void) {}', 'cpp')).toEqual(
      ['A', 'count', 'read'],
    )
    expect(namesOf('LIB_API ctx* lib_create(void);\nLIB_API size_t lib_free(ctx* c);', 'c')).toEqual([
      'lib_create',
      'lib_free',
    ])
    expect(namesOf('impl fmt::Display for Cart<T> { fn fmt(&self) {} }\nmod tests { fn works() {} }', 'rust')).toEqual([
      'Cart.fmt',
      'tests.works',
    ])
    expect(namesOf('module A\n class B::C\n  def d; end\n end\nend', 'ruby')).toEqual(['A', 'A.B.C', 'A.B.C.d'])
    const branches =
      'class C\n#if NET\n : A, B\n#else\n : A\n#endif\n{\n#if X\n int F() => 1;\n#else\n int F() => 2;\n#endif\n int G() => 3; }'
    expect(namesOf(branches, 'csharp')).toEqual(['C', 'C.F', 'C.G'])
    expect(symbolsOf(branches, 'csharp')[0]!.signature).toBe('class C : A, B : A')
    expect(namesOf('namespace N.M { class C { void F() {} } }', 'csharp')).toEqual(['C', 'C.F'])
  })

  test('what stands for the file or the object itself is no owner', () => {
    const found = symbolsOf(
      'exports.a = () => 1\nmodule.exports.b = () => 1\nfunction C() { this.d = () => 1 }',
      'javascript',
    )
    expect(found.map(({ qualified, kind }) => [qualified, kind])).toEqual([
      ['a', 'function'],
      ['b', 'function'],
      ['C', 'function'],
      ['C.d', 'function'],
    ])
  })

  test('exports without a name are called default', () => {
    expect(namesOf('export default () => 1')).toEqual(['default'])
    expect(namesOf('export default class extends A { b() {} }')).toEqual(['default', 'default.b'])
    expect(namesOf('module.exports = { a() {} }', 'javascript')).toEqual(['default', 'default.a'])
    expect(namesOf('module.exports = function named() {}', 'javascript')).toEqual(['named'])
  })

  test('names of several declarators are siblings', () => {
    expect(namesOf('const a = 1, b = () => 2, c = 3')).toEqual(['a', 'b', 'c'])
  })
})

describe('what counts as a definition', () => {
  test('values in functions are dropped, functions and classes in them are kept', () => {
    expect(namesOf('function f() { const a = 1; const b = () => a; class C { d() {} } }')).toEqual([
      'f',
      'f.b',
      'f.C',
      'f.C.d',
    ])
  })

  test('object methods in functions and in tests are dropped', () => {
    expect(namesOf('function f() { return { g() {}, h: () => 1 } }')).toEqual(['f'])
    expect(namesOf("it('a', () => { use({ g() {} }) })")).toEqual(['a'])
  })

  test('functions beside tests are kept, functions in a test are its own', () => {
    const text =
      "describe('a', () => { const setup = () => 1; it('b', () => { const local = () => 2; local(setup()) }) })"
    expect(namesOf(text)).toEqual(['a', 'a.setup', 'a.b'])
  })

  test('a value assigned again is no second definition', () => {
    expect(namesOf('LIMIT = 1\nLIMIT = 2\ndef f(): pass\ndef f(): pass\n', 'python')).toEqual(['LIMIT', 'f', 'f~2'])
  })

  test('required modules are imports, not values', () => {
    const { symbols, references } = parseSource(
      "const a = require('./a')\nconst b = require('./b').c\nlet d",
      'javascript',
    )
    expect(symbols.map((symbol) => symbol.name)).toEqual(['b', 'd'])
    expect(references.filter((one) => one.kind === 'import').map((one) => one.name)).toEqual(['./a', './b'])
  })

  test('a prototype gives way to the definition, and stands for it where there is none', () => {
    const found = symbolsOf(
      'static int f(int a);\nint g(void);\nstatic int f(int a) { int local(int); return a; }',
      'c',
    )
    expect(found.map(({ qualified, lines }) => [qualified, lines.first])).toEqual([
      ['g', 2],
      ['f', 3],
    ])
  })

  test('overloads are symbols of their own', () => {
    expect(namesOf('function f(a: string): void\nfunction f(a: number): void\nfunction f(a: unknown) {}')).toEqual([
      'f',
      'f~2',
      'f~3',
    ])
  })

  test('what is nested deeper than ten levels belongs to its holder', () => {
    expect(namesOf('class A { '.repeat(30) + '}'.repeat(30), 'java')).toHaveLength(10)
  })
})

describe('places and signatures', () => {
  test('a definition begins with its decorators, attributes and export, comments between or not', () => {
    expect(symbolsOf('@a()\n// why\n@b\nexport default class C {}')[0]!.lines).toEqual({ first: 1, last: 4 })
    expect(symbolsOf('@a\n@b(1)\ndef f():\n  pass\n', 'python')[0]!.lines).toEqual({ first: 1, last: 4 })
    expect(symbolsOf('#[a]\n#[b(c)]\npub fn f() {}\n', 'rust')[0]!.lines).toEqual({ first: 1, last: 3 })
    expect(symbolsOf('template <typename T>\nclass A {};\n', 'cpp')[0]!.lines).toEqual({ first: 1, last: 2 })
  })

  test('a signature is the declaration without decorators, comments and body, on one line', () => {
    expect(symbolsOf('@a({ b: [1] })\nexport class C<T>\n  extends D { }')[0]!.signature).toBe(
      'export class C<T> extends D',
    )
    expect(symbolsOf('function f(\n  a: string, // first\n  b = 1,\n): void {}')[0]!.signature).toBe(
      'function f(a: string, b = 1): void',
    )
    expect(symbolsOf('class A {\n [Fact]\n public int F() => 1; }', 'csharp')[1]!.signature).toBe('public int F()')
    expect(symbolsOf("it('adds', async () => { await 1 })")[0]!.signature).toBe("it('adds')")
    expect(symbolsOf('typedef struct tag {\n  int a;\n} name;', 'c')[0]!.signature).toBe('typedef struct tag name')
  })

  test('a signature has at most 200 characters', () => {
    const { signature } = symbolsOf(`function f(${'argument: string, '.repeat(50)}) {}`)[0]!
    expect(signature).toHaveLength(200)
    expect(signature.endsWith('…')).toBe(true)
  })

  test('the hash ignores white space and sees everything else', () => {
    const hashOf = (text: string) => symbolsOf(text)[0]!.hash
    expect(hashOf('function f() {\n\treturn 1 }')).toBe(hashOf('function f()   {\r\n  return 1\n}'))
    expect(hashOf('function f() { return 1 }')).not.toBe(hashOf('function f() { return 2 }'))
    expect(hashOf('export function f() {}')).not.toBe(hashOf('function f() {}'))
  })
})

describe('comments', () => {
  test('the comment right above belongs to the definition, decorators between or not', () => {
    expect(docOf('// one\n// two\nfunction f() {}')).toBe('one\ntwo')
    expect(docOf('/** doc */\n@a()\n@b\nclass C {}')).toBe('doc')
    expect(docOf('// doc\n[Fact]\n[B(1)]\nclass C {}', 'csharp')).toBe('doc')
  })

  test('a line comment with an empty line below belongs to nothing, a /** */ to what follows', () => {
    expect(docOf('let a\n// apart\n\nfunction f() {}\n')).toBeNull()
    expect(symbolsOf('let a\n/** near */\n\nfunction f() {}')[1]!.doc).toBe('near')
  })

  test('a comment behind code is not attached to the next line', () => {
    const found = symbolsOf('let a = 1 // of a\nlet b = 2 // of b\n// of c\nlet c = 3')
    expect(found.map((symbol) => symbol.doc)).toEqual([null, null, 'of c'])
  })

  test('comments for tools are left out of a comment for people', () => {
    expect(docOf('// Adds.\n// eslint-disable-next-line no-undef\n// @ts-expect-error\nfunction f() {}')).toBe('Adds.')
    expect(docOf('// Adds.\n//\n//nolint:errcheck\nfunc F() {}', 'go')).toBe('Adds.')
  })

  test('tests have no doc, their titles say it', () => {
    expect(docOf("// why\nit('a', () => {})")).toBeNull()
  })

  test('the first string of a body is its doc, and goes before a comment', () => {
    expect(docOf('# comment\ndef f():\n  """String."""\n', 'python')).toBe('String.')
    expect(docOf('def f():\n  x = 1\n  """No doc."""\n', 'python')).toBeNull()
  })

  test('a doc of more than 1200 characters is cut', () => {
    expect(docOf(`/** ${'word '.repeat(500)}*/\nfunction f() {}`)).toHaveLength(1200)
  })
})

describe("the file's own comment", () => {
  const fileDoc = (text: string, language = 'typescript') => parseSource(text, language).doc

  test('is the first that stands before the code and is no licence', () => {
    expect(fileDoc('// Copyright 2020 X\n\n/* What it does. */\nimport a from "a"')).toBe('What it does.')
    expect(fileDoc('#!/usr/bin/env bash\n# What it does.\nset -e\n', 'bash')).toBe('What it does.')
    expect(fileDoc('//! What it does.\n\nuse a;', 'rust')).toBe('What it does.')
    expect(fileDoc('// SPDX-License-Identifier: MIT\n\n// Package p does.\npackage p', 'go')).toBe('Package p does.')
    expect(fileDoc('# coding: utf-8\n# (c) Copyright\n\n"""What it does."""\n', 'python')).toBe('What it does.')
  })

  test('is not a licence, not the doc of a definition, and not a comment within the code', () => {
    expect(fileDoc('// Licensed under the MIT license\n')).toBeNull()
    expect(fileDoc('/** Of f. */\nfunction f() {}')).toBeNull()
    expect(fileDoc('import a from "a"\nrun()\n// later\n\nrun()')).toBeNull()
    expect(fileDoc('x = 1\n"""No doc."""\n', 'python')).toBeNull()
  })
})

describe('references', () => {
  test('stand once for each name and kind, on the first line', () => {
    const { references } = parseSource('class A {\n  b() {\n    c()\n    c(); d\n  }\n}\nc()', 'typescript')
    expect(references).toEqual([{ name: 'c', kind: 'call', line: 3 }])
    expect(parseSource('impl A for B {}', 'rust').references).toContainEqual({ name: 'A', kind: 'extend', line: 1 })
  })

  test('of a name in its own definition are none, elsewhere they are', () => {
    const uses = (code: string) => parseSource(code, 'typescript').references.map(({ name }) => name)
    expect(uses('interface Tree { left: Tree }')).toEqual([])
    expect(uses('interface Tree { left: Tree }\nlet root: Tree')).toEqual(['Tree'])
  })

  test('a base class or a callee is not also a use, a type parameter is none', () => {
    expect(
      parseSource('class A<T> extends B<T> { D c = new D<Ea, T>(); }', 'java').references.map(
        ({ kind, name }) => `${kind} ${name}`,
      ),
    ).toEqual(['call D', 'extend B', 'use Ea'])
  })

  test('plain elements of JSX are no calls, components are', () => {
    const { references } = parseSource('const a = () => <div><Price value={1} /></div>', 'tsx')
    expect(references.map((one) => one.name)).toEqual(['Price'])
  })
})
