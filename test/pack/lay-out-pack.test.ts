import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type LayOutOptions, layOutPack, outlinedFiles } from '../../src/pack/lay-out-pack.ts'
import { readRequest } from '../../src/request/read-request.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import type { CodeSymbol } from '../../src/types.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'
import { scratchFolder, write } from '../repo/scratch-repo.ts'

const file = (path: string, role: RankedFile['role'], score: number, more: Partial<RankedFile> = {}): RankedFile => ({
  ...{ path, role, score, why: ['speaks of the price', 'changed lately', 'is imported'] },
  ...more,
})

const definition = (name: string, first: number, last: number, more: Partial<CodeSymbol> = {}): CodeSymbol => ({
  ...{ name, qualified: name, kind: 'function', lines: { first, last }, hash: name },
  ...{ signature: `function ${name}(): void`, doc: null },
  ...more,
})

/** Packs for a project with these files, on disk and in the index. Each line of a definition holds its name and a number. */
function project(files: Readonly<Record<string, readonly CodeSymbol[]>>) {
  const root = scratchFolder()
  const made = handMadeStore(
    Object.fromEntries(
      Object.entries(files).map(([path, symbols]) => [
        path,
        { symbols, body: symbols.map(({ name }) => name).join(' ') },
      ]),
    ),
  )
  for (const [path, symbols] of Object.entries(files)) {
    const lines: string[] = []
    for (const { name, lines: at } of symbols) for (let i = at.first; i <= at.last; i++) lines[i - 1] = `${name} ${i}`
    write(root, path, lines.join('\n'))
  }
  return (text: string, ranked: readonly RankedFile[], more: Partial<LayOutOptions> = {}) =>
    layOutPack(readRequest(text), made.store, {
      ...{ root, worktree: made.worktree, budgetTokens: 4000, files: ranked, summaryOf: () => null },
      ...more,
    })
}

const PRICE = project({ 'src/price.ts': [definition('roundPrice', 1, 4)], 'src/other.ts': [] })

test('recipe, files to change, files to read and related files stand in this order, each under its heading', () => {
  const files = [
    file('src/price.ts', 'modify', 0.9),
    file('test/price.test.ts', 'test', 0.6),
    file('src/model.ts', 'read', 0.1),
    file('src/other.ts', 'maybe', 0.2),
  ]
  const { text, items } = PRICE('Round the price', files, { recipe: 'Such a change adds a rule.' })
  expect(text.split('\n').slice(0, 13)).toEqual([
    '## How this repository is usually changed',
    'Such a change adds a rule.',
    '',
    '## Files likely to change, best first',
    'modify src/price.ts  (speaks of the price; changed lately)',
    'test test/price.test.ts  (speaks of the price; changed lately)',
    '',
    '## To read: a new file is to look like it',
    'read src/model.ts  (speaks of the price; changed lately)',
    '',
    '## Related, probably not to change',
    'src/other.ts',
    '',
  ])
  expect(items.map(({ kind, subject }) => [kind, subject])).toEqual([
    ['recipe', '.'],
    ['file', 'src/price.ts'],
    ['file', 'test/price.test.ts'],
    ['file', 'src/model.ts'],
    ['file', 'src/other.ts'],
    ['outline', 'src/price.ts#roundPrice'],
    ['body', 'src/price.ts#roundPrice'],
  ])
})

test('a likely file is outlined, and the definition that fits the request is shown whole', () => {
  const { text } = PRICE('Round the price', [file('src/price.ts', 'modify', 0.9)])
  expect(text.slice(text.indexOf('## src'))).toBe(
    [
      '## src/price.ts',
      '1-4 function roundPrice(): void',
      '',
      '## src/price.ts#roundPrice, lines 1-4',
      ...[1, 2, 3, 4].map((line) => `roundPrice ${line}`),
    ].join('\n'),
  )
})

test('a budget below 400 tokens names files without their evidence', () => {
  const line = (budgetTokens: number) =>
    PRICE('Round the price', [file('src/price.ts', 'modify', 0.9)], { budgetTokens }).text.split('\n')[1]
  expect(line(400)).toBe('modify src/price.ts  (speaks of the price; changed lately)')
  expect(line(399)).toBe('modify src/price.ts')
})

test('files that nothing speaks for are related only by name: the pack says so, and outlines nothing', () => {
  const guess = file('src/price.ts', 'maybe', 0.2, { isGuess: true })
  const { text } = PRICE('Round the price', [guess])
  expect(text).toBe('## Nothing here speaks of the request; what changed lately, and what goes with it\nsrc/price.ts')
  expect(PRICE('Round the price', [guess, file('src/other.ts', 'maybe', 0.1)]).text).toContain('## Related')
  expect(PRICE('Round the price', [file('src/price.ts', 'maybe', 0)]).text).toBe('')
})

test('a summary stands in place of the comment, and one that is older than the code is marked', () => {
  const summaries: Record<string, { text: string; stale: boolean }> = {
    'src/price.ts': { text: 'All about prices.', stale: false },
    'src/price.ts#roundPrice': { text: 'Rounds up.', stale: true },
  }
  const { text, items } = PRICE('Round the price', [file('src/price.ts', 'modify', 0.9)], {
    summaryOf: (subject) => summaries[subject] ?? null,
  })
  expect(text).toContain('## src/price.ts  All about prices.\n1-4 function roundPrice(): void  // Rounds up.')
  expect(items.find(({ subject }) => subject === 'src/price.ts#roundPrice')).toMatchObject({
    ...{ kind: 'summary', stale: true },
  })
})

test('bodies are shown of definitions that fit, unless they are classes, tests, single lines or very long', () => {
  const shown = (more: Partial<CodeSymbol>, last = 5) => {
    const show = project({ 'src/a.ts': [definition('roundPrice', 1, last, more), definition('zebra', 200, 204)] })
    return show('Round the price', [file('src/a.ts', 'modify', 0.9)])
      .items.filter(({ kind }) => kind === 'body')
      .map(({ subject }) => subject)
  }
  expect(shown({})).toEqual(['src/a.ts#roundPrice'])
  expect(shown({ kind: 'class' })).toEqual([])
  expect(shown({ kind: 'test' })).toEqual([])
  expect([shown({}, 2), shown({}, 3)]).toEqual([[], ['src/a.ts#roundPrice']])
  expect([shown({}, 61), shown({}, 62)]).toEqual([['src/a.ts#roundPrice'], []])
})

test('of a large file the fourteen definitions that fit best are outlined, in the order of the file', () => {
  const many = Array.from({ length: 20 }, (_, i) => definition(i < 5 ? `zebra${i}` : `roundPrice${i}`, i + 1, i + 1))
  const show = project({ 'src/a.ts': many })
  const { items } = show('Round the price', [file('src/a.ts', 'modify', 0.9)])
  const outlined = items.filter(({ kind }) => kind === 'outline').map(({ subject }) => subject)
  expect(outlined).toHaveLength(14)
  expect(outlined).toEqual([...outlined].sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b))))
  expect(outlined.join()).not.toContain('zebra')
})

test('a name that a file defines twice is outlined with its owner', () => {
  const inClass = (owner: string, line: number) =>
    definition('price', line, line, { qualified: `${owner}.price`, kind: 'method', signature: 'price(): number' })
  const show = project({ 'src/a.ts': [inClass('Book', 1), inClass('Cart', 2), definition('round', 3, 3)] })
  const { text } = show('Round the price', [file('src/a.ts', 'modify', 0.9)])
  expect(text).toContain('1 Book: price(): number\n2 Cart: price(): number\n3 function round(): void')
})

test('six bodies are shown at most, those of the likeliest files', () => {
  const paths = Array.from({ length: 8 }, (_, i) => `src/${i}.ts`)
  const show = project(Object.fromEntries(paths.map((path) => [path, [definition('roundPrice', 1, 4)]])))
  const { items } = show(
    'Round the price',
    paths.map((path, i) => file(path, 'modify', 0.1 + i / 10)),
  )
  const bodies = items.filter(({ kind }) => kind === 'body').map(({ subject }) => subject)
  expect(bodies.sort()).toEqual(paths.slice(2).map((path) => `${path}#roundPrice`))
})

test('as soon as it fits, the body of a likely file is taken before the outline of an unlikely one', () => {
  const show = project({ 'src/a.ts': [definition('roundPrice', 1, 4)], 'src/b.ts': [definition('roundPrice', 1, 4)] })
  const files = [file('src/a.ts', 'modify', 0.9), file('src/b.ts', 'modify', 0.01)]
  const held = Array.from({ length: 100 }, (_, i) => {
    const { items } = show('Round the price', files, { budgetTokens: 50 + i })
    return items.slice(2).map(({ kind, subject }) => `${kind} ${subject[4]}`)
  })
  expect([...new Set(held.map((one) => one.join(', ')))]).toEqual([
    'outline a, outline b', // no body fits
    'outline a, body a',
    'outline a, outline b, body a',
    'outline a, outline b, body a, body b',
  ])
})

test('twelve named files are outlined, others only to five in all, and generated ones never', () => {
  const maybe = Array.from({ length: 14 }, (_, i) => file(`src/${i}.ts`, 'maybe', 0.9))
  const named = Array.from({ length: 14 }, (_, i) => file(`src/named-${i}.ts`, 'modify', 0.1))
  const written = file('src/written.ts', 'modify', 0.9, { isGenerated: true })
  const outlined = (...files: (typeof written)[]) => outlinedFiles(files).map(({ path }) => path)
  expect(outlined(...maybe, named[0]!, written)).toEqual([
    'src/named-0.ts',
    'src/0.ts',
    'src/1.ts',
    'src/2.ts',
    'src/3.ts',
  ])
  expect(outlined(...maybe, ...named)).toEqual(named.slice(0, 12).map(({ path }) => path))
})

test('effort is low where the expected share of right files is high enough', () => {
  const of = (score: number) => PRICE('Round the price', [file('src/price.ts', 'modify', score)])
  expect(of(0.9)).toMatchObject({ effort: 'low', isSpokenOf: true, unknownWords: [] })
  expect(of(0.05)).toMatchObject({ effort: 'high' })
  expect(PRICE('Paint the zebra', []).unknownWords).toEqual(['Paint', 'zebra'])
  expect(PRICE('Paint the zebra', []).isSpokenOf).toBe(false)
})

test('a file that vanished meanwhile is still named and outlined, without a body', () => {
  const { items } = PRICE('Round the price', [file('src/price.ts', 'modify', 0.9)], {
    root: join(scratchFolder(), 'no'),
  })
  expect(items.map(({ kind }) => kind)).toEqual(['file', 'outline'])
})

test('a name that occurs once is outlined without its owner', () => {
  const method = (owner: string, name: string, line: number) =>
    definition(name, line, line, { qualified: `${owner}.${name}`, kind: 'method', signature: `${name}(): number` })
  const show = project({ 'src/a.ts': [method('Book', 'price', 1), method('Cart', 'total', 2)] })
  const { text } = show('Round the price', [file('src/a.ts', 'modify', 0.9)])
  expect(text).toContain('1 price(): number\n2 total(): number')
})

test('a body holds the lines of its definition alone, and nothing is stale without a summary that is', () => {
  const show = project({ 'src/a.ts': [definition('roundPrice', 1, 4), definition('priceOfRound', 6, 9)] })
  const { items } = show('Round the price', [file('src/a.ts', 'modify', 0.9)], { recipe: 'A rule.' })
  const bodies = items.filter(({ kind }) => kind === 'body').map(({ text }) => text)
  expect(bodies).toEqual([
    [1, 2, 3, 4].map((line) => `roundPrice ${line}`).join('\n'),
    [6, 7, 8, 9].map((line) => `priceOfRound ${line}`).join('\n'),
  ])
  expect(items.filter(({ stale }) => stale)).toEqual([])
})

test('what is worth most is a recipe, a likely file, and in it the definition that fits best; a model to read counts a third', () => {
  const show = project({
    'src/a.ts': [definition('roundPrice', 1, 4), definition('zebra', 6, 9)],
    'src/model.ts': [definition('roundPrice', 1, 4)],
    'src/unlikely.ts': [],
  })
  const files = [file('src/a.ts', 'modify', 0.9), file('src/unlikely.ts', 'test', 0.1), file('src/model.ts', 'read', 0)]
  const { items } = show('Round the price', files, { recipe: 'A rule.' })
  const worth = new Map(items.map(({ kind, subject, value }) => [`${kind} ${subject}`, value]))
  const [recipe, likely, unlikely] = ['recipe .', 'file src/a.ts', 'file src/unlikely.ts'].map((one) => worth.get(one)!)
  expect(recipe).toBe(3)
  expect(likely! / unlikely!).toBeCloseTo(9)
  const [best, other, model] = ['src/a.ts#roundPrice', 'src/a.ts#zebra', 'src/model.ts#roundPrice'].map(
    (subject) => worth.get(`outline ${subject}`)!,
  )
  expect(best! / other!).toBeCloseTo(1.2 / 0.2)
  expect(model! / best!).toBeCloseTo(1 / 3 / 0.9)
  expect(worth.get('body src/a.ts#roundPrice')).toBeCloseTo(2 * best!)
})
