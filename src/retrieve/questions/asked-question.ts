import type { Request } from '../../request/read-request.ts'
import { termsOf } from '../../request/words.ts'
import type { Store } from '../../store/open-store.ts'
import { likeWords } from './like-words.ts'

/** A word of a question, with the terms of code that it may stand for. */
export interface Concept {
  /** Weight of each term, from 0 to 1; the word itself has 1. */
  readonly terms: ReadonlyMap<string, number>
  /** Weight in the score of a passage: its rarity. */
  readonly worth: number
  /** Whether a passage that matches only this word can be an answer. Words such as 'first' and 'take' occur everywhere: they cannot. */
  readonly isTelling: boolean
}

export interface AskedQuestion {
  readonly concepts: readonly Concept[]
  readonly isAboutTests: boolean
  /** The name whose uses are asked for: 'mergePath' in 'What calls mergePath?'; null: none. */
  readonly usesOf: string | null
  /** The owner of that name, if the question has one: 'Cart' in 'Who calls Cart.total?'. */
  readonly usesOfOwner: string | null
}

const LIKE = 0.3 // weight of a related term; the word itself has 1
const WEAK = 0.4 // factor for a word that occurs everywhere

/** Reads what a question asks for. A few full-text look-ups a word. */
export function readQuestion(store: Store, worktree: number, { asked }: Request): AskedQuestion {
  const { title, spelled } = asked.terms
  const total = store.facts.fileCount(worktree)
  const rarityOf = (term: string) => {
    const files = store.search.frequency(worktree, term)
    return files === 0 ? 0 : Math.log(1 + total / files)
  }
  const concepts = title.flatMap((term) => {
    const own = rarityOf(term)
    const terms = new Map(own > 0 ? [[term, 1]] : [])
    let rarity = own
    for (const like of likeWords(term)) {
      const other = terms.has(like) ? 0 : rarityOf(like)
      if (other === 0) continue
      terms.set(like, LIKE)
      rarity = rarity === 0 ? other : Math.min(rarity, (rarity + other) / 2)
    }
    const isTelling = !WEAK_WORDS.has(term) || terms.size > 1 || /[A-Z_.]/.test(spelled.get(term) ?? '')
    return terms.size > 0 ? [{ terms, worth: rarity * (isTelling ? 1 : WEAK), isTelling }] : []
  })
  const { isAboutTests, usesOf, usesOfOwner } = asked
  return { concepts, isAboutTests, usesOf, usesOfOwner }
}

const WEAK_WORDS = new Set(
  termsOf(`about above across after again all almost along already also although always among another any anybody
  anyone anything anywhere around away back become becomes before began begin behind being below beside between beyond
  big both bring came cannot care certain come comes course decide decided determine different done each either else end
  enough even ever every everybody everyone everything exactly far few first full gave get gets give given gives go goes
  going gone good got great had half happen hard have having held help here high him his hold however instead itself just
  keep keeps kept kind knew know known knows large last later least leave leaves left less let like likely little long
  longer look looked looking looks lot made make makes making many matter mean means meant mere might mine most much must
  my myself near need needs never next nobody none nor nothing now number often old once one ones only other others
  otherwise ought out over own part perhaps place places possible put puts quite rather really right said same saw say
  says second see seem seems seen several shall shown side since small some somebody somehow someone something sometimes
  soon stand stands still such take taken takes than thing things think though through till together told too took toward
  turn turns two under until upon usual usually various very want wants way ways well went were whatever whenever
  wherever whether while whole whom whose will within without worked would yet`),
)
