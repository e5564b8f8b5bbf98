/**
 * The kind of commit by its title. 'unclear': it is not clearly a feature or another kind, since a false feature would
 * distort the figures.
 */
export type Reading =
  | 'feature'
  | 'unclear'
  | 'fix'
  | 'documentation'
  | 'tests'
  | 'refactoring'
  | 'speed-up'
  | 'formatting'
  | 'chore'
  | 'translation'
  | 'dependencies'
  | 'release'
  | 'revert'
  | 'removal'

type Rules = readonly (readonly [Reading, RegExp])[]

/** Types of conventional commits ('feat:'), and what others write before a colon or in brackets. */
const TYPES: Rules = [
  ['feature', /^(feat|features?|enh|enhancement|new)$/],
  ['fix', /^(fix(es)?|bugfix|hotfix|bug|security)$/],
  ['documentation', /^(docs?|documentation|examples?|website|site|demo|blog)$/],
  ['tests', /^(tests?|testing|e2e|bench(marks?)?|specs?)$/],
  ['refactoring', /^(refactor|cleanup|typ(es?|ing)|internal)$/],
  ['speed-up', /^perf(ormance)?$/],
  ['formatting', /^(styles?|fmt|format|lint|typos?)$/],
  ['chore', /^(chore|ci|build|infra|meta|misc|dev(ops)?|workflow|github|actions|wip)$/],
  ['translation', /^(i18n|l10n|translations?)$/],
  ['dependencies', /^dep(endencie)?s$/],
  ['release', /^releases?$/],
  ['revert', /^reverts?$/],
]

/** The first words of a title in lower case. The first rule that matches counts. */
const FIRST_WORDS: Rules = [
  ['revert', /^(revert|reapply|back ?out|undo)\b/],
  [
    'release',
    /^((pre-?)?release|version packages|v?\d+\.\d+\S*( release)?$|(bump|set|update|prepare) (the )?(version|release))/,
  ],
  ['dependencies', /^(bump|upgrade|renovate|unpin)s?\b/],
  [
    'dependencies',
    /^(update|pin|require|raise)s? .*(\b(dependenc\w+|deps|packages?|lock ?files?)$|\bto v?\d+(\.\d+)*$)/,
  ],
  ['removal', /^(remove|drop|delete|deprecate|get rid)[sd]?\b/],
  ['fix', /^((quick|hot|bug)?[ -]?fix(e[sd]|ing)?|correct(ly|s|ed)?|prevent|avoid|don'?t|do not|work ?around)\b/],
  ['fix', /^(handle[sd]?|ensure|make sure|patch|repair|restore|resolve[sd]?)\b/],
  ['formatting', /^(format(ting)?|lint|prettier|black|isort|gofmt|rustfmt|eslint|style)\b|\btypos?\b/],
  [
    'refactoring',
    /^(refactor|renam|mov(e|ing)|clean|tidy|simplif|reorgani[sz]|rewrit|rework|extract|split|restructur)/,
  ],
  [
    'refactoring',
    /^(consolidate|unify|inline|modernize|replace|reduce|us(e|ing)\b|refine|polish|tweak|switch|migrat|convert)/,
  ],
  [
    'speed-up',
    /^(speed(s|ed|ing)?[ -]?ups?|optimi[sz](e[sd]?|ing)|make .* faster|improve[sd]? .*\b(perf(ormance)?|speed)$)/,
  ],
  [
    'documentation',
    /^(document(s|ed|ing)?|docs?|clarify|readme|changelog|comment|update (the )?(docs?|readme|changelog))\b/,
  ],
  ['tests', /^(tests?|testing)\b/],
  ['translation', /^translat/],
  ['chore', /^(merge|wip|initial (commit|import)|first commit|ci|chore)\b/],
]

const ADDING =
  /^(re-?)?(add(s|ed|ing)?|allow(s|ed|ing)?|support(s|ed|ing)?|implement(s|ed|ing)?|introduc(e|es|ed|ing)|enabl(e|es|ed|ing)|new|lets?|expos(e|es|ed|ing)|provid(e|es|ed|ing)|creates?|accepts?|permits?|extends?|offers?|ability)\b/
const REST = '( (for|to|of|on|in|about|from|how|that|with)\\b.*)?\\.?$'

/** What is added, if the title begins with a word of ADDING: tests for something are no feature. */
const ADDED: Rules = [
  [
    'tests',
    new RegExp(`\\b(tests?|test ?cases?|specs?|testing|coverage|benchmarks?|fixtures?|mocks?|snapshots?)${REST}`),
  ],
  ['documentation', new RegExp(`\\b(docs?|documentation|(js|java|go)? ?doc ?(s|strings?|blocks?))${REST}`)],
  [
    'documentation',
    new RegExp(`\\b(readme|change(log|set)s?|comments?|examples?|tutorials?|guides?|faq|badges?)${REST}`),
  ],
  [
    'documentation',
    /^((more|missing|some|mit|apache) )*(javadoc|docstring|licen[cs]es?|copyright|spdx|links? to|notes? (to|about|on)|contributors?|change ?log(\.md)? entr(y|ies)|release notes)\b/,
  ],
  [
    'refactoring',
    /^((more|missing|some|better|static|return|parameter|type) )*(types?|typings?|hints?|annotations?)( (for|to|on)\b.*)?\.?$/,
  ],
  [
    'chore',
    /^\W*(github|ci|travis|workflow|dockerfile|makefile|codecov|sponsors?|funding|issue template|appveyor|eslint|prettier|black|lint|linter|ruff|flake8|mypy)\b|\bto (the )?(ci|actions|travis|workflows?)( \w+)?$|\bpre-commit\b/,
  ],
  ['translation', /\b(translation|locale|l10n|language file)s?$/],
]

/** Features without a word of ADDING: 'Make the port configurable', 'Windows support', 'Show active branch'. */
const FEATURES: readonly RegExp[] = [
  /^(make|let)s? .*\b(configurable|customi[sz]able|optional|overrid\w+|extensible|available|possible|pluggable|public|accept|support|work with|aware|editable|searchable|sortable)\b/,
  /^[^:]{2,50}? support\b( (for|in|to|of)\b.*)?$|^([^:]* )?implementation( of .*)?$/,
  /^(option|flag|command|config(uration)?|setting|hook|plugin|api) (for|to)\b|^(configurable|customi[sz]able|overridable|pluggable)\b/,
  /^(shows?|displays?) (?!.*\b(off|how|that|better|nicer|correctly|properly|docs|readme|tests?|again)\b)(?=.* )|^(prompt|ask)s? (the )?(users?|for|to|if|before|whether)\b/,
]

// 'feat:' does not make these features; 'feat: use X for Y' may be one.
const NEVER_FEATURES: ReadonlySet<Reading> = new Set([
  ...(['revert', 'release', 'dependencies', 'removal', 'documentation', 'tests', 'speed-up'] as const),
])

const LONGEST = 300 // characters
const TYPE = /^\[?([a-z0-9]+)!?(?:\([^)]*\))?(?:!?\s*:(?!:)|\]|(?<=\))(?= ))\s*/ // 'feat(scope)!: ', '[docs] ', 'feat(scope) '
const BRACKETS = /^(\[[^\]]{1,40}\]\s*)+(?=[\p{L}_"'`])/u // '[router] add ...'
const AREA = /^([\w@./*, -]{1,40}:\s+)+/ // 'net/http: add ...'

/**
 * The kind of commit by its title: by its conventional type, then by its first words, then by what it adds.
 *
 * Reads English words, and `feat:` in any language. Prefers precision to recall: a missed feature costs one task of
 * many. A rule that changes fewer than one in two hundred features of 59 public repositories is left out
 * (docs/tried.md#titles-and-requests). Pure; linear in the title.
 */
export function readsLike(title: string): Reading {
  const plain = title.slice(0, LONGEST).toLowerCase()
  const [prefix = '', type = ''] = TYPE.exec(plain) ?? []
  const typed = readingOf(type, TYPES)
  if (typed !== undefined) return typed === 'feature' ? byWords(plain.slice(prefix.length), typed) : typed
  const bare = plain.replace(BRACKETS, '')
  const reading = byWords(bare, 'unclear')
  return reading === 'unclear' ? byWords(bare.replace(AREA, ''), reading) : reading
}

function byWords(text: string, otherwise: 'feature' | 'unclear'): Reading {
  const words = text.replace(/^\W+|[`'"*]/g, '')
  const first = readingOf(words, FIRST_WORDS)
  if (first && (otherwise === 'unclear' || NEVER_FEATURES.has(first))) return first
  const adding = ADDING.exec(words)?.[0]
  if (adding === undefined) return FEATURES.some((pattern) => pattern.test(words)) ? 'feature' : otherwise
  const added = words.slice(adding.length).replace(/^\W*(an? |the |some |support for |of |for |to )*/, '')
  return readingOf(added, ADDED) ?? (added === '' ? otherwise : 'feature')
}

function readingOf(text: string, rules: Rules): Reading | undefined {
  return rules.find(([, pattern]) => pattern.test(text))?.[0]
}

const COMMIT_TYPE = /^(feat|feature|enh|enhancement|new|fix|chore|refactor|perf|docs|rfc)!?(?=\(|:)/i

/** A title without the type of a conventional commit; its scope and its colon stay. */
export function withoutType(title: string): string {
  return title.replace(COMMIT_TYPE, '')
}
