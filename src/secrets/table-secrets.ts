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
  const found = secretsAt(text, scanAll())
  if (text.length >= LEAST_RUN) {
    const joined = joinedText(text)
    const inJoined = joined === null ? [] : [...secretsAt(joined.text, scanForms()), ...inRuns(joined.text, DEEPEST)]
    for (const secret of inJoined) if (joined!.isSeamWithin(secret)) found.push(joined!.toWhole(secret))
    found.push(...inRuns(text, DEEPEST))
  }
  return found.length === 0 ? NONE : withoutOverlaps(found)
}

const NONE: readonly Secret[] = []

interface Scan {
  /** By keyword. */
  readonly rules: readonly (readonly CompiledRule[])[]
  readonly run: ReturnType<typeof keywordScanner>
}

interface CompiledRule extends Rule {
  /** Matches at lastIndex and returns the positions of its groups. Compiled on first use: most rules are never tried. */
  readonly here: () => RegExp
}

const scanAll = once(() => scanFor(RULES))
const scanForms = once(() => scanFor(RULES.filter(({ tellsItself }) => tellsItself)))
const base64Rules = once(() => RULES.filter(({ keywords }) => keywords.length === 0).map(compiled))

function scanFor(rules: readonly Rule[]): Scan {
  const byKeyword = new Map<string, CompiledRule[]>()
  for (const rule of rules.map(compiled))
    for (const keyword of rule.keywords) byKeyword.set(keyword, [...(byKeyword.get(keyword) ?? []), rule])
  return { rules: [...byKeyword.values()], run: keywordScanner([...byKeyword.keys()]) }
}

function compiled(rule: Rule): CompiledRule {
  return { ...rule, here: once(() => new RegExp(rule.pattern.source, `${rule.pattern.flags}dy`)) }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** Rules that need only the form come first: they know the kind best. */
function secretsAt(text: string, { rules, run }: Scan): Secret[] {
  const telling: Secret[] = []
  const others: Secret[] = []
  let end = 0 // end of the last secret recognised by its form alone
  run(text, (keyword, at) => {
    if (at < end) return
    const found = findAt(rules[keyword]!, text, at)
    if (!found) return
    const { secret, rule } = found
    if (rule.tellsItself) {
      telling.push(secret)
      end = Math.max(end, secret.to)
    } else others.push(secret)
  })
  return [...telling, ...others]
}

/** The secret at a place, by the first rule that matches there. */
function findAt(rules: readonly CompiledRule[], text: string, at: number): { secret: Secret; rule: Rule } | null {
  for (const rule of rules) {
    const here = rule.here()
    here.lastIndex = at
    const match = here.exec(text)
    if (!match) continue
    const [from, to] = spanOf(match)
    if (passes(rule.check, text.slice(from, to))) return { secret: { kind: rule.kind, from, to, isExact: true }, rule }
  }
  return null
}

/** From the first to the last group that matched; without groups, the whole match. */
function spanOf({ indices }: RegExpExecArray): readonly [from: number, to: number] {
  const groups = indices!.slice(1).filter((one) => one !== undefined)
  if (groups.length === 0) return indices![0]!
  return [Math.min(...groups.map(([from]) => from)), Math.max(...groups.map(([, to]) => to))]
}

/** Long base64 runs that decode to a text with a secret, or that are random without a name. Each counts as a whole. */
function inRuns(text: string, depth: number): Secret[] {
  const found: Secret[] = []
  for (const run of longRuns(text)) {
    const isText = mayBeText(text, run)
    const whole = isText ? findAt(base64Rules(), text, run.from) : null
    if (whole) found.push(whole.secret)
    else if (isText) {
      const inside = depth === 0 ? null : textOfBase64(text.slice(run.from, run.to))
      const [secret] = inside === null ? [] : [...secretsAt(inside, scanAll()), ...inRuns(inside, depth - 1)]
      if (secret) found.push({ kind: secret.kind, ...run, isExact: true })
    } else if (isUnnamedKey(text, run)) found.push({ kind: 'key', ...run, isExact: true })
  }
  return found
}
