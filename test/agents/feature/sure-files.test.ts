import { afterEach, beforeEach, expect, test } from 'vitest'
import { runStaged } from '../../../agents/feature/staged/run-staged.ts'
import { sureFiles } from '../../../agents/feature/sure-files.ts'
import { openWorkspace } from '../../../agents/feature/workspace.ts'
import type { LlmReply, Message } from '../../../src/types.ts'
import { copyFixture, type FixtureRepo } from '../../helpers/fixture-repo.ts'

let shop: FixtureRepo
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterEach(() => shop.dispose())

const sized =
  (lines: number, ...generated: string[]) =>
  (paths: readonly string[]) =>
    new Map(paths.map((path) => [path, { lines, isGenerated: generated.includes(path) }]))
const ranked = (...scores: number[]) => scores.map((score, i) => ({ path: `${i}.ts`, score }))

test('few likely files that are small are shown at once', () => {
  expect(sureFiles(ranked(0.8, 0.7, 0.6, 0.05), sized(50))).toEqual(['0.ts', '1.ts', '2.ts'])
  expect(sureFiles(ranked(0.8, 0.7, 0.2, 0.05), sized(0, '2.ts'))).toEqual(['0.ts', '1.ts'])
})

test.each([
  ['no file is sure', ranked(0.6, 0.6), 10],
  ['many are expected to change', ranked(...Array.from({ length: 8 }, () => 0.7)), 10],
  ['they are long', ranked(0.8, 0.8), 200],
  ['nothing is known', [], 10],
])('none are where %s', (_, files, lines) => {
  expect(sureFiles(files, sized(lines))).toEqual([])
})

test('with files shown at once the first call may be the last', async () => {
  const asked: { purpose: string; messages: readonly Message[] }[] = []
  const edit = '@@ create src/tax.ts\n<<<<<<< text\nexport {}\n>>>>>>> end\n'
  const result = await runStaged({
    request: 'Add a tax',
    list: {
      text: 'src/\n1 vat.ts 20',
      listed: ['src/vat.ts'],
      sure: ['src/vat.ts'],
      rarity: new Map(),
      noteOf: () => null,
      isGenerated: () => false,
      namesLike: () => [],
    },
    workspace: openWorkspace(shop.root),
    doubted: new Set(),
    ask: async (purpose, messages) => {
      asked.push({ purpose, messages })
      return { stop: 'done', content: edit } as LlmReply
    },
    stepsLeft: () => 10,
    check: async () => [],
    usuallyToo: () => [],
    relevantOutput: (output) => output,
    note: () => {},
  })
  expect(result.stop).toBe('done')
  expect(asked.map(({ purpose }) => purpose)).toEqual(['edit'])
  const [, user] = asked[0]!.messages
  expect(user!.content).toContain('1 vat.ts 20')
  expect(user!.content).toContain('=== src/vat.ts\n')
})
