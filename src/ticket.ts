const NUMBER =
  /^\s*(?:(?:issues?|tickets?|bugs?|pr|refs?|re|see|part of)[:\s]+|(?:fix(?:e[sd])?|close[sd]?)\s(?=[#\d, and]+ -- ))?(?:[[(](?:(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|issue|ticket)[:\s]+)?(?:[\w.-]+\/[\w.-]+)?(?:#|gh-)\d+[\])]|(?:#|gh-)\d+)(?:,? (?:and )?#\d+)*/i
const KEY = // with a space alone behind it, from three digits on: 'GPT-4 support'
  /^\s*(?!\[?(?:AES|BASE|CVE|ES|IEEE|ISO|MD|PEP|RFC|SHA|TLS|UTF)-)(?:\[[A-Z][A-Z0-9]+-\d+\]|[A-Z][A-Z0-9]+-(?:\d{3,}|\d+(?=\s*[:.;–—]|\s+[-[])))/
const END = /^(?:\s*\[\d+\/\w+\])?(?:\s*(?::|\.|;|--?|–|—))?\s+(?=\S)/

/** A title without the ticket that it begins with: '#12: ', 'Issue #12: ', 'Fixed #12 -- ' (Django), '[ABC-12] ' and 'ABC-12. ' (Jira). */
export function withoutTicket(title: string): string {
  const ticket = (NUMBER.exec(title) ?? KEY.exec(title))?.[0]
  const end = ticket === undefined ? null : END.exec(title.slice(ticket.length))
  return ticket === undefined || end === null ? title : title.slice(ticket.length + end[0].length)
}
