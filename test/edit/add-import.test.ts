import { expect, test } from 'vitest'
import { applyEdits } from '../../src/edit/apply-edits.ts'
import { LANGUAGES } from '../../src/parse/languages/index.ts'
import type { Edit } from '../../src/types.ts'
import { processorMs } from '../helpers/processor-ms.ts'
import { folderWith, messages, text, tools } from './edit-fixture.ts'
import { realTools } from './real-tools.ts'

const adding = (path: string, added: string): Edit => ({ kind: 'import', path, text: added })

async function withImport(path: string, before: string, added: string): Promise<string> {
  const root = folderWith({ [path]: before })
  const outcome = await applyEdits(root, [adding(path, added)], realTools(root))
  expect(outcome).toMatchObject({ ok: true })
  return text(root, path)
}

const NEW = "import n from 'n'"

test.each([
  ['one line', 'a.ts', "import a from 'a'\n\na()\n", NEW, `import a from 'a'\n${NEW}\n\na()\n`],
  [
    'several lines, not imports inside functions or exports below them',
    'a.ts',
    "import {\n  a,\n  b,\n} from 'a'\n\nfunction f() {\n  return import('x')\n}\nexport { g } from './g'\n",
    NEW,
    `import {\n  a,\n  b,\n} from 'a'\n${NEW}\n\nfunction f() {\n  return import('x')\n}\nexport { g } from './g'\n`,
  ],
  [
    'require',
    'a.js',
    "'use strict'\nconst a = require('a')\nfunction f() {\n  const b = require('b')\n}\n",
    "const n = require('n')",
    "'use strict'\nconst a = require('a')\nconst n = require('n')\nfunction f() {\n  const b = require('b')\n}\n",
  ],
  [
    'Python: brackets, past conditions and tries',
    'a.py',
    'import a\nfrom b import (\n    c,\n    d)\n\ntry:\n    import e\nexcept ImportError:\n    e = None\n\n\ndef f():\n    import g\n',
    'import n',
    'import a\nfrom b import (\n    c,\n    d)\nimport n\n\ntry:\n    import e\nexcept ImportError:\n    e = None\n\n\ndef f():\n    import g\n',
  ],
  [
    'Python: more names than a screen holds',
    'a.py',
    `from b import (\n${'    x,\n'.repeat(30)})\n\nx()\n`,
    'import n',
    `from b import (\n${'    x,\n'.repeat(30)})\nimport n\n\nx()\n`,
  ],
  [
    'Python: a continued line',
    'a.py',
    'from a import b, \\\n    c\n\nb()\n',
    'import n',
    'from a import b, \\\n    c\nimport n\n\nb()\n',
  ],
  [
    'Go: into the group',
    'a.go',
    'package a\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc f() {}\n',
    'import "strings"',
    'package a\n\nimport (\n\t"fmt"\n\t"os"\n\t"strings"\n)\n\nfunc f() {}\n',
  ],
  [
    'Go: one line',
    'a.go',
    'package a\n\nimport "fmt"\n\nfunc f() {}\n',
    'import "os"',
    'package a\n\nimport "fmt"\nimport "os"\n\nfunc f() {}\n',
  ],
  [
    'Rust: not in the tests',
    'a.rs',
    'use a::{\n    b,\n    c,\n};\n\nfn f() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n',
    'use n::n;',
    'use a::{\n    b,\n    c,\n};\nuse n::n;\n\nfn f() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n',
  ],
  [
    'Java',
    'A.java',
    'package a;\n\nimport b.C;\n\nclass A {\n}\n',
    'import n.N;',
    'package a;\n\nimport b.C;\nimport n.N;\n\nclass A {\n}\n',
  ],
  [
    'C',
    'a.c',
    '#include <a.h>\n\nint f(void) {\n  return 1;\n}\n',
    '#include "n.h"',
    '#include <a.h>\n#include "n.h"\n\nint f(void) {\n  return 1;\n}\n',
  ],
  [
    'a script in a page',
    'a.vue',
    "<script>\nimport a from 'a'\n</script>\n",
    NEW,
    `<script>\nimport a from 'a'\n${NEW}\n</script>\n`,
  ],
  [
    'a script that is indented',
    'a.svelte',
    '<script lang="ts">\n  import a from \'a\'\n  a()\n</script>\n',
    NEW,
    `<script lang="ts">\n  import a from 'a'\n  ${NEW}\n  a()\n</script>\n`,
  ],
  ['the end of a file without a line break', 'a.ts', "import a from 'a'", NEW, `import a from 'a'\n${NEW}`],
  [
    'CRLF',
    'a.ts',
    "import a from 'a'\r\n\r\na()\r\n",
    `${NEW}\nimport m from 'm'`,
    `import a from 'a'\r\n${NEW}\r\nimport m from 'm'\r\n\r\na()\r\n`,
  ],
])('after the last import: %s', async (_, path, before, added, after) => {
  expect(await withImport(path, before, added)).toBe(after)
})

test.each([
  ['nothing', 'a.ts', '', NEW, `${NEW}\n`],
  ['code', 'a.ts', 'a()\n', NEW, `${NEW}\n\na()\n`],
  [
    'a comment of the first function',
    'a.ts',
    '/** F. */\nfunction f() {\n}\n',
    NEW,
    `${NEW}\n\n/** F. */\nfunction f() {\n}\n`,
  ],
  [
    "'#!', licence and 'use strict'",
    'a.js',
    "#!/usr/bin/env node\n// Copyright us\n// All of it\n'use strict'\n\na()\n",
    NEW,
    `#!/usr/bin/env node\n// Copyright us\n// All of it\n'use strict'\n\n${NEW}\n\na()\n`,
  ],
  [
    'a licence right above code',
    'a.ts',
    '/*\n * Licensed to you\n */\na()\n',
    NEW,
    `/*\n * Licensed to you\n */\n\n${NEW}\n\na()\n`,
  ],
  [
    'docstring',
    'a.py',
    '#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n"""What\n\nit does."""\n\n\ndef f():\n    pass\n',
    'import n',
    '#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n"""What\n\nit does."""\n\nimport n\n\n\ndef f():\n    pass\n',
  ],
  ['a docstring of one line', 'a.py', '"""What."""\nx = 1\n', 'import n', '"""What."""\n\nimport n\n\nx = 1\n'],
  [
    'from __future__',
    'a.py',
    '"""What."""\nimport a\n',
    'from __future__ import annotations',
    '"""What."""\n\nfrom __future__ import annotations\n\nimport a\n',
  ],
  [
    'package',
    'a.go',
    '// Package a.\npackage a\n\nfunc f() {}\n',
    'import "fmt"',
    '// Package a.\npackage a\n\nimport "fmt"\n\nfunc f() {}\n',
  ],
  [
    'inner documentation and attributes',
    'a.rs',
    '//! What.\n#![allow(dead_code)]\n\nfn f() {}\n',
    'use n::n;',
    '//! What.\n#![allow(dead_code)]\n\nuse n::n;\n\nfn f() {}\n',
  ],
  [
    'an include guard',
    'a.h',
    '#ifndef A_H\n#define A_H\n\nint f(void);\n\n#endif\n',
    '#include "n.h"',
    '#ifndef A_H\n#define A_H\n\n#include "n.h"\n\nint f(void);\n\n#endif\n',
  ],
  [
    '<?php',
    'a.php',
    '<?php\n\nnamespace A\\B;\n\nclass C {\n}\n',
    'use N\\M;',
    '<?php\n\nnamespace A\\B;\n\nuse N\\M;\n\nclass C {\n}\n',
  ],
])('without an import, below what a file begins with: %s', async (_, path, before, added, after) => {
  expect(await withImport(path, before, added)).toBe(after)
})

test('what stands there already is not doubled, a statement of several lines being one', async () => {
  const before = "import {\n  a,\n} from 'a'\nimport b from 'b'\n"
  expect(await withImport('a.ts', before, "import b from 'b'")).toBe(before)
  expect(await withImport('a.ts', before, "import {\n  a,\n} from 'a'\nimport c from 'c'")).toBe(
    `${before}import c from 'c'\n`,
  )
  const similar = "import {\n  c,\n} from 'a'"
  expect(await withImport('a.ts', before, similar)).toBe(`${before}${similar}\n`)
  const go = 'package a\n\nimport (\n\t"fmt"\n)\n'
  expect(await withImport('a.go', go, 'import "fmt"')).toBe(go)
})

test('a byte order mark stays first', async () => {
  expect(await withImport('a.ts', '\uFEFFa()\n', NEW)).toBe(`\uFEFF${NEW}\n\na()\n`)
})

test('every language that is parsed as a whole takes imports; other files, no text and broken text are refused', async () => {
  const whole = LANGUAGES.filter((language) => !language.blocks)
  expect(whole.length).toBeGreaterThan(10)
  for (const { id, extensions } of whole) {
    const path = `a${extensions[0]}`
    const root = folderWith({ [path]: '' })
    const [message] = await messages(root, [adding(path, '<?php )')], realTools(root))
    expect(message, id).toMatch(/the new text has a syntax error at line 1/)
  }
  const root = folderWith({ 'a.md': '# A\n', 'a.vue': '<p></p>\n', 'a.ts': 'a()\n' })
  const refused = [adding('a.md', NEW), adding('a.vue', NEW), adding('a.ts', '\n'), adding('b.ts', NEW)]
  expect(await messages(root, refused, realTools(root))).toEqual([
    '0 a.md: imports cannot be placed in a.md: use a replace edit',
    '1 a.vue: imports cannot be placed in a.vue: use a replace edit',
    '2 a.ts: the import to add is empty',
    expect.stringMatching(/^3 b\.ts: b\.ts does not exist/),
  ])
  expect(await messages(root, [adding('a.ts', 'import from from {')], realTools(root))).toEqual([
    expect.stringMatching(/^0 a\.ts: the new text has a syntax error at line 1/),
  ])
  expect(await messages(root, [adding('a.ts', NEW)], tools)).toEqual([
    '0 a.ts: imports cannot be placed in a.ts: use a replace edit',
  ])
})

test('statements without number are refused: each would be compared with the lines of the file', async () => {
  const root = folderWith({ 'a.ts': '\n'.repeat(5000) })
  const ms = await processorMs(async () => {
    const outcome = await applyEdits(root, [adding('a.ts', 'b;\n'.repeat(600_000))], realTools(root))
    expect(outcome).toMatchObject({ ok: false })
  })
  expect(ms).toBeLessThan(2000)
})

test('a long list of imports grows at its end', async () => {
  const imports = Array.from({ length: 30 }, (_, i) => `from black.m${i} import (\n    a${i},\n    b${i},\n)\n`).join(
    '',
  )
  const body = '\n\ndef main():\n    import os\n    return os\n'
  expect(await withImport('a.py', imports + body, 'import sys')).toBe(`${imports}import sys\n${body}`)
})
