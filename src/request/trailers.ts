const TRAILER =
  /^(signed-off-by|co-authored-by|co-developed-by|reviewed-by|reviewed-on|acked-by|tested-by|approved-by|reported-by|suggested-by|helped-by|change-id|pr-url|see merge request|git-svn-id|gitorigin-revid|generated-by|cherry-picked from|x-[\w-]+(?=:)|backport-of|auto-submit|commit-queue|reviewable(?=:))\b[:\s]|^cc:.*@|^bug: ?(#?\d+$|https?:)/i
const REFERENCE =
  /^(close[sd]?|fix(e[sd])?|resolve[sd]?|refs?|see|related( to)?|part of|issue|pr)[:\s]+((\w[\w./-]*)?#\d+[\s,.]*|https?:\/\/\S+(\s[\s,.]*)?)$/i

/** 'Signed-off-by: ...', 'Co-authored-by: ...' and the like: they name who took part in a change, not what it is. */
export function isTrailer(line: string): boolean {
  return TRAILER.test(line.trim())
}

/** A message or request without trailers, horizontal rules, and lines that only refer to an issue ('Closes #12'). Linear in the text. */
export function withoutTrailers(text: string): string {
  return text
    .split('\n')
    .filter((line) => !isTrailer(line) && !REFERENCE.test(line.trim()) && !/^-{3,}\s*$/.test(line))
    .join('\n')
}
