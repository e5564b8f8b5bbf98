import { bold, cyan, eachLine, green, red } from './style.ts'

/** A git diff: added lines green, removed ones red. */
export const paintDiff = eachLine((line) => {
  if (
    /^(diff |index |old mode|new mode|new file|deleted file|similarity|rename |copy |--- |\+\+\+ |Binary )/.test(line)
  )
    return bold(line)
  if (line.startsWith('@@')) return line.replace(/^@@.*?@@/, cyan)
  if (line.startsWith('+')) return green(line)
  return line.startsWith('-') ? red(line) : line
})
