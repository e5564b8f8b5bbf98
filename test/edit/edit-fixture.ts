import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { expect } from 'vitest'
import { applyEdits, type EditTools } from '../../src/edit/apply-edits.ts'
import { editPermission } from '../../src/edit/permission.ts'
import type { Edit, Lines } from '../../src/types.ts'
import { newFolder } from '../helpers/scratch-folders.ts'

/** A new folder with the given files. */
export function folderWith(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const root = newFolder('test-edit-')
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

export function text(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Every file with its content and mode: equal before and after, when nothing may change. */
export function snapshot(root: string): Record<string, string> {
  const files: Record<string, string> = {}
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const stats = statSync(path, { throwIfNoEntry: false })
    files[path.slice(root.length).replaceAll(sep, '/')] = stats?.isFile()
      ? `${stats.mode} ${readFileSync(path, 'latin1')}`
      : 'no file'
  }
  return files
}

/** What is wrong with a batch, as lines "edit path: message". Fails where the batch, being wrong, changed something. */
export async function messages(root: string, edits: readonly Edit[], own: EditTools = tools): Promise<string[]> {
  const before = snapshot(root)
  const outcome = await applyEdits(root, edits, own)
  expect(snapshot(root)).toEqual(before)
  return outcome.ok ? ['(no problem)'] : outcome.problems.map((one) => `${one.edit} ${one.path}: ${one.message}`)
}

/** A parser for tests: a definition runs from a line with `function NAME` or `def NAME` to the last line of its block; '@@' is an error. */
export const tools: EditTools = {
  permission: editPermission({ request: null, allowed: [] }),
  symbolsOf: async (_, source) => {
    const lines = source.split(/\r?\n/)
    return lines.flatMap((line, i) => {
      const match = /^(\s*)(?:function|def|class|const) (\w+)/.exec(line)
      if (!match) return []
      const indent = match[1]!.length
      let last = i
      for (let at = i + 1; at < lines.length && !/;$/.test(line); at++) {
        const next = lines[at]!
        if (next.trim() === '') continue
        const own = /^\s*/.exec(next)![0].length
        if (own < indent || (own === indent && !/^\s*\}/.test(next))) break
        last = at
        if (own === indent) break
      }
      return [{ qualified: match[2]!, lines: { first: i + 1, last: last + 1 } }]
    })
  },
  syntaxErrors: async (_, source) => {
    return source
      .split(/\r?\n/)
      .flatMap((line, i): Lines[] => (line.includes('@@') ? [{ first: i + 1, last: i + 1 }] : []))
  },
}
