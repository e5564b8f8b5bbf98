import { isSource } from '../../paths.ts'
import { type Evidence, onOneLine, placeOf, type RecentCommit } from './evidence.ts'

const MOST = 12
const LEAST = 2 // members of a series
const MOST_SIBLINGS = 60 // a larger folder is no set of siblings
const MOST_NAMED = 8
const GENERAL = /^(index|main|mod|lib|init|__init__|types?|utils?|helpers?|common|base|test|tests|readme|doc)$/i

/**
 * Half-done series across siblings. Of titles: recent commits whose subjects differ in one word ('Port grep to the new parser', 'Port find
 * to the new parser'), where these words name files of one folder, and others there were not named. Of files: recent commits added a file
 * of the same name to several folders, and folders beside these lack it.
 *
 * paths: of the working tree. Newest first; at most twelve.
 */
export function seriesIn(commits: readonly RecentCommit[], paths: readonly string[]): Evidence[] {
  const sources = paths.filter(isSource)
  return [...titleSeries(commits, sources), ...fileSeries(commits, sources)].slice(0, MOST)
}

function titleSeries(commits: readonly RecentCommit[], paths: readonly string[]): Evidence[] {
  const groups = new Map<string, Map<string, RecentCommit>>() // template -> word -> the newest commit
  for (const commit of commits) {
    const words = wordsOf(commit.subject)
    if (words.length < 3 || words.length > 12) continue
    for (const [i, word] of words.entries()) {
      const template = words.map((one, at) => (at === i ? '…' : one)).join(' ')
      const group = groups.get(template) ?? new Map<string, RecentCommit>()
      if (!group.has(word)) group.set(word, commit)
      groups.set(template, group)
    }
  }
  const folders = stemsByFolder(paths)
  return [...groups]
    .filter(([, group]) => group.size >= LEAST)
    .flatMap(([template, group]): Evidence[] => {
      const done = [...group.keys()]
      const best = [...folders.values()]
        .map((stems) => ({ stems, named: done.filter((word) => stems.has(word)).length }))
        .filter(({ stems, named }) => named >= LEAST && named < stems.size)
        .sort((a, b) => b.named - a.named || a.stems.size - b.stems.size)[0]
      if (!best) return []
      const left = [...best.stems].filter((stem) => !group.has(stem) && !GENERAL.test(stem))
      if (left.length === 0) return []
      const text = `"${template}" is done for ${listed(done)}; not for ${listed(left)}`
      return [{ kind: 'series', place: placeOf([...group.values()][0]!), text: onOneLine(text) }]
    })
}

function fileSeries(commits: readonly RecentCommit[], paths: readonly string[]): Evidence[] {
  const folders = new Map<string, Set<string>>() // parent -> its folders that have files
  const names = new Map<string, Set<string>>() // folder -> names in it
  for (const path of paths) {
    const { parent, folder, name } = partsOf(path)
    if (folder === '') continue
    folders.set(parent, (folders.get(parent) ?? new Set()).add(folder))
    const key = parent + folder
    names.set(key, (names.get(key) ?? new Set()).add(name))
  }
  const added = new Map<string, { readonly commit: RecentCommit; readonly folders: Set<string> }>() // parent + name
  const isThere = new Set(paths)
  for (const commit of commits)
    for (const path of commit.added) {
      const { parent, folder, name } = partsOf(path)
      if (folder === '' || !isThere.has(path) || GENERAL.test(stemOf(name))) continue
      const key = `${parent}\0${name}`
      const group = added.get(key) ?? { commit, folders: new Set<string>() }
      group.folders.add(folder)
      added.set(key, group)
    }
  return [...added].flatMap(([key, { commit, folders: done }]): Evidence[] => {
    const [parent, name] = key.split('\0') as [string, string]
    const siblings = [...(folders.get(parent) ?? [])]
    const left = siblings.filter((folder) => !names.get(parent + folder)!.has(name))
    if (done.size < LEAST || left.length === 0 || left.length > done.size * 3 || siblings.length > MOST_SIBLINGS)
      return []
    const text = `${name} was added to ${listed([...done])} of ${parent || './'}; ${listed(left)} lack it`
    return [{ kind: 'series', place: placeOf(commit), text: onOneLine(text) }]
  })
}

function stemsByFolder(paths: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>()
  for (const path of paths) {
    const at = path.lastIndexOf('/') + 1
    const stems = folders.get(path.slice(0, at)) ?? new Set<string>()
    folders.set(path.slice(0, at), stems.add(stemOf(path.slice(at)).toLowerCase()))
  }
  for (const [folder, stems] of folders) if (stems.size > MOST_SIBLINGS) folders.delete(folder)
  return folders
}

/** The words of a subject in lower case, without numbers of pull requests and marks. */
function wordsOf(subject: string): string[] {
  return subject
    .toLowerCase()
    .replace(/\(?#\d+\)?/g, ' ')
    .split(/[^\p{L}\p{N}_.-]+/u)
    .map((word) => word.replace(/^[.-]+|(?<![.-])[.-]+$/g, ''))
    .filter(Boolean)
}

function partsOf(path: string): { readonly parent: string; readonly folder: string; readonly name: string } {
  const parts = path.split('/')
  const name = parts.pop()!
  const folder = parts.pop() ?? ''
  return { parent: parts.map((part) => `${part}/`).join(''), folder, name }
}

function stemOf(name: string): string {
  return name.replace(/\..*$/, '')
}

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? [`${names.length - MOST_NAMED} more`] : []
  return [...names.slice(0, MOST_NAMED), ...more].join(', ')
}
