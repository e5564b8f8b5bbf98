/** Blanks text that the grammar cannot parse and no reader misses. Lines and columns stay the same. */
const blank = (text: string) => text.replace(/[^\n]/g, ' ')

// 'ZSTDLIB_API size_t ZSTD_compress(...': the macro before a type and a name is neither.
const MACRO =
  /^[ \t]*[A-Z][A-Z0-9]*_[A-Z0-9_]+[ \t]+(?=(?:(?:static|inline|extern|const|unsigned|struct|enum)[ \t]+)*[A-Za-z_][\w:]*[ \t*&]+\w+[ \t]*\()/gm

/** Blanks upper-case macros at the start of C and C++ declarations. Linear in the text. */
export function withoutMacros(text: string): string {
  return text.replace(MACRO, blank)
}

/** Blanks C# directives, and every branch of an '#if' but the first. Linear in the text. */
export function withoutBranches(text: string): string {
  if (!/^[ \t]*#[ \t]*if\b/m.test(text)) return text
  const isOther: boolean[] = [] // for each open '#if': whether this is not its first branch
  const lines = text.split('\n').map((line) => {
    const directive = /^[ \t]*#[ \t]*(\w+)/.exec(line)?.[1]
    if (directive === 'if') isOther.push(false)
    else if (directive === 'endif') isOther.pop()
    else if ((directive === 'else' || directive === 'elif') && isOther.length > 0) isOther[isOther.length - 1] = true
    return directive !== undefined || isOther.includes(true) ? blank(line) : line
  })
  return lines.join('\n')
}
