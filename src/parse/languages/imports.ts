/** Extracts specifiers that src/graph/resolve understands from the text of an import node, for languages where the two differ. */
export const importsOf = {
  /** `import a.b as c, d` gives a.b, d; `from .x import (y, z as w)` gives .x, .x.y, .x.z: a name may be a module. */
  python(text: string): readonly string[] {
    const plain = flat(text.replace(/#[^\n]*/g, ' ').replace(/[()\\]+/g, ' '))
    const from = /^from (\.*) ?((?:\w[\w.]*)?) import (.*)$/.exec(plain)
    if (!from) return names(plain.replace(/^import /, ''), ' as ')
    const module = `${from[1]}${from[2]}`
    const joint = module.endsWith('.') ? module : `${module}.`
    return [
      module,
      ...names(from[3]!, ' as ')
        .filter((name) => name !== '*')
        .map((name) => joint + name),
    ]
  },

  /** `mod x;` gives mod:x; `use crate::a::{self, b as c, d::*}` gives crate::a, crate::a::b, crate::a::d. */
  rust(text: string): readonly string[] {
    const plain = flat(withoutComments(text)).replace(/;$/, '')
    const module = /(?:^|\s)mod (?:r#)?(\w+)$/.exec(plain)
    if (module) return [`mod:${module[1]}`]
    const crate = /(?:^|\s)extern crate (\w+)/.exec(plain)
    if (crate) return [crate[1]!]
    const tree = /(?:^|[\s)])use (.*)$/.exec(plain)
    if (!tree) return []
    return expand(tree[1]!, ' as ').map((path) => path.replace(/^::/, '').replace(/::(self|\*)$/, ''))
  },

  /** `import static com.x.Y.z;` gives com.x.Y.z; `import com.x.*;` gives com.x.*. */
  java(text: string): readonly string[] {
    const path = /^import (?:static )?([\p{L}\p{N}_$. *]+);?$/u.exec(flat(withoutComments(text)))
    return path ? [path[1]!.replaceAll(' ', '')] : []
  },

  /** `import a.b.{C, D => E}, x._` gives a.b.C, a.b.D, x.*. */
  scala(text: string): readonly string[] {
    return expand(flat(withoutComments(text)).replace(/^import /, ''), / => | as /)
      .map((path) => path.replace(/\.(_|given)$/, '.*'))
      .filter((path) => path.includes('.'))
  },

  /** `global using static A.B;` and `using X = A.B;` give A.B. */
  csharp(text: string): readonly string[] {
    const name = /^(?:global )?using (?:static |unsafe )*(?:\w+ = )?(?:global::)?([\p{L}\p{N}_.]+)/u.exec(
      flat(withoutComments(text)),
    )
    return name ? [name[1]!] : []
  },

  /** `require 'a/b'` and `autoload :B, 'a/b'` give a/b; `require_relative 'x'` gives ./x. */
  ruby(text: string): readonly string[] {
    const method = /^\w+/.exec(text)?.[0]
    const quoted = text.endsWith(')') ? text.slice(0, -1) : text
    const quote = quoted.at(-1) ?? ''
    const path = quoted.slice(quoted.lastIndexOf(quote, quoted.length - 2) + 1, -1)
    if (!method || !/["']/.test(quote) || path === '' || /["'#]/.test(path)) return []
    return [method === 'require_relative' && !path.startsWith('.') ? `./${path}` : path]
  },

  /** `use App\{A, B as C};` gives App\A, App\B; `__DIR__ . '/x.php'` and 'x.php' give ./x.php. */
  php(text: string): readonly string[] {
    const plain = flat(text)
    if (/^use /i.test(plain)) {
      const names = flat(withoutComments(text)).replace(/^use |\b(function|const) |;$/gi, '')
      return expand(names, / as /i).map((name) => name.replace(/^\\/, ''))
    }
    const file = /^\(?(?:(__DIR__|dirname\(__FILE__\)|dirname\(__DIR__\)) ?\. ?)?(['"])([^'"$]+)\2\)?$/.exec(plain)
    if (!file) return []
    const [, folder, , path = ''] = file
    if (folder === 'dirname(__DIR__)') return [`../${path.replace(/^\//, '')}`]
    return [folder || !/^[./\\]|^\w+:/.test(path) ? `./${path.replace(/^\//, '')}` : path]
  },
} as const

const DEEPEST = 20 // people write two or three levels; deeper generated text must not overflow the stack

/** The paths of an import tree: 'a::{b, c::{d, e}}' gives a::b, a::c::d, a::c::e. */
function expand(tree: string, alias: string | RegExp, depth = 0): string[] {
  if (depth > DEEPEST) return []
  return splitOutside(tree).flatMap((part) => {
    const open = part.indexOf('{')
    if (open < 0) return [part.split(alias)[0]!.replaceAll(' ', '')].filter(Boolean)
    const close = part.lastIndexOf('}')
    const prefix = part.slice(0, open).replaceAll(' ', '')
    return expand(part.slice(open + 1, close < open ? undefined : close), alias, depth + 1).map((rest) => prefix + rest)
  })
}

/** Splits at commas outside braces. */
function splitOutside(list: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < list.length; at++) {
    if (list[at] === '{') depth++
    else if (list[at] === '}') depth--
    else if (list[at] === ',' && depth === 0) {
      parts.push(list.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, list.slice(start)].map((part) => part.trim()).filter(Boolean)
}

function names(list: string, alias: string): string[] {
  return splitOutside(list).map((part) => part.split(alias)[0]!.trim())
}

function withoutComments(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
