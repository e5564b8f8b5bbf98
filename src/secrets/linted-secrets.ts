import { basename, extname } from 'node:path'
import { type Check, passes } from './checks.ts'
import { keywordScanner } from './keyword-scan.ts'
import type { Secret } from './secret.ts'

// What the rules of secretlint 10.2.2 look for (later ones want Node 22): a text that holds none of it is not given to them.
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
const LOGIN = /:\/\/[^\s/@]{0,256}:([^\s/@]{1,256})@/ // basic authentication, which the table knows too
const MOST_HITS = 1000 // secretlint compares each finding with all others: of 10,000 it takes 20 s. Such a text is left to the table
const scan = keywordScanner(KEYWORDS)

// These rules take more for a secret than there is: 'npm_config_registry...', 'https://user:pass@...', the first line of a key.
const CHECKED: Readonly<Record<string, Check>> = {
  'secretlint-rule-npm': 'random or UUID',
  'secretlint-rule-basicauth': 'url password',
  'secretlint-rule-privatekey': 'key block',
}

/**
 * Where secretlint's published rules find secrets, in no order. Loaded on first use (100 ms), then some milliseconds a text that may hold one; most texts
 * are not given to it. path: some rules look only at files of certain names.
 */
export async function lintedSecrets(text: string, path: string): Promise<readonly Secret[]> {
  if (!mayHold(text)) return []
  return (await lint(text, path)).flatMap(({ range: [from, to], message, ruleId }): Secret[] => {
    // some ranges are as long as the secret, and begin at the name of the variable; the message ends with the secret itself
    const told = message.slice(from - to)
    const at = text.indexOf(told, from)
    const check = CHECKED[basename(ruleId)] ?? 'any'
    const isInFile = /npmrc/.test(message) // what it looks for there stands nowhere else
    if (!isInFile && !passes(check, LOGIN.exec(told)?.[1] ?? told)) return []
    const kind = kindOf(message)
    if (at >= 0) return [{ kind, from: at, to: at + told.length, isExact: true }]
    return [{ kind, from, to: to + text.slice(to).search(/$/m), isExact: false }]
  })
}

function mayHold(text: string): boolean {
  let hits = 0
  scan(text, (_, at) => {
    FORMS.lastIndex = at
    if (FORMS.test(text)) hits++
  })
  return hits > 0 && hits <= MOST_HITS
}

async function lint(text: string, path: string) {
  const [{ lintSource }, { creator }, { creator: anthropic }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/secretlint-rule-anthropic'),
  ])
  // its profiler fails at some names: a line break, '::end'
  const filePath = basename(path).replace(/[^\w.-]/g, '_')
  // of the same length, and no comment that switches rules off: what is sent is not for the text to decide
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

/** 'found GitHub Token(*****): *****' says 'GitHub token'. */
function kindOf(message: string): string {
  const name = message.replace(/^found\s+/i, '').replace(/\s*[(:][\s\S]*$/, '')
  return name.replace(/\b(Token|Key|Secret|Access|Private|Credential|Id)\b/g, (word) => word.toLowerCase())
}
