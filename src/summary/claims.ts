import { breather } from '../processes/breathe.ts'
import { trimEndOf } from '../text/trim-end.ts'
import { sentencesOf } from './own-words.ts'
import { searchesIn } from './searches.ts'

/** What the names in a summary are checked against. */
export interface Ground {
  /** The whole text that the summary was written from. */
  readonly text: string
  /** Whether the repository has a definition, file or folder of this name or path. */
  isKnown(name: string): boolean
}

/**
 * Names that a text states and the code lacks, each once. Names are what stands in backticks, identifiers of several
 * parts (taxRate, tax_rate, TaxRate), calls (add()) and paths. Words of prose do not count, nor do terms that stand in
 * the source in another case, nor what its templates make. Linear in the text, and one search in the source a name.
 * breathe: see breather(); called before each name.
 */
export async function unsupportedClaims(statement: string, ground: Ground, breathe = breather()): Promise<string[]> {
  const { hasInAnyCase, makes } = searchesIn(ground)
  const isSupported = (name: string) => hasInAnyCase(name) || PROSE.test(name) || makes(name) || ground.isKnown(name)
  const unsupported = new Set<string>()
  for (const [, text] of statement.matchAll(QUOTE)) {
    const quoted = text!.trim()
    if (!unsupported.has(quoted) && !(await isQuoteSupported(quoted, ground, breathe))) unsupported.add(quoted)
  }
  const prose = statement.replace(QUOTE, ' ')
  for (const [name] of [...prose.matchAll(NAME), ...prose.matchAll(PATH)]) {
    await breathe()
    if (!isSupported(bare(name))) unsupported.add(name)
  }
  return [...unsupported]
}

const QUOTE = /`([^`\n]+)`/g

/** A text without the sentences that state one of the names; '' when none is left. */
export function dropClaims(statement: string, unsupported: readonly string[]): string {
  if (unsupported.length === 0) return statement
  return sentencesOf(statement)
    .filter((sentence) => !unsupported.some((name) => sentence.includes(name)))
    .join(' ')
}

// camelCase, PascalCase of two parts, snake_case, SCREAMING_CASE of two parts, call()
const NAME =
  /(?<![\w./-])(?:[a-z][a-z0-9]*[A-Z]\w*|[A-Z][a-z0-9]+[A-Z]\w*|[A-Za-z]\w*_\w+|[A-Za-z_]\w*(?=\(\)))(?![\w/])/g
// with an ending, or of three parts: 'and/or' and 'client/server' are prose
const PATH =
  /(?<![\w./@-])(?:[\w@.-]+\/)+[\w-]+\.[a-z]{1,6}\b|(?<![\w./@-])(?:[\w@.-]+\/){2,}[\w.-]*[\w-]|(?<![\w./-])[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|cs|json|toml|ya?ml|md|sql|sh)\b/g
// products, standards, units and styles of names that are written like names of code
const PROSE =
  /^(?:GitHub|GitLab|JavaScript|TypeScript|CoffeeScript|PostgreSQL|MySQL|NoSQL|SQLite|MongoDB|GraphQL|OpenAI|OpenAPI|OAuth\d?|WebSockets?|WebAssembly|IndexedDB|DevTools|macOS|iOS|iPadOS|tvOS|YouTube|LinkedIn|LaTeX|PowerShell|DynamoDB|CloudFront|BitBucket|jQuery|eBPF|gRPC|mTLS|PyPI|NumPy|[KMGT]iB|kB|DoS|UPPER_CASE|snake_case|(?:camel|Camel|Pascal)Case|Node\.js|Next\.js|Vue\.js|package\.json)$/

type Breathe = ReturnType<typeof breather>

const LITERAL = /^(?:null|nil|None|undefined|true|false|True|False|NaN|self|this)$/

/** 'add(item)', '--flag value', 'Cart.total', 'encode_...' and 'Cart.*' are supported if the source holds them as written, or holds all of their names. */
async function isQuoteSupported(quoted: string, ground: Ground, breathe: Breathe): Promise<boolean> {
  const { has, makes } = searchesIn(ground)
  await breathe()
  if (has(quoted) || LITERAL.test(quoted) || isKnown(quoted, ground) || makes(quoted)) return true
  // '<' and '2' have no names
  for (const name of quoted.replace(/\.{3}|\.(?=\*)/g, ' ').match(/[\p{L}_$@][\p{L}\p{N}_$./@-]*/gu) ?? []) {
    await breathe()
    if (!has(withoutSlash(name)) && !isKnown(name, ground) && !partsKnown(name, ground) && !makes(name)) return false
  }
  return true
}

/** True for 'Cart.total' if the source has 'class Cart' and 'total('. */
function partsKnown(name: string, ground: Ground): boolean {
  const { has } = searchesIn(ground)
  const parts = name.split('.').filter(Boolean)
  return parts.length > 1 && !name.includes('/') && parts.every((part) => has(part) || ground.isKnown(part))
}

function isKnown(name: string, ground: Ground): boolean {
  return ground.isKnown(bare(name)) || (name.endsWith('/') && ground.isKnown(withoutSlash(name)))
}

/** Code may name a folder without the slash at its end. */
function withoutSlash(name: string): string {
  return name.endsWith('/') ? name.slice(0, -1) : name
}

function bare(name: string): string {
  return trimEndOf(name.split('(', 1)[0]!, '.,:;')
}
