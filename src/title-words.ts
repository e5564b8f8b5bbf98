/** What the title of a commit says it is. Whatever is not clearly a feature is 'unclear': a task that is none spoils the figures. */
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

const TYPES: Readonly<Record<Exclude<Reading, 'unclear' | 'removal'>, string>> = {
  feature: 'feat feature features enhancement enh new',
  fix: 'fix fixes bugfix hotfix bug security sec regression',
  documentation: 'docs doc documentation changelog readme example examples website site demo demos blog news guide',
  tests: 'test tests testing e2e bench benchmark benchmarks spec specs',
  refactoring: 'refactor refact cleanup clean typing types type internal',
  'speed-up': 'perf performance',
  formatting: 'style styles format fmt lint typo typos',
  chore:
    'chore chores ci build builds infra meta tooling misc maint dev devops workflow github actions packaging scripts wip',
  translation: 'i18n l10n translation translations',
  dependencies: 'deps dep dependencies',
  release: 'release releases version',
  revert: 'revert reverts',
}

/** By the type of a conventional commit, and by what others write before a colon or in brackets. */
export const BY_TYPE: ReadonlyMap<string, Reading> = new Map(
  Object.entries(TYPES).flatMap(([reading, words]) => words.split(' ').map((word) => [word, reading as Reading])),
)

const TYPE = /^(feat|feature|enh|enhancement|new|fix|chore|refactor|perf|docs|rfc)!?(?=\(|:)/i

/** A title without the type of a conventional commit; its scope and its colon stay. */
export function withoutType(title: string): string {
  return title.replace(TYPE, '')
}

/** By the scope of a conventional commit: 'feat(deps): ...'. */
export const BY_SCOPE: ReadonlyMap<string, Reading> = new Map(
  [...'deps release docs doc tests test ci i18n website examples perf performance'.split(' ')].map((word) => [
    word,
    BY_TYPE.get(word)!,
  ]),
)

const SIGNS: Partial<Readonly<Record<Reading, string>>> = {
  fix: '🐛 :bug: 🚑 :ambulance: 🩹 :adhesive_bandage:',
  documentation: '📝 :memo: 📚 :books: 💡 :bulb:',
  tests: '✅ :white_check_mark: 🧪 :test_tube:',
  refactoring: '♻ :recycle: 🎨 :art:',
  'speed-up': '⚡ :zap:',
  formatting: '🚨 :rotating_light:',
  chore: '👷 :construction_worker: 💚 :green_heart: 🔧 :wrench: 🔨 :hammer:',
  dependencies: '⬆ :arrow_up: ⬇ :arrow_down: 📌 :pushpin:',
  release: '🔖 :bookmark:',
  revert: '⏪ :rewind:',
  removal: '🔥 :fire:',
}

/** By the sign that a title begins with (gitmoji). */
export const BY_SIGN: ReadonlyMap<string, Reading> = new Map(
  Object.entries(SIGNS).flatMap(([reading, signs]) => signs.split(' ').map((sign) => [sign, reading as Reading])),
)

/** By the first words of the title, lower case, without quotes. The first that matches counts. */
export const BY_FIRST_WORDS: readonly (readonly [Reading, RegExp])[] = [
  ['revert', /^(revert|reapply|back ?out|undo)\b/],
  ['release', /^(\[?(pre-?)?release|version packages|v?\d+\.\d+\S*( release)?$|(bump|set|update) (the )?version)/],
  ['release', /^(prep(are|aring|ping)? (for )?(the )?(\w+ )?(release|v?\d))|^(enter|exit) prerelease/],
  [
    'dependencies',
    /^(bump|upgrade|renovate|unpin)s?\b|^(update|pin)s? .*\b(dependenc\w+|deps|packages?|lock ?files?)$/,
  ],
  ['dependencies', /^(update|require|raise|pin)s? .*\b(to|python|node|php|go|rust|ruby|java) ?v?\d+(\.\d+)*$/],
  ['removal', /^(remove|drop|delete|deprecate|get rid|unexport)[sd]?\b/],
  ['fix', /^((quick|hot|bug)?[ -]?fix(e[sd]|ing)?|correct(ly|s|ed)?|prevent|avoid|don'?t|do not|work ?around)\b/],
  [
    'fix',
    /^resolve[sd]? .*(\b(race|false|hang(s|ing)?|lints?|wrong|incorrect|comments?|feedback)\b|issue|bug|error|problem|warning|conflict|violation|suppression|regression|crash|leak|flak[ey]|failure|failing|deprecat|broken|incompatib|vulnerab|ambigu|typo|cve-)/,
  ],
  ['fix', /^(handle[sd]?|ensure|make sure|patch|repair|restore)\b|\bworks? again\b/],
  [
    'formatting',
    /^\[?(format(ting)?|lint|prettier|black|isort|gofmt|rustfmt|eslint|clang-\w+|whitespace|style)\b|\btypos?\b/,
  ],
  ['formatting', /^enabl(e[sd]?|ing) [a-z]+(_[a-z]+)+$/], // a lint
  ['formatting', /^(pylint|flake8|mypy|ruff|clippy|rubocop|phpstan|checkstyle): enabl(e[sd]?|ing)\b/],
  [
    'refactoring',
    /^(refactor|renam|mov(e|ing)|clean|tidy|simplif|reorgani[sz]|rewrit|rework|extract|split|restructur)/,
  ],
  [
    'refactoring',
    /^(consolidate|unify|inline|modernize|replace|reduce|use|using|refine|polish|tweak|switch|migrat|convert)/,
  ],
  [
    'speed-up',
    /^(speed(s|ed|ing)?[ -]?ups?|optimi[sz](e[sd]?|ing)|make .* faster)\b|^improve[sd]? (the )?(\w+ ){0,3}(perf(ormance)?|speed)( (of|for|in|when|by)\b.*)?$/,
  ],
  ['unclear', /^cach(e|ing)\b/], // that may be what is added
  [
    'documentation',
    /^(document(s|ed|ing)?|docs?|clarify|readme|changelog|comment|update (the )?(docs?|readme|changelog))\b/,
  ],
  ['tests', /^(tests?|testing)\b/],
  ['translation', /^translat(e[sd]?|ing|ions?)\b/],
  ['chore', /^(merge|wip|initial (commit|import)|first commit|ci|chore)\b/],
]

const FOR = '( (for|to|of|on|in|about|from|how|that|with)\\b.*)?\\.?$'

/** By what is added, where the title says that something is: 'add tests for ...'. */
export const BY_WHAT_IS_ADDED: readonly (readonly [Reading, RegExp])[] = [
  [
    'tests',
    new RegExp(`\\b(tests?|test ?cases?|specs?|testing|coverage|benchmarks?|fixtures?|mocks?|snapshots?)${FOR}`),
  ],
  ['tests', /tests?[.#]test/],
  ['tests', /^(?!\w+ing )([\w-]+ ){0,2}(tests|test ?cases|specs|benchmarks) (and\s|&\s|\w+ing\b)/],
  ['speed-up', new RegExp(`^(\\w+ )?(micro-?)?optimi[sz]ations?${FOR}`)],
  [
    'documentation',
    new RegExp(`\\b(docs?|documentation|doc ?(strings?|blocks?)|js ?docs?|java ?docs?|go ?docs?)${FOR}`),
  ],
  [
    'documentation',
    new RegExp(`\\b(readme|change(log|set)s?|comments?|examples?|tutorials?|guides?|faq|badges?)${FOR}`),
  ],
  [
    'documentation',
    /^((more|missing|some) )*((mit|apache|bsd|gpl|open source) )?(javadoc|docstring|licen[cs]es?(?! (picker|list|check|selector|field|filter|scan|key|option|command)\w*\b)|copyright|spdx|links? to|notes? (to|about|on)|contributors?|(missing )?change ?log(\.md)? entr(y|ies)|release notes)\b/,
  ],
  ['documentation', /^((more|missing|some) )*(k|php|rust|ts|y)docs?( (for|to|on|in)\b.*|, .*)?\.?$/],
  [
    'refactoring',
    /\bannotations( (for|to|on|in)\b.*)?\.?$|\bannotation (for|to|on)\b|\b(return|param|parameter|property) types?( (for|to|on|in)\b.*)?$/,
  ],
  ['refactoring', /^[\w:\\]+(\([^)]*\))?\] (to|on)\b/], // #[must_use]
  [
    'refactoring',
    /^((more|few|missing|some|better|correct|proper|static|return|parameter|type|php ?doc|js ?doc|native|@\S+) )*(types?|typings?|hints?|annotations?|visibi?lity|const|casts|assert(ion)?s?)( (for|to|on)\b.*|, .*)?\.?$/,
  ],
  [
    'formatting',
    /^(eslint|prettier|black|lint|linter|ruff|flake8|editorconfig|mypy|error-?prone)\b|\berrorprone\b|\b(pre-commit|linting|(cs|style) fix(es|er)?)\b/,
  ],
  [
    'formatting',
    /\b(ruff|clippy|flake8|pylint|rector|pint|golangci(-lint)?|more lint) (rules?|lints?|plugins?|config\w*)\b|\bto (ruff|clippy|flake8|pylint|rector|pint)\b/,
  ],
  [
    'formatting',
    /^(missing|trailing) (semi-?colons?|commas?|newlines?|blank lines?|white ?space|spaces?)\b|^code style/,
  ],
  [
    'chore',
    /^(github|ci|travis|workflow|dockerfile|makefile|circleci|appveyor|codecov|sponsors?|funding|issue template)\b/,
  ],
  [
    'chore',
    /\b(to|for|in|on) (the |our )?(github |travis )?(ci|actions|travis|appveyor|workflows?)( \w+)?$|\bcode review\b/,
  ],
  ['translation', /\b(translations?|locale|l10n|language file)s?$/],
]
