const NUMBER =
  /^\s*(?:(?:issues?|tickets?|bugs?|pr|refs?|re|see|part of)[:\s]+|(?:fix(?:e[sd])?|close[sd]?)\s(?=[#\d, and]+ -- ))?(?:[[(](?:(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|issue|ticket)[:\s]+)?(?:[\w.-]+\/[\w.-]+)?(?:#|gh-)\d+[\])]|(?:#|gh-)\d+)(?:,? (?:and )?#\d+)*/i
const KEY = // with a space alone behind it, from three digits on: 'GPT-4 support'
  /^\s*(?!\[?(?:AES|BASE|CVE|ES|IEEE|ISO|MD|PEP|RFC|SHA|TLS|UTF)-)(?:\[[A-Z][A-Z0-9]+-\d+\]|[A-Z][A-Z0-9]+-(?:\d{3,}|\d+(?=\s*[:.;–—]|\s+[-[])))/
const VERSION = /^\s*\[(?:v\d+|v?\d+(?:\.(?:\d+|x|\*))+)\]:?\s*(?=\S)/i // '[13.x] ', of a branch that is released
const END = /^(?:\s*\[\d+\/\w+\])?(?:\s*(?::|\.|;|--?|–|—))?\s+(?=\S)/

const LAST = // '(#12)', 'fixes #12', 'for issue #12', 'Closes owner/name#12.'
  /[([]?(?:\b(?:(?:clos|fix|resolv|address|implement)(?:es?|e?d|ing|s)?|refs?|see|issues?|tickets?|bug|pr|part of)[:\s]+){0,2}(?<![\w#!])(?:(?:[\w.-][\w./-]+)?#|gh-|!)\d+[)\]]?\s*\.?$/i
const SIGNS = /[\s.,:;]+$/
const JOINT = /[\s.,:;([–—-]+$|\s(?:and|also|by|for|from|in|of|on|per|this|to|via|which|with)$/i
const LONGEST = 200 // characters, of references and the words before them

/**
 * A title without the tickets that it begins and ends with: '#12: ', 'Issue #12: ', 'Fixed #12 -- ' (Django), '[ABC-12] ' and 'ABC-12. ' (Jira); ' (#12)',
 * ', closes #12', ' for issue #12'. Nor with the version '[13.x] ' that it is made for. One that says nothing else stays. Linear in the title.
 */
export function withoutTicket(title: string): string {
  const from = Math.max(0, title.length - LONGEST)
  const rest = withoutFirst(title.slice(0, from) + withoutLast(title.slice(from)))
  return rest === '' ? title : rest
}

function withoutFirst(written: string): string {
  const title = written.replace(VERSION, '')
  const ticket = (NUMBER.exec(title) ?? KEY.exec(title))?.[0]
  const end = ticket === undefined ? null : END.exec(title.slice(ticket.length))
  return ticket === undefined || end === null ? title : title.slice(ticket.length + end[0].length)
}

function withoutLast(title: string): string {
  const last = LAST.exec(title)
  if (!last) return title
  const before = title.slice(0, last.index)
  return withoutLast(/^[([]/.test(last[0]) ? before.replace(SIGNS, '') : withoutJoint(before))
}

function withoutJoint(title: string): string {
  const before = title.replace(JOINT, '')
  return before === title ? title : withoutJoint(before)
}
