import { bash } from './bash.ts'
import { c } from './c.ts'
import { go } from './go.ts'
import { groovy, java, kotlin, scala } from './java.ts'
import { javascript } from './javascript.ts'
import { php } from './php.ts'
import { python } from './python.ts'
import type { Resolver } from './resolver.ts'
import { ruby } from './ruby.ts'
import { rust } from './rust.ts'

export { buildTree } from './tree.ts'

/** C#'s `using` names a namespace, which is not bound to a file. The names in the code are better evidence. */
const csharp: Resolver = { isConfig: () => false, create: () => () => [] }

/** Language id -> its resolver. Languages without a row have no imports to resolve. */
export const RESOLVERS: Readonly<Record<string, Resolver>> = {
  typescript: javascript,
  tsx: javascript,
  javascript,
  svelte: javascript,
  vue: javascript,
  astro: javascript,
  python,
  go,
  rust,
  java,
  scala,
  kotlin,
  groovy,
  c,
  cpp: c,
  csharp,
  ruby,
  php,
  bash,
}
