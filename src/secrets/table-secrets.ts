import { passes } from './checks.ts'
import { joinedText } from './joined-text.ts'
import { keywordScanner } from './keyword-scan.ts'
import { LEAST_RUN, longRuns, mayBeText, textOfBase64 } from './long-runs.ts'
import { RULES, type Rule } from './rules.ts'
import { type Secret, withoutOverlaps } from './secret.ts'
import { isUnnamedKey } from './unnamed-key.ts'

const DEEPEST = 2 // base64 within base64

/**
 * Places of secrets by the table in rules.ts: sorted, without overlaps. Also finds them in base64, in concatenated strings and in strings
 * continued over several lines. Most texts need one scan of their characters and no regular expression.
 */
export function tableSecrets(text: string): readonly Secret[] {
  const found = secretsAt(text, 'all')
  if (text.length >= LEAST_RUN) {
    const joined = joinedText(text)
    const inJoined = joined === null ? [] : [...secretsAt(joined.text, 'forms'), ...inRuns(joined.text, DEEPEST)]
    for (const secret of inJoined) if (joined!.isSeamWithin(secret)) found.push(joined!.toWhole(secret))
    found.push(...inRuns(text, DEEPEST))
  }
  return found.length === 0 ? NONE : withoutOverlaps(found)
}

const NONE: readonly Secret[] = []

interface CompiledRule extends Rule {
  /** Matches at lastIndex and returns the positions of its groups. Compiled on first use: most rules are never tried. */
  readonly here: () => RegExp
}

function compiled(rule: Rule): CompiledRule {
  return { ...rule, here: once(() => new RegExp(rule.pattern.source, `${rule.pattern.flags}dy`)) }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** Made on first use: many commands look at no text. */
const table = once(() => {
  const rules = RULES.map(compiled)
  const byKeyword = new Map<string, CompiledRule[]>()
  for (const rule of rules)
    for (const keyword of rule.keywords) byKeyword.set(keyword, [...(byKeyword.get(keyword) ?? []), rule])
  const all = [...byKeyword.values()]
  return {
    scan: keywordScanner([...byKeyword.keys()]),
    /** By keyword. */
    all,
    /** Those of them that need only the form. */
    forms: all.map((some) => some.filter(({ tellsItself }) => tellsItself)),
    base64: rules.filter(({ keywords }) => keywords.length === 0),
  }
})

/** Rules that need only the form come first: they know the kind best. */
function secretsAt(text: string, which: 'all' | 'forms'): Secret[] {
  const { scan, [which]: rules } = table()
  const telling: Secret[] = []
  const others: Secret[] = []
  let end = 0 // end of the last secret recognised by its form alone
  for (const { keyword, from } of scan(text)) {
    if (from < end) continue
    const found = findAt(rules[keyword]!, text, from)
    if (!found) continue
    const { secrets, rule } = found
    if (rule.tellsItself) {
      for (const secret of secrets) {
        telling.push(secret)
        end = Math.max(end, secret.to)
      }
    } else for (const secret of secrets) others.push(secret)
  }
  return [...telling, ...others]
}

/** The secrets at a place, by the first rule that matches there. */
function findAt(rules: readonly CompiledRule[], text: string, at: number): { secrets: Secret[]; rule: Rule } | null {
  for (const rule of rules) {
    const here = rule.here()
    here.lastIndex = at
    const match = here.exec(text)
    if (!match) continue
    const secrets = spansOf(rule, match, text)
      .filter(([from, to]) => passes(rule.check, text.slice(from, to)))
      .map(([from, to]) => ({ kind: rule.kind, from, to, isExact: true }))
    if (secrets.length > 0) return { secrets, rule }
  }
  return null
}

type Span = readonly [from: number, to: number]

function spansOf({ each }: Rule, match: RegExpExecArray, text: string): readonly Span[] {
  const [start, end] = spanOf(match)
  if (!each) return [[start, end]]
  return [...text.slice(start, end).matchAll(each)].map((one): Span => {
    const value = one[1] ?? one[2]!
    const from = start + one.index + one[0].indexOf(value)
    return [from, from + value.length]
  })
}

/** From the first to the last group that matched; without groups, the whole match. */
function spanOf({ indices }: RegExpExecArray): Span {
  const groups = indices!.slice(1).filter((one) => one !== undefined)
  if (groups.length === 0) return indices![0]!
  return [Math.min(...groups.map(([from]) => from)), Math.max(...groups.map(([, to]) => to))]
}

/** Long base64 runs that decode to a text with a secret, or that are random without a name. Each counts as a whole. */
function inRuns(text: string, depth: number): Secret[] {
  const found: Secret[] = []
  for (const run of longRuns(text)) {
    const isText = mayBeText(text, run)
    const whole = isText ? findAt(table().base64, text, run.from) : null
    if (whole) found.push(...whole.secrets)
    else if (isText) {
      const inside = depth === 0 ? null : textOfBase64(text.slice(run.from, run.to))
      const [secret] = inside === null ? [] : [...secretsAt(inside, 'all'), ...inRuns(inside, depth - 1)]
      if (secret) found.push({ kind: secret.kind, ...run, isExact: true })
    } else if (isUnnamedKey(text, run)) found.push({ kind: 'key', ...run, isExact: true })
  }
  return found
}
