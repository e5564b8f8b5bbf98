import { bold, cyan, dim, eachLine, green, type Paint, yellow } from './style.ts'

const ROLES: Readonly<Record<string, Paint>> = { modify: green, test: cyan, doc: cyan, read: yellow, maybe: dim }

/** The code in a pack: its headings. */
export const paintCode = eachLine((line) => (line.startsWith('## ') ? bold(line) : line))

/** The files of a pack: headings and roles; evidence in a fainter colour, also on continued lines. */
export const paintFiles = eachLine((line) => {
  if (line.startsWith('## ')) return bold(line)
  if (/^ {4,}/.test(line)) return dim(line)
  const [, role, path, evidence = ''] = /^(modify|test|doc|read|maybe) (\S+)(.*)$/.exec(line) ?? []
  return role && path ? `${ROLES[role]!(role)} ${bold(path)}${dim(evidence)}` : line
})
