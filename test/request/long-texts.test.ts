import { expect, test } from 'vitest'
import { sections } from '../../agents/feature/headings.ts'
import { parseLooks } from '../../agents/feature/parse-looks.ts'
import { find } from '../../agents/mcp/find.ts'
import { explainAbout } from '../../agents/served/explain-about.ts'
import { explainSubject } from '../../agents/served/explain-subject.ts'
import type { ServedIndex } from '../../agents/served/served-index.ts'
import { planPass } from '../../agents/sleep/plan.ts'
import { repairClaims } from '../../agents/sleep/repair-claims.ts'
import { withoutCommands } from '../../bin/runner-commands.ts'
import { plansIn } from '../../src/backlog/evidence/plans-in.ts'
import { todosIn } from '../../src/backlog/evidence/todos-in.ts'
import { findItem } from '../../src/backlog/find-item.ts'
import { readItems } from '../../src/backlog/read-items.ts'
import { findChecks } from '../../src/checks/find-checks.ts'
import { addImport } from '../../src/edit/add-import.ts'
import { editSymbol } from '../../src/edit/edit-symbol.ts'
import type { EditedFile } from '../../src/edit/edited-file.ts'
import { findCut } from '../../src/edit/find-cut.ts'
import { protectedBelow } from '../../src/edit/find-protected.ts'
import { findText } from '../../src/edit/find-text.ts'
import { statementEnd } from '../../src/edit/statement-end.ts'
import { llmsTxt } from '../../src/exports/llms-txt.ts'
import { canonicalName } from '../../src/files/canonical-name.ts'
import { nearest } from '../../src/graph/resolve/paths.ts'
import { findReverted } from '../../src/history/find-reverted.ts'
import type { MainlineCommit } from '../../src/history/read-mainline.ts'
import { hasBlock } from '../../src/hooks/fenced-block.ts'
import { isTestData, kindOfPath } from '../../src/paths.ts'
import { vendoredBy } from '../../src/repo/vendored.ts'
import { plainRequest } from '../../src/request/plain-request.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { readsLike } from '../../src/request/reads-like.ts'
import { withoutTrailers } from '../../src/request/trailers.ts'
import { fetchedBy } from '../../src/retrieve/needed-before.ts'
import { symbolScorer } from '../../src/retrieve/outline.ts'
import { readQuestion } from '../../src/retrieve/questions/asked-question.ts'
import { fillAnswer } from '../../src/retrieve/questions/fill-answer.ts'
import { findUses } from '../../src/retrieve/questions/find-uses.ts'
import type { Passage } from '../../src/retrieve/questions/passage.ts'
import { rankPassages } from '../../src/retrieve/questions/rank-passages.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import { outrightHits } from '../../src/retrieve/signals/names.ts'
import { goneNames } from '../../src/review/gone-names.ts'
import { withoutCredentials } from '../../src/secrets/without-credentials.ts'
import { ownWords } from '../../src/summary/own-words.ts'
import { projectFacts } from '../../src/summary/project-facts.ts'
import { showFile } from '../../src/summary/show-file.ts'
import { withoutPersonal } from '../../src/team/without-personal.ts'
import type { CodeSymbol, Llm } from '../../src/types.ts'
import { boundedOutput } from '../../src/verify/bounded-output.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'
import { scratchFolder, scratchRepo, write } from '../repo/scratch-repo.ts'

const many = (text: string) => text.repeat(40_000)
const million = (text: string) => text.repeat(900_000 / text.length)
const farIn = (blanks: number) => `\t${' '.repeat(blanks)}x\n`
const commit = (subject: string) => ({ hash: 'a'.repeat(40), subject, body: '' }) as MainlineCommit
const { store, worktree } = handMadeStore({ 'src/a.ts': { body: 'cache' } })

const index = {
  ...{ store, worktree, maxFileBytes: 1000 },
  repo: { root: scratchRepo({ 'src/a.ts': '' }) },
} as unknown as ServedIndex

function checksOf(files: Readonly<Record<string, string>>) {
  const root = scratchFolder()
  for (const [path, text] of Object.entries(files)) write(root, path, text)
  return findChecks(root, Object.keys(files), () => true)
}

/** 1,500 paths of 3,840 characters. */
const deep = (part: string, kind: number) =>
  Array.from({ length: 1500 }, (_, i) => `${part.repeat(3840 / part.length)}${kind}${i}.txtx`)
const kinds = (paths: readonly string[]) => paths.map((path) => [kindOfPath(path), isTestData(path)])
/** A file of definitions of one line. */
const definitions = Array.from({ length: 15_000 }, (_, i) => ({
  ...{ name: `a${i}`, signature: `let a${i} = 1`, doc: null, lines: { first: i + 1, last: i + 1 } },
})) as unknown as readonly CodeSymbol[]
const manyLets = Array<string>(20_000).fill('  let a = 1')
const declared = manyLets.map((_, i) => ({
  ...definitions[0]!,
  name: `a${i}`,
  qualified: `a${i}`,
  lines: { first: 1, last: 20_000 },
}))
const passageOf = ({ qualified, lines }: CodeSymbol): Passage => ({
  path: 'src/a.ts',
  name: qualified,
  kind: 'value',
  lines,
  signature: '',
  doc: '',
})
const textOf = (symbols: readonly CodeSymbol[]) => symbols.map(({ signature }) => signature).join('\n')
const names = Array.from({ length: 40_000 }, (_, i) => `field_${i}`)
const unknown = names.slice(0, 3000).map((name) => `un${name}`)
const noModel = { complete: async () => ({ stop: 'failed' }) } as unknown as Llm
const fileOf = (line: string) => ({ path: 'a.ts', lines: [line], passages: [] }) as never
const titlesOf = (text: string) =>
  llmsTxt({
    ...{ name: 'a', says: '', paths: ['docs/a.mdx'], sources: [], checks: () => ({ checks: [], also: [] }) },
    read: () => text,
  } as never)

/** 12,000 different indents. */
const indents = Array.from({ length: 12_000 }, (_, i) =>
  i.toString(2).padStart(15, '0').replaceAll('0', ' ').replaceAll('1', '\t'),
)
const indented = (by: string) => indents.map((indent) => `${by}${indent}x\n`).join('')
const cutLines = `[cut] b${'a'.repeat(210)} [cut]\n[cut] b${'a'.repeat(211)} [cut]\n`
const parsesAll = { importsOf: async () => null, syntaxErrors: async () => [{ first: 1, last: 1 }] } as never

function outputOf(text: string): Promise<string> {
  const output = boundedOutput(100_000, 100_000, async () => [])
  output.add(text)
  return output.text()
}

const thousands = (folder: string) => Array.from({ length: 150_000 }, (_, i) => `${folder}/${i}`)
const licences = new Map(
  [...thousands('vendor').map((path) => path.replace('/', '/x/LICENSE-1.')), 'LICENSE'].map((path) => [path, 'a']),
)
const sources = thousands('a').map((path) => ({
  ...{ path, source: 1, blob: 'a', language: 'go', sourceHash: 'a', state: 'none' as const },
  ...{ bytes: 900, symbols: 3, churn: 0, importers: 0, needed: 0 },
}))

test.each<[string, () => unknown]>([
  ['a reference to one long word', () => withoutTrailers(`Add a cache\n\nsee ${many('a')}`)],
  ['a reference to an address that ends in dots', () => withoutTrailers(`Add a cache\n\nsee https://a${many('.')} b`)],
  ['anchors in the file of a task runner', () => checksOf({ 'Taskfile.yml': million('&a ') })],
  ['tasks without end', () => checksOf({ 'Taskfile.yml': `tasks:\n${million('  a:\n')}` })],
  ['a title of signs', () => readsLike(`add ${many('-')}`)],
  ['a subject of spaces', () => findReverted([commit(`a${many(' ')}b`)])],
  [
    'a path of many folders',
    () => outrightHits(askOf(store, worktree, readRequest(`Add a cache\n\n${many('a/')}b.ts`))),
  ],
  ['a question of question marks', () => readRequest(`is ${million('?')}a`)],
  ['a question of words that ask', () => readRequest(`${million('where ')}!`)],
  ['a question of spaces', () => readRequest(`what${million(' ')}x`)],
  ['a form whose answers are signs', () => readRequest(`### What?\n### How?\naa${many('!')}bb${many('!')}`)],
  ['an entry of a check list that is dots', () => readItems(`- [ ] a${many('.')}x\n- [ ] b${many(' .')}x`)],
  ['an address of slashes', () => findItem(`https://${million('/')}x`, [])],
  ['a name of dots', () => canonicalName(`a${many('. ')}x`)],
  ['a hook of lines that begin ours', () => hasBlock(`#!/bin/sh\n${many('# >>> repose hook >>>\n')}`)],
  ['a subject of slashes', () => explainSubject(`a${million('/')}x`, index)],
  ['a question of slashes', () => explainAbout(`a${'/'.repeat(200_000)} x`, index)],
  ['an output of returns', () => outputOf('\r'.repeat(100_000))],
  ['an output of open codes', () => outputOf(`${'\x1b'.repeat(100_000)}a`)],
  ['a definition of hashes', () => explainSubject(`a${million('#')}(`, index)],
  ['a place of slashes', () => find.answer({ text: 'cache', in: `a${million('/')}x` }, index)],
  ['a Makefile of blanks', () => checksOf({ Makefile: `a${million(' ')}x\n` })],
  ['a go.work of empty lines', () => checksOf({ 'go.work': `${million('\n')}x` })],
  [
    'a pubspec.yaml of empty lines',
    () => checksOf({ 'pubspec.yaml': `a: 1${million('\n')}x`, 'test/a_test.dart': '' }),
  ],
  ['a test in Python of empty lines', () => checksOf({ 'test_a.py': `${million('\n')}x`, 'setup.py': '' })],
  ['a script of compilers', () => checksOf({ 'package.json': JSON.stringify({ scripts: { test: million('tsc ') } }) })],
  ['a document of empty lines', () => titlesOf(`# A${million('\n')}z`)],
  ['a document of tags that nothing closes', () => titlesOf(`# ${million('<')}\n${million('<\n')}`)],
  ['a document whose description is blanks', () => titlesOf(`---\ntitle: a${million(' ')}z\n---\n`)],
  ['paths of a folder of tests', () => findChecks(scratchFolder(), [...deep('test/', 0), 'build.sbt'], () => true)],
  ['paths of many signs', () => kinds(deep('a'.repeat(254).concat('/'), 1))],
  ['paths of many src', () => kinds(deep('src/', 2))],
  ['paths of many tests', () => kinds(deep('tests/', 3))],
  ['paths of many requirements', () => kinds(deep('requirements', 4))],
  ['a line of names and blanks', () => findUses('b', [fileOf(`b${million(' ')}!`)])],
  ['a row of letters', () => withoutPersonal({ text: 'z'.repeat(200_000) }, { paths: [], names: [] })],
  ['a field that nothing closes', () => ownWords(`:${million('s')}`, 9)],
  ['a look of commas', () => parseLooks(`open a${million('\n,')}`, [])],
  ['empty lines to a runner', () => withoutCommands(`a${million('\n')}b`)],
  ['an address of schemes', () => withoutCredentials(million('-a') + many('://'))],
  ['a plan of brackets', () => plansIn('a.md', `## Plans\n\n- ${'['.repeat(199_000)}\n- ${'[]('.repeat(60_000)}`)],
  ['a file of definitions', () => showFile(textOf(definitions), definitions, (text) => text.length)],
  [
    'a reply of names that nothing has',
    () =>
      repairClaims(noModel, {}, [{ at: ['does'], text: '', unknown }], { text: names.join('\n'), names }, undefined),
  ],
  ['a text to replace that is like the file', () => findText(million('a'), `ab${'a'.repeat(400_000)}`, '')],
  ['a long text for a thousand places', () => findText(million('a\n').slice(0, 20_000), 'a', many('b '))],
  [
    'a long text for a thousand places of another indent',
    () => findText('  a\n    b\n'.repeat(1100), 'a\n  b', many('b\n')),
  ],
  ['a text to replace that ends in a blank', () => findText(million('a'), `${'a'.repeat(60_000)} `, '')],
  [
    'a text to replace that overlaps itself',
    () => findText('\r\n'.repeat(1_000_000), `${'\n\r'.repeat(99_000)}\n`, ''),
  ],
  [
    'lines to replace of thousands of indents',
    () => findText(indented('  '), indented(''), many('y\n')).map((place) => place.replacement),
  ],
  [
    'lines to replace of one very long indent',
    () => findText(farIn(99_001).repeat(7), farIn(99_000), many('y\n')).map((place) => place.replacement),
  ],
  ['a cut text to replace that ends in blanks', () => findCut(many('b\n'), `x${' '.repeat(190_000)}\nzzz [cut]`, 'q')],
  [
    'a cut text to replace that is like the file',
    () => findCut(`${'c'.repeat(800)}b${'a'.repeat(212)}\n`.repeat(1900), `${cutLines.repeat(400)}z`, 'q'),
  ],
  [
    'imports to add to a file of many lines',
    () => {
      const text = '\n'.repeat(1_900_000)
      const added = names.slice(0, 499).map((name) => `import ${name}\n`)
      return addImport({ path: 'a.ts', before: text, text } as EditedFile, text, added.join(''), parsesAll)
    },
  ],
  [
    'imports to add beside one of a very long indent',
    () => {
      const text = `import (\n${' '.repeat(190_000)}"a"\n)\n`
      const tools = { importsOf: async () => ({ first: 1, last: 2 }), symbolsOf: async () => [] }
      return addImport({ path: 'a.go', before: text, text } as EditedFile, text, '(\n'.repeat(490), tools as never)
    },
  ],
  [
    'a look of an earlier run, all number signs',
    () => fetchedBy({ text: 'x', packed: [], opened: [`${'#'.repeat(190_000)}\u2028`], changed: [] }),
  ],
  ['a statement of slashes', () => statementEnd([`${million('/')}\u2028`], 0)],
  ['a fence of backticks', () => sections([`${million('`')}\u2028`])],
  [
    'blank lines around a definition',
    () => editSymbol('a\n', { first: 1, last: 1 }, 'replace', `${'\n'.repeat(190_000)}b`),
  ],
  [
    'a definition below thousands of comments',
    () => editSymbol(`${many('//\n')}a\n`, { first: 40_001, last: 40_001 }, 'replace', `${many('//\n')}b`),
  ],
  ['files of one folder', () => findChecks(scratchFolder(), thousands('a'), () => true)],
  [
    'licences of one folder',
    () => {
      const vendored = vendoredBy(licences)
      return [...licences.keys()].map((path) => vendored?.(path))
    },
  ],
  ['sources of the same content', () => planPass(sources)],
  ['one of many files that are called alike', () => nearest('a/b', thousands('a'))],
  ['links below many folders', () => names.slice(0, 200).map((name) => protectedBelow(`${'a/'.repeat(1900)}${name}`))],
  [
    'definitions that share a line',
    () =>
      symbolScorer(new Map([['let', 1]]))(
        definitions.map((one) => ({ ...one, qualified: one.name, lines: { first: 1, last: 1 } })),
        [textOf(definitions).replaceAll('\n', ';')],
      ),
  ],
  ['a declaration of very many names, for an outline', () => symbolScorer(new Map([['let', 1]]))(declared, manyLets)],
  [
    'a declaration of very many names, for a question',
    () =>
      rankPassages(
        [{ path: 'src/a.ts', summary: '', lines: manyLets, passages: declared.map(passageOf) }],
        readQuestion(store, worktree, readRequest('Where is the let?')),
      ),
  ],
  [
    'an answer of very many parts',
    () => {
      const whole = { ...passageOf(declared[0]!), kind: 'class' as const, score: 1, telling: () => [1] }
      const parts = declared
        .slice(0, 9990)
        .map((one, i) => passageOf({ ...one, lines: { first: 2 * i + 2, last: 2 * i + 3 } }))
      const file = { path: 'src/a.ts', summary: '', lines: manyLets, passages: [whole, ...parts] }
      return fillAnswer(
        { passages: [whole], files: new Map([['src/a.ts', file]]), uses: [] },
        1000,
        (text) => text.length,
      )
    },
  ],
  [
    'users that are very many',
    () =>
      findUses('let', [
        {
          path: 'src/a.ts',
          summary: '',
          lines: manyLets,
          passages: manyLets.map((_, i) => ({ ...passageOf(declared[i]!), lines: { first: i + 1, last: i + 1 } })),
        },
      ]),
  ],
  [
    'remarks of blanks',
    () => todosIn(Array(300).fill({ path: 'a.ts', line: 1, text: `// TODO${' '.repeat(490)}` }), new Map()),
  ],
  [
    'a removed line of methods',
    () => goneNames(`diff --git a/a.go b/a.go\n--- a/a.go\n@@ -1 +0,0 @@\n-${million('func (')}`),
  ],
  ['READMEs of brackets', () => Array.from({ length: 5 }, () => projectFacts(['README.md'], () => million('![')))],
  ['comments that nothing closes', () => plainRequest(`Add a cache\n\n${many('<!--')}`)],
])('%s takes no seconds', async (_, read) => {
  const started = performance.now()
  await read()
  expect(performance.now() - started).toBeLessThan(1500)
})
