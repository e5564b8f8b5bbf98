import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAttributes } from '../../src/repo/attributes.ts'
import { globOf } from '../../src/repo/glob.ts'
import { scratchFolder } from './scratch-repo.ts'

const NAMES = ['a', 'b', 'ab', 'vendor', 'x.js', 'a.b', '-', 'ö', '[a]', 'b]', '*', 'a b']
const PIECES = [
  'a',
  'b',
  '*',
  '**',
  '?',
  '/',
  '[ab]',
  '[!a]',
  '[^b]',
  '[a-c]',
  '[]a]',
  '[[:alpha:]]',
  '[',
  ']',
  '.js',
  'vendor',
  '\\*',
  '\\a',
  'ö',
  '-',
  '.',
  '[a-',
  '[\\]]',
  '[[:nope:]]',
  '\\',
]

const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))
const pattern = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 })
  .map((pieces) => pieces.join(''))
  // what git makes of '**' beside other characters depends on where its first wildcard stands
  .filter((text) => !text.startsWith('#') && !/[^/]\*\*|\*\*[^/]/.test(text))
const attribute = fc.constantFrom(
  ...[
    'linguist-vendored',
    '-linguist-vendored',
    '!linguist-vendored',
    'linguist-vendored=false',
    'linguist-vendored=true',
    'linguist-generated',
    '-linguist-generated',
    'foreign',
    '-foreign',
    'text',
    'linguist-generated=maybe',
  ],
)
const line = fc
  .tuple(pattern, fc.array(attribute, { minLength: 1, maxLength: 3 }))
  .map(([first, all]) => `${first} ${all.join(' ')}`)
const file = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'))
const MACROS = '[attr]foreign linguist-vendored -linguist-generated\n'

/** What git says of all paths, of each attribute. */
function asked(root: string, paths: readonly string[]): Map<string, string> {
  const output = execFileSync('git', ['check-attr', '-z', '--stdin', 'linguist-vendored', 'linguist-generated'], {
    cwd: root,
    input: paths.map((one) => `${one}\0`).join(''),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'], // it warns of '!' patterns
  }).split('\0')
  const said = new Map<string, string>()
  for (let at = 0; at + 2 < output.length; at += 3) said.set(`${output[at]} ${output[at + 1]}`, output[at + 2]!)
  return said
}

const FOLDERS = ['', 'a/', 'vendor/', 'a/b/']
const AT_ONCE = 30
const anyCase = fc.record({
  texts: fc.tuple(file, file, file, file),
  paths: fc.array(path, { minLength: 5, maxLength: 30 }),
})

test('attributes are those that git tells, whatever the patterns', async () => {
  const root = scratchFolder()
  execFileSync('git', ['init', '-q'], { cwd: root })
  writeFileSync(join(root, '.gitattributes'), MACROS) // git reads them only there
  await fc.assert(
    fc.asyncProperty(fc.array(anyCase, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (cases) => {
      // each case in a folder of its own: one git process for all of them
      for (const [i, { texts }] of cases.entries())
        for (const [j, folder] of FOLDERS.entries()) {
          mkdirSync(join(root, `${i}`, folder), { recursive: true })
          writeFileSync(join(root, `${i}`, folder, '.gitattributes'), texts[j]!)
        }
      const told = asked(
        root,
        cases.flatMap(({ paths }, i) => paths.map((one) => `${i}/${one}`)),
      )
      for (const [i, { texts, paths }] of cases.entries()) {
        const files = new Map(
          FOLDERS.map((folder, j) => [`${folder}.gitattributes`, (j === 0 ? MACROS : '') + texts[j]]),
        )
        const attributes = await readAttributes([...paths, ...files.keys()], (name) => files.get(name) ?? '')
        for (const one of paths)
          for (const name of ['linguist-vendored', 'linguist-generated'] as const) {
            const git = told.get(`${i}/${one} ${name}`)
            const expected = git === 'unspecified' ? null : git !== 'unset' && git !== 'false'
            const own = attributes?.of(one).get(name)?.value ?? null
            if (own !== expected)
              throw new Error(`${one}: git says ${git}, we ${own}\n${JSON.stringify([...files], null, 1)}`)
          }
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 300 / AT_ONCE) },
  )
}, 120_000)

test('what says so is named, quoted patterns are read, and comments are not', async () => {
  const texts: Record<string, string> = {
    '.gitattributes': '# a linguist-vendored\n"sp ace/\\303\\266*" linguist-generated\r\n  *.gen  linguist-generated\n',
    'lib/.gitattributes': '* -linguist-generated\n',
  }
  const attributes = await readAttributes(Object.keys(texts), (path) => texts[path]!)
  expect(attributes?.of('sp ace/öl.ts').get('linguist-generated')).toEqual({ value: true, by: '.gitattributes' })
  expect(attributes?.of('src/x.gen').get('linguist-generated')).toEqual({ value: true, by: '.gitattributes' })
  expect(attributes?.of('lib/x.gen').get('linguist-generated')).toEqual({ value: false, by: 'lib/.gitattributes' })
  expect(attributes?.of('a').get('linguist-vendored')).toBe(undefined)
})

test('a pattern of stars takes no longer than it is long', () => {
  const started = performance.now()
  const names = Array.from({ length: 200 }, () => 'a'.repeat(200))
  expect(globOf(`${'**/a*a*a*a*a*a*b/'.repeat(20)}x`)!(names)).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})
