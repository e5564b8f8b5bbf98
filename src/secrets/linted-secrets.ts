import { basename, extname } from 'node:path'
import { passes, type ValueCheck } from './checks.ts'
import { keywordScanner } from './keyword-scan.ts'
import type { Secret } from './secret.ts'

// Keywords of the rules of secretlint 10.2.2 (later versions need Node 22). A text without any of them is not passed to it.
const KEYWORDS = [
  'akia|a3t|agpa|aida|aroa|aipa|anpa|anva|asia|secretkey|secret_key|secretaccess|secret_access|account|private key|private_key',
  '_authtoken|npm_|x-oauth-basic|xox|xapp-|hooks.slack.com|sk-|sg.|lin_api_|shppa_|shpca_|shpat_|shpss_|ops_ey',
  'ghp_|gho_|ghu_|ghs_|ghr_|github_pat_',
].flatMap((words) => words.split('|'))
const FORMS = new RegExp(
  [
    '(?:A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}',
    '(?:SECRET|secret|Secret)_?(?:ACCESS|access|Access)?_?(?:KEY|key|Key)[\'"`]?\\s{0,40}(?:=>|=|:)',
    '(?:ACCOUNT|account|Account)[\\s\\S]{0,40}?\\d{4}-?\\d{4}-?\\d{4}',
    'PRIVATE KEY|private_key|_authToken=|x-oauth-basic|hooks\\.slack\\.com|xox[bpaor]-|xapp-\\d|ops_ey|SG\\.\\w',
    '(?:npm|lin_api|shppa|shpca|shpat|shpss|gh[pousr]|github_pat)_\\w{32}|sk-[\\w-]{20}',
  ].join('|'),
  'y',
)
const LOGIN = /:\/\/[^\s/@]{0,256}:([^\s/@]{1,256})@/ // basic authentication, which our table finds too
const MOST_HITS = 1000 // secretlint compares each finding with all others: 10,000 take 20 s. Only our table checks such a text
const scan = keywordScanner(KEYWORDS)

// These rules report too much: 'npm_config_registry...', 'https://user:pass@...', the first line of a key.
const CHECKED: Readonly<Record<string, ValueCheck>> = {
  'secretlint-rule-npm': 'random or UUID',
  'secretlint-rule-basicauth': 'url password',
  'secretlint-rule-privatekey': 'key block',
}

/**
 * Places of secrets by secretlint's published rules, unsorted. Loaded on first use (100 ms), then some milliseconds per text with a
 * keyword; most texts have none. path: some rules apply only to certain file names.
 */
export async function lintedSecrets(text: string, path: string): Promise<readonly Secret[]> {
  if (!mayHold(text)) return []
  return (await lint(text, path)).flatMap(({ range: [from, to], message, ruleId }): Secret[] => {
    // some ranges have the secret's length but begin at the variable's name; the message ends with the secret itself
    const value = message.slice(from - to)
    const at = text.indexOf(value, from)
    const check = CHECKED[basename(ruleId)] ?? 'any'
    const isInFile = /npmrc/.test(message) // this rule applies to this file only
    if (!isInFile && !passes(check, LOGIN.exec(value)?.[1] ?? value)) return []
    const kind = kindOf(message)
    if (at >= 0) return [{ kind, from: at, to: at + value.length, isExact: true }]
    return [{ kind, from, to: to + text.slice(to).search(/$/m), isExact: false }]
  })
}

function mayHold(text: string): boolean {
  let hits = 0
  for (const { from } of scan(text)) {
    FORMS.lastIndex = from
    if (FORMS.test(text)) hits++
  }
  return hits > 0 && hits <= MOST_HITS
}

async function lint(text: string, path: string) {
  const [{ lintSource }, { creator }, { creator: anthropic }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/secretlint-rule-anthropic'),
  ])
  // its profiler fails on some names: a line break, '::end'
  const filePath = basename(path).replace(/[^\w.-]/g, '_')
  // same length, without comments that disable rules: the text must not decide what is sent
  const content = text.replaceAll('secretlint-', 'secretlint_')
  const rules = [
    { id: '@secretlint/secretlint-rule-preset-recommend', rule: creator },
    { id: '@secretlint/secretlint-rule-anthropic', rule: anthropic },
  ]
  const { messages } = await lintSource({
    source: { content, filePath, ext: extname(filePath), contentType: 'text' },
    options: { config: { rules } },
  })
  return messages
}

/** 'found GitHub Token(*****): *****' gives 'GitHub token'. */
function kindOf(message: string): string {
  const name = message.replace(/^found\s+/i, '').replace(/\s*[(:][\s\S]*$/, '')
  return name.replace(/\b(Token|Key|Secret|Access|Private|Credential|Id)\b/g, (word) => word.toLowerCase())
}
