import { describe, expect, test } from 'vitest'
import { dialectOf, languageById, languageOfPath, languageOfShebang } from '../../../src/parse/languages/index.ts'

describe('languageOfPath', () => {
  test.each([
    ['src/a.ts', 'typescript'],
    ['a.d.mts', 'typescript'],
    ['a.test.TSX', 'tsx'],
    ['a/b.c/d.H', 'cpp'],
    ['a.c', 'c'],
    ['Rakefile.rake', 'ruby'],
    ['a.html', null],
    ['Makefile', null],
    ['.bash', null],
    ['a.ts/README', null],
  ])('%s: %s', (path, id) => {
    expect(languageOfPath(path)).toBe(id)
  })
})

describe('languageOfShebang', () => {
  test.each([
    ['#!/bin/sh\n', 'bash'],
    ['#!/usr/bin/env -S node --import x\n', 'javascript'],
    ['#! /usr/bin/python3.12\n', 'python'],
    ['#!/usr/bin/env ruby', 'ruby'],
    ['#!/usr/bin/perl', null],
    ['# no shebang', null],
  ])('%j: %s', (text, id) => {
    expect(languageOfShebang(text)).toBe(id)
  })
})

describe('dialectOf', () => {
  test.each([
    ['class A;', 'cpp'],
    ['#include <vector>\n', 'cpp'],
    ['int f(const A& a);', 'cpp'],
    ['namespace a {}', 'cpp'],
    ['#ifdef __cplusplus\nextern "C" {\n#endif\nint f(int a, char *b);', 'c'],
    ['/* the new class: a::b */ GIT_EXTERN(int) git_new(void);', 'c'],
    ['void f(int a) {\n  switch(a&15) {\n  case 1: g(a & MASK);\n  }\n}', 'c'],
    ['struct a { const void *virtualStart; };\n#define P(p) __asm__(  :: (*(p)))', 'c'],
    ['int f(A &a) {}', 'cpp'],
    ['#define S "std::string"\nstruct a { int class_id; };', 'c'],
  ])('a header with %j is read as %s', (text, id) => {
    expect(dialectOf('cpp', text)).toBe(id)
  })

  test('other languages are themselves', () => {
    expect(dialectOf('c', 'class A;')).toBe('c')
    expect(dialectOf('python', '')).toBe('python')
  })
})

test('an id that is not in the table is a bug', () => {
  expect(() => languageById('cobol')).toThrow("no language 'cobol'")
})
