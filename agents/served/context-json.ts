import type { Recipe, RecipeCommit } from '../../src/recipe.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import type { Precedent } from '../../src/retrieve/precedent.ts'
import type { PreparedPack } from './prepared-pack.ts'

/** A pack as JSON: what `repose context --json` prints, and what the library's pack() returns. */
export interface ContextPack {
  readonly request: string
  /** The checked-out commit. */
  readonly head: string
  readonly budgetTokens: number
  /** Of `text`. */
  readonly tokens: number
  /** Expected F1 of the files named to modify, from 0 to 1. */
  readonly predictability: number
  readonly effort: 'low' | 'high'
  /** Words of the title that no file holds. */
  readonly unknownWords: readonly string[]
  /** How the repository is usually changed for such a request; null: not known. */
  readonly recipe:
    | (Pick<Recipe, 'name' | 'steps'> & {
        readonly commits: readonly Pick<RecipeCommit, 'hash' | 'subject'>[]
        readonly line: string | null
      })
    | null
  /** What was made of the request asleep, with the text that an agent reads before the pack; null: nothing. */
  readonly prepared: {
    readonly id: number
    readonly kind: 'draft' | 'plan'
    /** Applies the draft. */
    readonly command: string | null
    readonly text: string
  } | null
  /** The past change whose subject is most like the request, with all its files; null: none is. */
  readonly precedent: Precedent | null
  /** Best first. */
  readonly files: readonly RankedFile[]
  /** What the text holds. */
  readonly items: readonly {
    readonly subject: string
    readonly kind: string
    readonly text: string
    readonly tokens: number
    readonly stale: boolean
    /** Where a summary came from that was not written here. */
    readonly origin?: string | undefined
  }[]
  /** Subjects of what did not fit. */
  readonly leftOut: readonly string[]
  /** The pack as an agent reads it. */
  readonly text: string
}

export function contextAsJson(
  request: string,
  head: string,
  budgetTokens: number,
  { pack, ready, precedent }: PreparedPack,
): ContextPack {
  const { recipe, recipeLine: line } = pack
  return {
    ...{ request, head, budgetTokens },
    tokens: pack.tokens,
    predictability: pack.predictability,
    effort: pack.effort,
    unknownWords: pack.unknownWords,
    recipe: recipe && {
      name: recipe.name,
      steps: recipe.steps,
      commits: recipe.commits.map(({ hash, subject }) => ({ hash, subject })),
      line,
    },
    prepared: ready && { id: ready.id, kind: ready.kind, command: ready.command, text: ready.text },
    precedent,
    files: pack.files.map((file) => ({ ...file, score: Math.round(file.score * 1000) / 1000 })),
    items: pack.items.map(({ subject, kind, text, tokens, stale, origin }) => ({
      ...{ subject, kind, text, tokens, stale, origin },
    })),
    leftOut: [...new Set(pack.leftOut.map((item) => item.subject))],
    text: pack.text,
  }
}
