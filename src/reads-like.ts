import { withoutTicket } from './ticket.ts'
import { BY_FIRST_WORDS, BY_SCOPE, BY_TYPE, BY_WHAT_IS_ADDED, type Reading } from './title-words.ts'

const SPARKLES = /✨|:sparkles:/u // gitmoji's sign for a feature
const ORNAMENT = /^(:[a-z_-]+:|[^\p{L}\p{N}["'`:]+)+\s*/u
// 'feat(scope)!: ', '[docs] ', 'feat(scope) ', and branch names as titles: 'feature/#12/...'
const TYPE =
  /^\[?([a-z0-9]+)!?(\([^)]*\))?(?:!?\s*:(?!:)|\]|(?<=\))(?= ))\s*|^(feature|feat|fix|docs?|chore)(?:\/(?:#?\d+\/)?|[ /]#?\d+\s)/
const AREA = /^(\[[^\]]{1,40}\]\s*|[\w@./*, -]{1,40}:\s+)+/ // 'net/http: add ...', '[router] add ...'
const FILLER =
  /^((initial|basic|preliminary|experimental|first|full|better|partial|native|first-class|opt-in|optional(ly)?|also|now|properly|further|more)[,:]? )+/

const ADDING =
  /^(re-?)?(add(s|ed|ing)?|allow(s|ed|ing)?|support(s|ed|ing)?|implement(s|ed|ing)?|introduc(e|es|ed|ing)|enabl(e|es|ed|ing)|new|lets?|expos(e|es|ed|ing)|provid(e|es|ed|ing)|creates?|accepts?|permits?|extends?|offers?|ability|option(al|ally)?)\b/
const MADE =
  /^(make|let)s? .*\b(configurable|customi[sz]able|optional|overrid\w+|extensible|available|possible|pluggable|public|accept|support|work with|aware|editable|searchable|sortable)\b/
const NAMED =
  /^[^:]{2,50}? support\b( (for|in|to|of)\b.*)?$|^(option|flag|command|config(uration)?|setting|hook|plugin|api) (for|to)\b|^(configurable|customi[sz]able|overridable|pluggable)\b|^(.* )?implementation( of .*)?$/
const VAGUE = /^(function|feature|file|code|stuff|thing|method|change|idea|version|look|url|logo|one)?s?\.?$/

/**
 * What a title says it is: by its conventional type, then by its first words.
 *
 * English words; `feat:` in any language. Tuned by eye on the histories of some twenty public repositories, for precision:
 * a feature that is passed over costs one task of many. Pure; linear in the title.
 */
export function readsLike(title: string): Reading {
  const plain = withoutTicket(title).toLowerCase().replace(ORNAMENT, '').trim()
  const [prefix = '', type, scope = '', folder] = TYPE.exec(plain) ?? []
  const typed = SPARKLES.test(title) ? 'feature' : BY_TYPE.get(type ?? folder ?? '')
  if (typed !== undefined && typed !== 'feature') return typed
  const scoped = BY_SCOPE.get(scope.slice(1, -1))
  if (scoped !== undefined) return scoped
  if (typed === 'feature') return byWords(plain.slice(prefix.length), 'feature')
  const whole = byWords(plain, 'unclear')
  return whole === 'unclear' ? byWords(plain.replace(AREA, ''), 'unclear') : whole
}

function byWords(text: string, otherwise: 'feature' | 'unclear'): Reading {
  const words = text.replace(/[`'"*]/g, '').replace(FILLER, '')
  const first = BY_FIRST_WORDS.find(([, pattern]) => pattern.test(words))?.[0]
  if (first && (otherwise === 'unclear' || NEVER_FEATURES.has(first))) return first
  const adding = ADDING.exec(words)?.[0]
  if (adding === undefined) return MADE.test(words) || NAMED.test(words) ? 'feature' : otherwise
  const what = words
    .slice(adding.length)
    .replace(/^\W*(an? |the |some |support for |of |for |to )*/, '')
    .trim()
  const beside = BY_WHAT_IS_ADDED.find(([, pattern]) => pattern.test(what))?.[0]
  if (beside && (beside !== 'refactoring' || adding.startsWith('add'))) return beside // 'expose the Icon type' is one
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
