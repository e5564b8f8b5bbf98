// '#12: ', 'Issue #12: ', '[Fix #12] ', 'Fixed #12 -- '; '[13.x] ' names the branch that a change is made for
const FIRST =
  /^\s*(?:\[(?:v?\d+\.(?:\d+|x)|(?:(?:fix|close|issue)\w*[:\s]+)?#\d+)\]|\(#\d+\)|(?:issue\s+|fixed\s(?=[#\d, ]+ -- ))?(?:#|gh-)\d+)(?:,? #\d+)*(?:\s*[:.|-]+)?\s+(?=\S)/i
// ' (#12)', ', closes #12', ' for issue #12', '. Resolves owner/name#12.'
const LAST =
  /[\s.,:;([-]*(?:\b(?:(?:close|fix|resolve|ref|issue)\w*|see|for|part of)[:\s]+)*(?:[\w.-]+\/[\w.-]+)?(?:#|gh-)\d+[)\]]*[\s.]*$/i
const LONGEST = 200 // characters at the end that may be references and their words

/** A title without issue numbers at its start and end. A title that holds nothing else stays as it is. Linear in the title. */
export function withoutTicket(title: string): string {
  const start = title.slice(0, -LONGEST)
  const rest = start.replace(FIRST, '') + withoutLast(start === '' ? title.replace(FIRST, '') : title.slice(-LONGEST))
  return rest === '' ? title : rest
}

function withoutLast(title: string): string {
  const before = title.replace(LAST, '')
  return before === title ? title : withoutLast(before)
}
