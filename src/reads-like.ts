import { withoutTicket } from './ticket.ts'
import { BY_FIRST_WORDS, BY_SCOPE, BY_SIGN, BY_TYPE, BY_WHAT_IS_ADDED, type Reading } from './title-words.ts'

const LONGEST = 300 // characters
const SPARKLES = /✨|:sparkles:/u // gitmoji's sign for a feature
const ORNAMENT = /^(:[a-z_-]+:|[^\p{L}\p{N}["'`:]+)+\s*/u
// 'feat(scope)!: ', '[docs] ', 'feat(scope) ', and branch names as titles: 'feature/#12/...'
const TYPE =
  /^\[?([a-z0-9]+)!?(\([^)]*\))?(?:!?\s*:(?!:)|\]|(?<=\))(?= ))\s*|^(feature|feat|fix|docs?|chore)(?:\/(?:#?\d+\/)?|[ /]#?\d+\s)/
const BRACKETS = /^(\[[^\]]{1,40}\]\s*)+(?=[\p{L}_"'`])/u // '[router] add ...'
const AREA = /^([\w@./*, -]{1,40}:\s+)+/ // 'net/http: add ...'
const FILLER =
  /^((initial|basic|preliminary|experimental|first|full|better|partial|native|first-class|opt-in|optional(ly)?|also|now|properly|further|more)[,:]? )+/

const ADDING =
  /^(re-?)?(add(s|ed|ing)?|allow(s|ed|ing)?|support(s|ed|ing)?|implement(s|ed|ing)?|introduc(e|es|ed|ing)|enabl(e|es|ed|ing)|new|lets?|expos(e|es|ed|ing)|provid(e|es|ed|ing)|creates?|accepts?|permits?|extends?|offers?|ability|option(al|ally)?)\b/
const MADE =
  /^(make|let)s? .*\b(configurable|customi[sz]able|optional|overrid\w+|extensible|available|possible|pluggable|public|accept|support|work with|aware|editable|searchable|sortable)\b/
const NAMED =
  /^[^:]{2,50}? support\b( (for|in|to|of)\b.*)?$|^(option|flag|command|config(uration)?|setting|hook|plugin|api) (for|to)\b|^(configurable|customi[sz]able|overridable|pluggable)\b|^([^:]* )?implementation( of .*)?$/
const SHOWN =
  /^(shows?|displays?) (?!.*\b(off|how|that|better|nicer|friendlier|shorter|correctly|properly|docs|documentation|quickstart|readme|travis|ci|tests?|gallery|website|again)\b)(?!(the |a )?((corr\w+|right|proper\w*) |\S+$)).|^prompts? (the )?(users?|for|before|once)\b|^asks? (to|if|for|before|whether)\b|^streams? \S+ .*\b(to|from)\b/
const NO_NEWS = /^(update[sd]?|changed?|adjust(s|ed|ing|ments?)?|bad|wrong|broken|incorrect|invalid)\b/
// 'a flag to skip tests' is a flag, and 'support for comments in JSON' no comment.
const MEANS =
  /^[^a-z]*(?!tests?\b)((an?|the|some|new) )?([\w-]+ ){0,2}((option|flag|setting|switch|command|argument|parameter|method|function|hook|api|way|ability)s? to (add|allow|build|comment|customi[sz]e|disable|enable|exclude|exit|filter|generate|hide|ignore|include|list|open|override|print|remove|run|set|show|skip|specify|test|update|use|view|write)|support for)\b/
const VAGUE = /^(function|feature|file|code|stuff|thing|method|change|idea|version|look|url|logo|one)?s?\.?$/

/**
 * What a title says it is: by its conventional type, then by its first words.
 *
 * English words; `feat:` in any language. Tuned by eye on the histories of some twenty public repositories, for precision:
 * a feature that is passed over costs one task of many. Pure; linear in the title.
 */
export function readsLike(title: string): Reading {
  const written = withoutTicket(title.slice(0, LONGEST)).toLowerCase()
  const plain = written.replace(ORNAMENT, '').trim()
  const [prefix = '', type, scope = '', folder] = TYPE.exec(plain) ?? []
  const typed = SPARKLES.test(title) ? 'feature' : (signed(written) ?? BY_TYPE.get(type ?? folder ?? ''))
  if (typed !== undefined && typed !== 'feature') return typed
  const scoped = BY_SCOPE.get(scope.slice(1, -1))
  if (scoped !== undefined) return scoped
  if (typed === 'feature') return byWords(plain.slice(prefix.length).replace(BRACKETS, ''), 'feature')
  const bare = plain.replace(BRACKETS, '')
  for (const text of [plain, bare]) {
    const reading = byWords(text, 'unclear')
    if (reading !== 'unclear' && (text === bare || reading !== 'feature')) return reading
  }
  return byWords(bare.replace(AREA, ''), 'unclear')
}

function signed(title: string): Reading | undefined {
  const signs = ORNAMENT.exec(title)?.[0].match(/:[a-z_]+:|\p{Extended_Pictographic}/gu) ?? []
  return signs.map((sign) => BY_SIGN.get(sign)).find(Boolean)
}

function byWords(text: string, otherwise: 'feature' | 'unclear'): Reading {
  const words = text.replace(/[`'"*]/g, '').replace(FILLER, '')
  const first = BY_FIRST_WORDS.find(([, pattern]) => pattern.test(words))?.[0]
  if (first && (otherwise === 'unclear' || NEVER_FEATURES.has(first))) return first
  const adding = ADDING.exec(words)?.[0]
  if (adding === undefined)
    return MADE.test(words) || SHOWN.test(words) || (NAMED.test(words) && !NO_NEWS.test(words)) ? 'feature' : otherwise
  const added = words.slice(adding.length).replace(/(?<=.{8}[\w)}\]][.;]) .*/, '') // the first sentence
  const what = added.replace(/^\W*(an? |the |some |support for |of |for |to )*/, '').trim()
  const beside = BY_WHAT_IS_ADDED.find(([, pattern]) => pattern.test(what))?.[0]
  const isMeant = beside === 'chore' || beside === 'translation' || !MEANS.test(added)
  if (beside && isMeant && (beside !== 'refactoring' || adding.startsWith('add'))) return beside // 'expose the Icon type' is one
  return VAGUE.test(what) || (adding === 'new' && !what.includes(' ')) ? otherwise : 'feature'
}

// Where the words say so, 'feat:' in front makes no feature of it; 'feat: use X for Y' may well be one.
const NEVER_FEATURES: ReadonlySet<Reading> = new Set([
  'revert',
  'release',
  'dependencies',
  'removal',
  'documentation',
  'tests',
  'speed-up',
])
