import { bold, cyan, dim, eachLine, green, type Paint, yellow } from './style.ts'

const ROLES: Readonly<Record<string, Paint>> = { modify: green, test: cyan, doc: cyan, read: yellow, maybe: dim }

/** A pack: headings, the roles of files, and evidence in the background. */
export const paintPack = eachLine((line) => {
  if (line.startsWith('## ')) return bold(line)
  const [, role, path, evidence = ''] = /^(modify|test|doc|read|maybe) (\S+)(.*)$/.exec(line) ?? []
  return role && path ? `${ROLES[role]!(role)} ${bold(path)}${dim(evidence)}` : line
})
