import { expect, test } from 'vitest'
import { likelihood } from '../../src/retrieve/likelihood.ts'
import { nameFiles, predictabilityOf, type RankedFile } from '../../src/retrieve/name-files.ts'
import type { Scored } from '../../src/retrieve/score.ts'

const scored = (path: string, score: number): Scored => ({ path, score, evidence: () => [] })
const odds = (probability: number) => Math.log(probability / (1 - probability))

/** Files that are told exactly these probabilities. */
function toldAs(probabilities: Readonly<Record<string, number>>): Scored[] {
  const ranked = Object.keys(probabilities).map((path) => scored(path, 1))
  const plain = new Map(likelihood(ranked).map(({ path, probability }) => [path, probability]))
  return ranked.map((file) => ({ ...file, shift: odds(probabilities[file.path]!) - odds(plain.get(file.path)!) }))
}

const named = (files: readonly RankedFile[]) =>
  files.flatMap(({ path, role }) => (role === 'maybe' ? [] : [`${role} ${path}`]))

test('three tests and three documents are companions at most, and only those that are likely enough', () => {
  const sure = Object.fromEntries(
    [4, 5, 6, 7].flatMap((i) => [
      [`test/${i}.test.ts`, i / 10],
      [`docs/${i}.md`, i / 10],
    ]),
  )
  expect(named(nameFiles(toldAs(sure)))).toEqual([
    ...['doc docs/7.md', 'test test/7.test.ts', 'doc docs/6.md', 'test test/6.test.ts'],
    ...['doc docs/5.md', 'test test/5.test.ts'],
  ])
  expect(named(nameFiles(toldAs({ 'docs/a.md': 0.31, 'docs/b.md': 0.29 })))).toEqual(['doc docs/a.md'])
})

test('configuration is named to modify as sources are', () => {
  const told = { 'config/default.yml': 0.9, 'config/schema.yml': 0.8, 'src/a.ts': 0.05 }
  expect(named(nameFiles(toldAs(told)))).toEqual(['modify config/default.yml', 'modify config/schema.yml'])
})

test('where configuration is the program, a lone script is not likely whatever is asked', () => {
  const told = (modules: number) => {
    const ranked = Array.from({ length: modules }, (_, i) => scored(`modules/${i}.tf`, 4 - i / 10))
    const files = likelihood([...ranked, scored('scripts/fmt.sh', 1)])
    return files.find(({ path }) => path === 'scripts/fmt.sh')!.probability
  }
  expect(told(0)).toBeGreaterThan(0.8)
  expect(told(20)).toBeLessThan(0.1)
})

test('what a tool writes is neither named nor counted among what is named, and says nothing of how predictable a request is', () => {
  const told = { 'src/a.ts': 0.9, 'src/b.ts': 0.1, 'src/c.ts': 0.1, 'made/a.ts': 0.95, 'made/b.ts': 0.95 }
  const files = nameFiles(
    toldAs(told).map((file) => (file.path.startsWith('made/') ? { ...file, isGenerated: true as const } : file)),
  )
  expect(named(files)).toEqual(['modify src/a.ts'])
  const why = ['is written by a tool, or marked as vendored']
  expect(files.map((file) => file.why)).toEqual([why, why, [], [], []])
  expect(predictabilityOf(files)).toBe(Math.round((100 * 1.8) / 2.1) / 100)
})

test('how predictable a request is follows its files, and one that names none to modify is not at all', () => {
  const of = (...probabilities: number[]) =>
    predictabilityOf(nameFiles(toldAs(Object.fromEntries(probabilities.map((told, i) => [`src/${i}.ts`, told])))))
  expect([of(0.9), of(0.5), of(0.5, 0.5), of(0.2)]).toEqual([0.95, 0.67, 0.67, 0.33])
  const guess = toldAs({ 'src/a.ts': 0.9 }).map((file) => ({ ...file, isGuess: true as const }))
  expect(predictabilityOf(nameFiles(guess))).toBe(0)
})

test('a hundred files are listed, the likeliest', () => {
  const files = nameFiles(Array.from({ length: 130 }, (_, i) => scored(`src/${i}.ts`, i)))
  expect(files.map(({ path }) => path)).toEqual(Array.from({ length: 100 }, (_, i) => `src/${129 - i}.ts`))
})
