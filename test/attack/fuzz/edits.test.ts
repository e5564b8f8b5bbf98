import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { MOST_EDITS, parseReply } from '../../../agents/feature/parse-reply.ts'
import { show } from '../../../agents/feature/show.ts'
import { openWorkspace } from '../../../agents/feature/workspace.ts'
import { plainTools } from '../../../agents/plain/tools.ts'
import { applyEdits } from '../../../src/edit/apply-edits.ts'
import { scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { runAgent } from '../../../src/loop/run-agent.ts'
import { realTools } from '../../edit/real-tools.ts'
import { ANY_CHARACTER } from '../../helpers/any-character.ts'
import { isWindows } from '../../helpers/platform.ts'
import { scratchFolder, scratchRepo, sh } from '../../repo/scratch-repo.ts'
import { FUZZ_MS, fuzz } from './fuzz.ts'
import { jsonText, mostly, nearly, strange, textOf } from './strange.ts'

const VERBS = [
  'replace',
  'create',
  'delete',
  'rename',
  'replace-definition',
  'insert-after',
  'insert-before',
  'add-import',
  'note',
  'replace-all',
  'frob',
]
const PATHS = [
  ...['src/a.ts', 'src/b.ts', './src/a.ts', 'src//a.ts', 'src/../src/a.ts', 'new.ts', 'src/new/deep.ts', 'README.md'],
  ...[
    '../outside.txt',
    '/etc/passwd',
    '.git/config',
    '.GIT/hooks/x',
    '.git ',
    '.env',
    'out/x',
    'link/x',
    'loop',
    '.npmrc',
  ],
  ...[
    '.github/workflows/x.yml',
    'src',
    '',
    '#',
    'src/a.ts#a',
    'src/a.ts#__proto__',
    'src/a.ts#toString',
    '1',
    '999999999999',
    'x'.repeat(300),
  ],
  ...[
    'a\\b',
    'a\0b',
    '"src/a.ts"',
    '`src/a.ts`',
    'con',
    'src/a.ts:stream',
    'git~1/config',
    '\u202esrc/a.ts',
    '.git\u200b/config',
  ],
]
const LINES = [
  ...VERBS.flatMap((verb) => [`@@ ${verb} `, `@@${verb} `]),
  ...[
    '<<<<<<< find\n',
    '<<<<<<< text\n',
    '======= replace\n',
    '>>>>>>> end\n',
    'const a = 1\n',
    'const b = 2',
    '\n',
    ' -> ',
    ', ',
  ],
  ...[
    'open ',
    'search ',
    ' in ',
    ':10-40',
    ':-1',
    ':1e9-2',
    'complete\n',
    '```',
    '```ts\n',
    ' all',
    '\r\n',
    '\x1b[2J',
    '@@ ',
    '@@',
  ],
  ...PATHS,
]
const reply = textOf(LINES, 40)

test(
  'a reply of any text is read into edits, looks and problems',
  () =>
    fuzz('staged replies', reply, (text) => {
      const { edits, looks, problems } = parseReply(text, ['src/a.ts', 'src/b.ts'])
      expect(edits.length).toBeLessThanOrEqual(MOST_EDITS)
      expect(Array.isArray(looks) && Array.isArray(problems)).toBe(true)
    }),
  FUZZ_MS,
)

let folder: string
let root: string
beforeAll(() => {
  root = scratchRepo({
    ...{ 'src/a.ts': 'const a = 1\n', 'src/b.ts': 'export function b() {}\n', 'README.md': '# Shop\n' },
    ...{ '.npmrc': 'x=1\n', '.gitignore': 'out/\n.env\n', '.github/workflows/x.yml': 'on: push\n' },
  })
  folder = join(root, '..')
  writeFileSync(join(root, '.env'), 'KEY=1\n')
  mkdirSync(join(root, 'out'))
  writeFileSync(join(root, 'out/x'), 'mine\n')
  writeFileSync(join(folder, 'outside.txt'), 'mine\n')
  if (isWindows) return
  symlinkSync(scratchFolder(), join(root, 'link'))
  symlinkSync('loop', join(root, 'loop'))
})

/** Every file that no edit may touch: all but ordinary ones of the repository. */
function untouchable(): string {
  const hash = createHash('sha256')
  const walk = (at: string) => {
    for (const name of readdirSync(at).sort()) {
      if (name === 'index') continue // git writes down there when it last looked
      const path = join(at, name)
      const stats = lstatSync(path)
      hash.update(`${path}\0${stats.mode}\0`)
      if (stats.isSymbolicLink()) hash.update(readlinkSync(path))
      else if (stats.isFile()) hash.update(readFileSync(path))
      else if (stats.isDirectory()) walk(path)
    }
  }
  for (const path of ['.git', '.npmrc', '.env', 'out', '.github', '.gitignore']) {
    const whole = join(root, path)
    if (lstatSync(whole).isDirectory()) walk(whole)
    else hash.update(readFileSync(whole))
  }
  hash.update(readdirSync(folder).sort().join('\0')).update(readFileSync(join(folder, 'outside.txt')))
  if (!isWindows) hash.update(readdirSync(readlinkSync(join(root, 'link'))).join('\0'))
  return hash.digest('hex')
}

/** A reply whose edits are whole: what is wrong with them is what they name. */
const path = fc.oneof(fc.constantFrom(...PATHS), fc.string({ unit: ANY_CHARACTER, maxLength: 8 }))
const block = (head: string, text: string) => `@@ ${head}\n<<<<<<< text\n${text}\n>>>>>>> end\n`
const edit = fc.oneof(
  path.map((at) => block(`create ${at}`, 'export const x = 1')),
  path.map((at) => block(`replace-definition ${at}#b`, 'export function b() {}')),
  path.map((at) => `@@ replace ${at}\n<<<<<<< find\n1\n======= replace\n2\n>>>>>>> end\n`),
  path.map((at) => `@@ delete ${at}\n`),
  fc.tuple(path, path).map(([from, to]) => `@@ rename ${from} -> ${to}\n`),
  path.map((at) => block(`add-import ${at}`, "import x from 'x'")),
)
test(
  'edits of any paths change nothing outside, nothing of git, nothing protected and nothing that git ignores',
  async () => {
    const workspace = openWorkspace(root)
    const tools = realTools(root)
    const before = untouchable()
    await fuzz('staged edits', fc.array(edit, { minLength: 1, maxLength: 4 }), async (all) => {
      const { edits } = parseReply(all.join(''))
      const named = edits.flatMap((one) => [one.path, ...(one.kind === 'rename' ? [one.to] : [])])
      const ignored = await workspace.ignored(named)
      const outcome = await applyEdits(root, edits, {
        ...tools,
        allow: (one) => (ignored.includes(one) ? 'git ignores it' : null),
      })
      if (!outcome.ok) for (const { message } of outcome.problems) expect(message).not.toBe('')
      expect(untouchable()).toBe(before)
      if (outcome.ok) execFileSync('git', ['checkout', '-q', 'HEAD', '--', 'src', 'README.md'], { cwd: root })
    })
    expect(sh(root, 'rev-parse', 'HEAD')).toMatch(/^\w{40}/)
  },
  FUZZ_MS,
)

test(
  'a wish of any text is shown or refused in words',
  async () => {
    // as an agent has it: what git tracks, and nothing else; with a link that leads out
    const tree = join(scratchFolder(), 'tree')
    sh(root, 'clone', '-q', root, tree)
    const outside = scratchFolder()
    writeFileSync(join(outside, 'x'), 'mine\n')
    if (!isWindows) symlinkSync(outside, join(tree, 'link'))
    const workspace = openWorkspace(tree)
    const pattern = fc.constantFrom(
      '(a+)+$',
      '[',
      '*',
      '\\',
      '--',
      '-e',
      '-Ofoo',
      'a\0b',
      '1',
      'const',
      '',
      '(?:',
      'a{99999999}',
    )
    const magic = fc.constantFrom(
      ':(glob)**',
      ':(attr:x)',
      ':!',
      ':(exclude)src',
      ':/',
      ':(icase)SRC',
      '--',
      '-O',
      ...PATHS,
    )
    const lines = fc.constantFrom('', ':1-3', ':0-0', ':-1', ':9-1', ':99999999999999999999')
    const wish = fc.oneof(
      fc.tuple(magic, lines).map(([at, part]) => `open ${at}${part}`),
      fc.tuple(pattern, magic).map(([what, at]) => `search ${what} in ${at}`),
      pattern.map((what) => `search ${what}`),
    )
    await fuzz('looks of a model', fc.array(wish, { minLength: 1, maxLength: 3 }), async (wishes) => {
      const text = wishes.join('\n')
      const { looks } = parseReply(text)
      const shown = await show(looks.slice(0, 3), workspace)
      expect(typeof shown.text).toBe('string')
      expect(shown.text).not.toMatch(/mine|root:x:|repositoryformatversion/)
    })
  },
  FUZZ_MS,
)

test(
  'arguments of tools of any shape are answered in words',
  async () => {
    const before = untouchable()
    const tools = plainTools(root)
    const argument = jsonText(
      nearly({
        ...{ path: mostly(fc.constantFrom(...PATHS)), pattern: fc.constantFrom('a', '(', '(a|a)*$', '-e') },
        ...{
          start: fc.integer(),
          end: fc.integer(),
          find: fc.constantFrom('1', ''),
          replacement: fc.constant('2'),
          text: strange,
        },
      }),
    )
    const names = [...tools.map(({ name }) => name), '__proto__', 'constructor', '']
    const call = fc.record({ id: fc.string(), name: fc.constantFrom(...names), arguments: argument })
    await fuzz('tool arguments', fc.array(call, { minLength: 1, maxLength: 3 }), async (toolCalls) => {
      const llm = scriptedLlm([{ toolCalls }])
      const end = await runAgent({
        ask: (purpose, messages) => llm.complete({ purpose, messages }),
        messages: [],
        tools,
        maxSteps: 1,
      })
      expect(end.steps).toBe(1)
      expect(untouchable()).toBe(before)
    })
  },
  FUZZ_MS,
)
