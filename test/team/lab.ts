import { join } from 'node:path'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { fileSourceHash } from '../../src/summary/source-hash.ts'
import { type Run, runRepose } from '../helpers/run-repose.ts'
import { userConfig } from '../helpers/user-config.ts'
import { scratchFolder, scratchRepo, sh } from '../repo/scratch-repo.ts'

export const FILES = {
  'src/price.ts': 'export function price(): number {\n  return 1\n}\n',
  'src/order.ts': "import { price } from './price'\n\nexport function order(): number {\n  return price()\n}\n",
  'README.md': '# Shop\n\nSells things.\n',
}
export const REF = 'refs/repose/store'
export const AT = 1_700_000_000_000

/** A repository with a bare remote that has its branch. */
export function repoWithRemote(files: Readonly<Record<string, string>> = FILES): { root: string; remote: string } {
  const root = scratchRepo(files)
  const remote = join(scratchFolder(), 'remote.git')
  sh(root, 'init', '-q', '--bare', '-b', 'main', remote)
  sh(root, 'remote', 'add', 'origin', remote)
  sh(root, 'push', '-q', '-u', 'origin', 'main')
  return { root, remote }
}

export function cloneOf(remote: string, ...options: string[]): string {
  const clone = join(scratchFolder(), 'clone')
  sh(scratchFolder(), 'clone', '-q', ...options, remote, clone)
  sh(clone, 'config', 'user.name', 'Grace Hopper')
  sh(clone, 'config', 'user.email', 'grace@example.org')
  return clone
}

/** Runs the program in a repository, with a configuration of the user. */
export function repose(root: string, args: readonly string[], config?: object, input?: string): Promise<Run> {
  return runRepose(args, {
    cwd: root,
    ...(config ? { env: userConfig(root, config) } : {}),
    ...(input ? { input } : {}),
  })
}

/** The program's JSON document. Throws what it said if it failed. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into any part of it
export async function told(root: string, ...args: string[]): Promise<any> {
  const run = await repose(root, [...args, '--json'])
  if (run.code !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

/** What a pass with a model would have left: a summary of each source file and definition. Needs facts: it indexes. */
export async function think(
  root: string,
  { model = 'thinker', at = AT, says = 'Keeps the price' }: { model?: string; at?: number; says?: string } = {},
): Promise<number> {
  const { code, stderr } = await repose(root, ['index'])
  if (code !== 0) throw new Error(stderr)
  return withStore(root, (store, worktree) => {
    let written = 0
    const save = (subject: string, kind: string, sourceHash: string, body: object) => {
      store.summaries.save(subject, { kind, sourceHash, promptVersion: 1, model, body, writtenAt: at })
      written++
    }
    for (const { path, blob, language } of store.facts.readableFiles(worktree)) {
      if (!path.startsWith('src/')) continue
      const symbols = store.facts.symbols(worktree, path)
      const body = { purpose: `${says} of ${path}.`, changesWith: '', watchOut: '', concepts: ['cost'] }
      save(path, 'file', fileSourceHash(blob, language), { ...body, symbols: [] })
      for (const { qualified, hash } of symbols)
        save(`${path}#${qualified}`, 'symbol', hash, { does: `${says} in ${qualified}` })
    }
    return written
  })
}

export function withStore<T>(root: string, work: (store: Store, worktree: number) => T): T {
  const store = openStore(join(root, '.git/repose/repose.db'))
  try {
    return work(store, store.facts.worktree(root).id)
  } finally {
    store.close()
  }
}

/** Texts of the files' summaries, by path, as a pack would show them, and where they came from. */
export function notes(root: string): Record<string, [purpose: string, origin: string | null]> {
  return withStore(root, (store) =>
    Object.fromEntries(
      store.summaries.subjects('file', 1000).flatMap((path) => {
        const row = store.summaries.latest(path, 'file')!
        return row.model === 'none' ? [] : [[path, [(row.body as { purpose: string }).purpose, row.origin]]]
      }),
    ),
  )
}
