import type { RepoPath } from '../types.ts'

/** A folder with at least two members, or the root. */
export interface Folder {
  /** 'src/cart/': the subject of its summary; '.' for the root. */
  readonly subject: string
  readonly members: readonly FolderMember[]
}

export interface FolderMember {
  /** Relative to the folder: 'cart.ts', 'tax/'. A folder with a single entry is joined with it: 'main/java/App.java'. */
  readonly name: string
  /** Path of the file, or subject of the folder. */
  readonly subject: string
}

/** Folders of the given files: each after the folders in it, the root last. Members are sorted by name. O(files x depth). */
export function folderTree(paths: readonly RepoPath[]): readonly Folder[] {
  const root: Node = { files: [], folders: new Map() }
  for (const path of paths) {
    const parts = path.split('/')
    const file = parts.pop()!
    let node = root
    for (const part of parts) {
      const next = node.folders.get(part) ?? { files: [], folders: new Map() }
      node.folders.set(part, next)
      node = next
    }
    node.files.push(file)
  }
  const folders: Folder[] = []
  const collect = (node: Node, path: string): FolderMember[] => {
    const members = node.files.map((name) => ({ name, subject: path + name }))
    for (const [name, child] of node.folders) {
      const inside = collect(child, `${path}${name}/`)
      if (inside.length === 1) members.push({ ...inside[0]!, name: `${name}/${inside[0]!.name}` })
      else members.push({ name: `${name}/`, subject: `${path}${name}/` })
    }
    members.sort((a, b) => (a.name < b.name ? -1 : 1))
    if (path === '' || members.length > 1) folders.push({ subject: path || '.', members })
    return members
  }
  collect(root, '')
  return folders
}

interface Node {
  readonly files: string[]
  readonly folders: Map<string, Node>
}
