/** A piece of a page. Only `html` makes one, so text of a repository is always escaped. */
export interface Html {
  readonly markup: string
}

type Value = Html | string | number | readonly Html[]

/** Template tag: inserted values are text and are escaped, unless they are pieces of a page. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: strings.map((part, i) => part + (i < values.length ? write(values[i]!) : '')).join('') }
}

function write(value: Value): string {
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
