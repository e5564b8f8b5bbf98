import { withoutSecrets } from './without-secrets.ts'

/** Removes secrets from a text, and from each address in it user, password and query, which may be secrets of any form. */
export function withoutCredentials(text: string): string {
  return withoutSecrets(
    text.replace(/:\/\/[^\s/?#'"]*@/g, '://').replace(/(:\/\/(?:(?!:\/\/)[^\s?#'"])*)[?#][^\s'"]*/g, '$1'),
  )
}
