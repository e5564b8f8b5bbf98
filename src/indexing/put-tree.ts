import { readRegularText } from '../files/read-regular.ts'
import { buildTree, RESOLVERS } from '../graph/resolve/index.ts'
import { languageOfPath } from '../parse/languages/index.ts'
import { breather } from '../processes/breathe.ts'
import type { Store } from '../store/open-store.ts'
import { searchableSummary } from '../summary/summary-reader.ts'
import type { Certainty, RepoPath } from '../types.ts'
import { sourceLanguage } from './source-language.ts'
import type { Tree } from './tree.ts'

/**
 * Updates the tables of a working tree to match the tree's listing. Returns the number of changed paths. digest:
 * stored, so that the next refresh can see that nothing has changed. Call it within transactionInSteps(). Throws the
 * signal's reason.
 */
export async function putTree(
  tree: Tree,
  store: Store,
  worktree: number,
  digest: string,
  oversized: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<number> {
  const breathe = breather(signal)
  const old = new Map(store.facts.files(worktree).map((file) => [file.path, file]))
  const readable: ReadableFile[] = []
  const touched: ReadableFile[] = []
  const unread: number[] = []
  let isComplete = true
  let pathsChanged = false
  const put = (path: RepoPath, source: number | null, reason: string | null, rule: string | null, blob = '') => {
    const known = old.get(path)
    old.delete(path)
    const isSame = known !== undefined && known.source === source && known.reason === reason && known.rule === rule
    const id = isSame ? known.id : store.facts.putFile(worktree, path, source, reason, rule)
    if (source !== null) readable.push({ id, path, source, blob })
    if (isSame) return
    // For imports, a path also comes or goes when it stops or starts being left out.
    pathsChanged ||= !known || (known.source === null) !== (source === null)
    if (source !== null) touched.push(readable.at(-1)!)
    else unread.push(id)
  }
  for (const file of tree.listing.files) {
    await breathe()
    const { path, blob, unread: unreadBy } = file
    const language = sourceLanguage(file)
    const known = old.get(path)
    const isKnown = known?.blob === blob && known.language === language
    const source = isKnown ? known.source : store.facts.sourceId(blob, language)
    if (source !== null) put(path, source, null, unreadBy?.rule ?? null, blob)
    else if (oversized.has(blob)) put(path, null, 'oversized', null)
    else isComplete = false // the file vanished or changed while it was read: the next refresh reads it again
  }
  for (const { path, reason, rule = null } of tree.listing.leftOut) {
    await breathe()
    put(path, null, reason, rule)
  }

  store.search.prepare(worktree)
  for (const ids of portionsOf([...unread, ...[...old.values()].map(({ id }) => id)])) {
    await breathe()
    store.search.remove(worktree, ids)
  }
  for (const gone of old.values()) {
    await breathe()
    store.facts.removeFile(gone.id)
  }
  for (const files of portionsOf(touched)) {
    await breathe()
    store.search.list(
      worktree,
      files.map(({ id, path, source, blob }) => ({
        file: id,
        path,
        source,
        summary: searchableSummary(store, path, blob, languageOfPath(path) ?? ''),
      })),
    )
  }
  for (const { id } of touched) {
    await breathe()
    store.search.fill(worktree, id)
  }

  for (const id of unread) store.facts.setImports(id, new Map())
  await resolveImports(tree, store, readable, touched, pathsChanged || old.size > 0, breathe)
  store.facts.setListing(worktree, isComplete ? digest : '', Date.now())
  return touched.length + unread.length + old.size
}

const AT_ONCE = 300 // files; an abort is noticed between two portions

function* portionsOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE)
}

interface ReadableFile {
  readonly id: number
  readonly path: RepoPath
  readonly source: number
  readonly blob: string
}

/** Resolves the imports of touched files; of every file, if paths came or went or a configuration changed. */
async function resolveImports(
  tree: Tree,
  store: Store,
  readable: readonly ReadableFile[],
  touched: readonly ReadableFile[],
  pathsChanged: boolean,
  breathe: ReturnType<typeof breather>,
): Promise<void> {
  const isConfig = (path: RepoPath) => Object.values(RESOLVERS).some((resolver) => resolver.isConfig(path))
  const ids = new Map(readable.map((file) => [file.path, file.id]))
  const blobs = new Map(readable.map((file) => [file.path, file.blob]))
  const paths = buildTree(ids.keys(), (path) => readRegularText(tree.fileOf(path, blobs.get(path)!)))
  const resolve = new Map(Object.entries(RESOLVERS).map(([language, resolver]) => [language, resolver.create(paths)]))
  const files = pathsChanged || touched.some((file) => isConfig(file.path)) ? readable : touched
  for (const file of files) {
    await breathe()
    const resolver = resolve.get(languageOfPath(file.path) ?? '')
    if (!resolver) continue
    const targets = new Map<number, Certainty>()
    for (const specifier of store.facts.imports(file.source)) {
      for (const { path, certainty } of resolver(file.path, specifier)) {
        const target = ids.get(path)
        if (target !== undefined && target !== file.id && targets.get(target) !== 'resolved')
          targets.set(target, certainty)
      }
    }
    store.facts.setImports(file.id, targets)
  }
}
