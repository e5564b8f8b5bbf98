import { expect, test } from 'vitest'
import { implementRequest } from '../../../agents/feature/agent.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { shownPath } from '../../../src/paths.ts'
import { applyToTree } from '../../../src/repo/apply-result.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { isWindows } from '../../helpers/platform.ts'
import { read, scratchRepo } from '../../repo/scratch-repo.ts'

const ODD = [
  'new\nline.ts',
  'back\\slash.ts',
  'tick`s.ts',
  'a`b`c.ts',
  'say "hi".ts',
  '"q".ts',
  'größe: 3.ts',
  'src/tab\tle.ts',
]
const text = (name: string) => `export const ${name} = 1\n${'// row\n'.repeat(60)}export const last = 2\n`

async function run(effort: 'low' | 'high', asPrinted: (path: string) => string) {
  const root = scratchRepo({
    ...Object.fromEntries(ODD.map((path, i) => [path, text(`first${i}`)])),
    'backslash.ts': text('other'),
  })
  const [repo, store] = [await openRepo(root), openStore(':memory:')]
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1e6, maxCommits: 10, processes: 1 })
  const looks = ODD.map((path, i) =>
    i % 2 ? `search last|const in ${asPrinted(path)}` : `open ${asPrinted(path)}:1-2`,
  )
  const edits = ODD.map(
    (path, i) => `@@ replace ${asPrinted(path)}\n<<<<<<< find\nfirst${i}\n======= replace\nchanged${i}\n>>>>>>> end\n`,
  )
  const [seen, made] = [looks.join('\n'), edits.join('')]
  const call = (name: string, input: object) => ({ toolCalls: [{ id: name, name, arguments: JSON.stringify(input) }] })
  const llm = scriptedLlm(
    effort === 'low'
      ? [seen, made]
      : [call('look', { lines: seen }), call('edit', { edits: made }), call('done', { note: '' })],
  )
  const options = { repo, store, worktree, llm, effort, checks: [], checkTimeoutMs: 1000, budgetTokens: 1e6 }
  const signal = new AbortController().signal
  const result = await implementRequest('Change first', { ...options, signal }, async (done) => done)
  return { root, result, sent: llm.requests.map(({ messages }) => messages.map(({ content }) => content).join('\n')) }
}

test.skipIf(isWindows).each([
  ['low', shownPath],
  ['high', shownPath],
  ['low', (path: string) => JSON.stringify(path)],
] as const)(
  'files of any name are listed, opened, searched and edited as they are printed: %s',
  async (effort, asPrinted) => {
    const { root, result, sent } = await run(effort, asPrinted)
    for (const [i, path] of ODD.entries()) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      expect(sent[0]).toContain(` ${shownPath(name)} 63: first${i} `)
      expect(sent[1]).toContain(
        i % 2 ? `\n${shownPath(path)}\n1:export` : `=== ${shownPath(path)}\nexport const first${i}`,
      )
    }
    expect(sent[1]).not.toContain('other = 1')
    expect(result).toMatchObject({ stop: 'done', modified: expect.arrayContaining(ODD) })
    expect(result.modified).toHaveLength(ODD.length)
    expect((await applyToTree(root, result.diff)).status).toBe('applied')
    for (const [i, path] of ODD.entries()) expect(read(root, path)).toMatch(`export const changed${i} = 1`)
  },
)
