import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isWindows } from '../helpers/platform.ts'
import { scratchRepo, sh, write } from '../repo/scratch-repo.ts'

import { FILES, look } from './look.ts'

describe.skipIf(isWindows)('names of files', () => {
  test.each<[string, readonly string[]]>([
    ['line breaks and tabs', ['a\nb.ts', 'a\rb.ts', 'a\tb.ts', ' .ts', 'a .ts ']],
    ['what steers a terminal', ['\x1b[2Ja.ts', 'a\u202eb.ts', '\u200b.ts', 'a\x07.ts']],
    ['options', ['-rf.ts', '--output=x.ts', '-', '--', '@']],
    ['pathspecs', [':(top)x.ts', ':!src', ':(exclude)*.ts', '*.ts', '[a].ts']],
    ['quotes and escapes', ['\\.ts', 'a\\nb.ts', '"q".ts', "'q'.ts"]],
    ['words of a shell', ['$(touch ran).ts', '`touch ran`.ts', ';touch ran;.ts', '|x.ts', '%s%n.ts', '#.ts']],
    ['words of our own', ['@@ delete x.ts', '=== x.ts', '<<<<<<< find', '>>>>>>> end']],
    ['names that objects have', ['__proto__.ts', '__proto__/constructor.ts', 'toString', 'hasOwnProperty/x.ts']],
    ['the longest ones', [`${'x'.repeat(250)}.ts`, `${'d/'.repeat(200)}x.ts`]],
  ])(
    '%s',
    async (_, names) => {
      const files = Object.fromEntries(names.map((name) => [name, 'export const price = 3\n']))
      const root = scratchRepo({ ...FILES, ...files })
      const run = await look(root, () => existsSync(join(root, 'ran')))
      expect(run.code).toBe(0)
      expect(JSON.parse(run.stdout)).toMatchObject({ files: expect.any(Array), text: expect.any(String) })
    },
    60_000,
  )

  test('names that are no UTF-8, and a hundred that differ by case or form alone', async () => {
    const root = scratchRepo(FILES)
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/src/`), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('.ts')]),
      'export const price = 4\n',
    )
    for (let i = 0; i < 100; i++) write(root, `src/Cafe\u0301${i % 2 ? 'É' : 'e'}${i}.ts`, 'export const price = 5\n')
    sh(root, 'add', '-A')
    sh(root, 'commit', '-qm', 'names')
    expect((await look(root)).code).toBe(0)
  }, 60_000)
})

describe.skipIf(isWindows)('contents and links', () => {
  const deep = (open: string, close: string, times: number) => open.repeat(times) + close.repeat(times)
  test.each<[string, (root: string) => void]>([
    ['brackets that nest 100,000 deep', (root) => write(root, 'src/deep.ts', `const a = ${deep('(', ')', 100_000)}\n`)],
    [
      'lists that nest 100,000 deep in Python',
      (root) => write(root, 'src/deep.py', `a = ${deep('[', ']', 100_000)}\n`),
    ],
    ['a line of 900,000 characters', (root) => write(root, 'src/long.ts', `const a = '${'x '.repeat(450_000)}'\n`)],
    ['900,000 backslashes', (root) => write(root, 'src/back.ts', `const a = "${'\\'.repeat(900_000)}"\n`)],
    ['300,000 imports', (root) => write(root, 'src/many.js', "import './a'\n".repeat(70_000))],
    [
      'no UTF-8',
      (root) =>
        write(root, 'src/bytes.ts', Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7 + 128) % 256 || 1))),
    ],
    ['NULs within text', (root) => write(root, 'src/nul.ts', `const a = 1\n${'\0'.repeat(1000)}\nconst b = 2\n`)],
    ['a manifest that nests', (root) => write(root, 'package.json', `{"a": ${deep('[', ']', 50_000)}}`)],
    [
      'a manifest of loaded names',
      (root) =>
        write(
          root,
          'package.json',
          '{"__proto__": {"name": "x"}, "name": {"toString": 1}, "scripts": {"test": {"length": -1}, "constructor": "x"}, "workspaces": {"packages": 7}, "exports": {"./*": [null, {"a": 7}]}}',
        ),
    ],
    [
      'workspaces by a glob that takes for ever',
      (root) =>
        write(
          root,
          'package.json',
          JSON.stringify({ workspaces: [`${'*a'.repeat(60)}b`, `${'**/'.repeat(60)}x`, '{a,b}'.repeat(30)] }),
        ),
    ],
    [
      'tsconfig files that extend each other',
      (root) => {
        write(root, 'tsconfig.json', '{"extends": "./b.json"}')
        write(root, 'b.json', '{"extends": ["./tsconfig.json", "../../../../etc/passwd", "./b.json"]}')
      },
    ],
    [
      'a crate that is its own member',
      (root) => {
        write(root, 'Cargo.toml', '[workspace]\nmembers = ["*", "../..", ".", "/"]\n[package]\nname = "a"\n')
        write(root, 'src/lib.rs', 'mod lib;\n#[path = "../../../etc/passwd"] mod x;\n')
      },
    ],
    [
      'a module of Go that replaces itself',
      (root) => {
        write(root, 'go.mod', 'module a\nreplace a => ../../..\nreplace b => ./\n')
        write(root, 'a.go', 'package a\nimport "a"\n')
      },
    ],
    [
      'a README of brackets',
      (root) => write(root, 'README.md', `# ${'['.repeat(200_000)}\n${'<'.repeat(200_000)}\n${'![a]('.repeat(50_000)}`),
    ],
    [
      'comments without an end',
      (root) => write(root, 'src/c.c', `${'/*'.repeat(200_000)}\n#define A(${'x,'.repeat(20_000)}`),
    ],
    [
      'a heredoc without an end',
      (root) => write(root, 'run.sh', `cat <<${'A'.repeat(100_000)}\n${'$('.repeat(50_000)}`),
    ],
    ['a link to /etc', (root) => symlinkSync('/etc', join(root, 'src/etc'))],
    ['a link to /dev/zero', (root) => symlinkSync('/dev/zero', join(root, 'src/zero.ts'))],
    [
      'links that go round',
      (root) => {
        symlinkSync('two', join(root, 'one'))
        symlinkSync('one', join(root, 'two'))
        symlinkSync('..', join(root, 'src/up'))
      },
    ],
    ['a link with a target of 4,000 characters', (root) => symlinkSync('../'.repeat(1300), join(root, 'src/far'))],
    ['a FIFO that git does not track', (root) => execFileSync('mkfifo', [join(root, 'src/pipe.ts')])],
    [
      'a sparse file of 3 GB',
      (root) => {
        write(root, 'src/huge.ts', '')
        truncateSync(join(root, 'src/huge.ts'), 3e9)
        write(root, '.git/info/exclude', '')
      },
    ],
    [
      'a repository within',
      (root) => {
        mkdirSync(join(root, 'inner'))
        sh(join(root, 'inner'), 'init', '-q')
        write(root, 'inner/a.ts', 'export const inner = 1\n')
      },
    ],
    [
      'a submodule of a path that leads out',
      (root) => {
        write(
          root,
          '.gitmodules',
          '[submodule "../../x"]\n\tpath = ../..\n\turl = --upload-pack=touch ran\n\tupdate = !touch ran\n',
        )
        sh(root, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`)
      },
    ],
    ['.gitignore as a folder', (root) => mkdirSync(join(root, 'src/.gitignore'))],
    [
      'rules that take for ever',
      (root) => write(root, '.reposeignore', `${'*a'.repeat(500)}b\n${'**/'.repeat(500)}x\n[${'a-z'.repeat(500)}\n`),
    ],
    ['10,001 rules', (root) => write(root, '.reposeignore', 'a\n'.repeat(10_001))],
    [
      'rules that leave out everything, and take it back',
      (root) => write(root, '.ignore', '*\n!*\n**\n!**/\n!/../x\n'),
    ],
    [
      'attributes that take for ever',
      (root) =>
        write(root, '.gitattributes', `${'*a'.repeat(500)}b linguist-vendored\n[attr]a b\n[attr]b a\n* a\n`.repeat(50)),
    ],
    [
      'an encoding of working trees that there is not',
      (root) => write(root, '.gitattributes', '*.ts working-tree-encoding=UTF-99 ident text=auto eol=crlf\n'),
    ],
  ])(
    '%s',
    async (_, plant) => {
      const root = scratchRepo(FILES)
      plant(root)
      const run = await look(root, () => existsSync(join(root, 'ran')))
      if (run.code === 0) expect(run.stdout).not.toMatch(/root:x:0/)
    },
    90_000,
  )
})
