import { beforeAll, describe, expect, test } from 'vitest'
import { importsOf } from '../../../src/parse/languages/imports.ts'
import { parseSource } from '../../../src/parse/parse-source.ts'
import { prepareGrammars } from '../../helpers/prepare-grammars.ts'

beforeAll(prepareGrammars)

const specifiersOf = (text: string, language: string) =>
  parseSource(text, language)
    .references.filter((one) => one.kind === 'import')
    .map((one) => one.name)

describe('import specifiers', () => {
  test.each([
    [
      'typescript',
      "import a from './a'\nexport * from \"b\"\nimport c = require('c')\nvoid import('d')",
      ['./a', 'b', 'c', 'd'],
    ],
    ['javascript', "require('./a')\nfunction f() { require('b') }\nother('c')", ['./a', 'b']],
    [
      'python',
      'import a.b as c, d\nfrom .. import e\nfrom .f import (g as h,\n  i)\nfrom j import *',
      ['a.b', 'd', '..', '..e', '.f', '.f.g', '.f.i', 'j'],
    ],
    ['go', 'package p\nimport "a"\nimport (\n\tb "x.org/b"\n\t_ `c`\n)', ['a', 'x.org/b', 'c']],
    ['rust', 'mod a;\npub(crate) mod r#b;\nmod inline {}\nextern crate c;', ['mod:a', 'mod:b', 'c']],
    [
      'rust',
      'use crate::a::{self, b as c, d::{e, f::*}};\npub use ::g::h;\nuse super::*;',
      ['crate::a', 'crate::a::b', 'crate::a::d::e', 'crate::a::d::f', 'g::h', 'super'],
    ],
    ['rust', 'use a::{\n  b, // {why}\n  /* c, */ d,\n};', ['a::b', 'a::d']],
    ['java', 'import a.b.C;\nimport a.b.*;\nimport static a.b.C.d;', ['a.b.C', 'a.b.*', 'a.b.C.d']],
    [
      'scala',
      'import a.b.{C, D => E, _}\nimport f.*\nimport g.H, i.J',
      ['a.b.C', 'a.b.D', 'a.b.*', 'f.*', 'g.H', 'i.J'],
    ],
    ['c', '#include "a/b.h"\n#include <stdio.h>\n#include MACRO', ['a/b.h', 'stdio.h']],
    [
      'csharp',
      'using A.B;\nusing static C.D;\nusing E = F.G<int>;\nglobal using global::H;',
      ['A.B', 'C.D', 'F.G', 'H'],
    ],
    [
      'ruby',
      "require 'a/b'\nrequire_relative 'c'\nrequire_relative '../d'\nautoload :E, 'e/f'\nrequire \"#{x}/g\"",
      ['a/b', './c', '../d', 'e/f'],
    ],
    [
      'php',
      '<?php\nuse A\\{B, C as D, E\\F};\nuse function G\\h;\nuse const I\\J;',
      ['A\\B', 'A\\C', 'A\\E\\F', 'G\\h', 'I\\J'],
    ],
    [
      'php',
      "<?php\nrequire 'a.php';\ninclude_once(__DIR__ . '/b.php');\nrequire dirname(__DIR__) . '/c.php';\nrequire '../d.php';\nrequire $e;",
      ['./a.php', './b.php', '../c.php', '../d.php'],
    ],
    [
      'bash',
      'source a.sh\n. "./b.sh"\nsource "$(dirname "$0")/c.sh"\necho source d.sh',
      ['a.sh', './b.sh', '$(dirname "$0")/c.sh'],
    ],
  ])('%s: %j', (language, text, expected) => {
    expect(specifiersOf(text, language)).toEqual(expected)
  })

  test('broken statements give what can be told, or nothing', () => {
    for (const read of Object.values(importsOf)) {
      for (const text of [
        '',
        'use',
        'use a::{b',
        'import {',
        '}{',
        'from',
        ',,,',
        'use a::{{{{}',
        `use ${'a::{'.repeat(5000)}`,
      ]) {
        expect(Array.isArray(read(text))).toBe(true)
      }
    }
  })
})
