/** What a grammar stumbles over and no reader misses is blanked before a text is parsed: lines and columns stay. */
const blank = (text: string) => text.replace(/[^\n]/g, ' ')

// 'ZSTDLIB_API size_t ZSTD_compress(...': before a type and a name it is neither.
const MACRO =
  /^[ \t]*[A-Z][A-Z0-9]*_[A-Z0-9_]+[ \t]+(?=(?:(?:static|inline|extern|const|unsigned|struct|enum)[ \t]+)*[A-Za-z_][\w:]*[ \t*&]+\w+[ \t]*\()/gm

/** C and C++ without macros of capitals at the start of a declaration. Linear in the text. */
export function withoutMacros(text: string): string {
  return text.replace(MACRO, blank)
}

/** C# without directives, and of each '#if' the first branch alone. Linear in the text. */
export function withoutBranches(text: string): string {
  if (!/^[ \t]*#[ \t]*if\b/m.test(text)) return text
  const isOther: boolean[] = [] // of each '#if' that is open: whether this is not its first branch
  const lines = text.split('\n').map((line) => {
    const directive = /^[ \t]*#[ \t]*(\w+)/.exec(line)?.[1]
    if (directive === 'if') isOther.push(false)
    else if (directive === 'endif') isOther.pop()
    else if ((directive === 'else' || directive === 'elif') && isOther.length > 0) isOther[isOther.length - 1] = true
    return directive !== undefined || isOther.includes(true) ? blank(line) : line
  })
  return lines.join('\n')
}
