import { withoutSecrets } from './without-secrets.ts'

/** Removes secrets from a text, and from each address in it user, password and query, which may be secrets of any form. */
export function withoutCredentials(text: string): string {
  return withoutSecrets(
    text
      .replace(/(\b[a-z][\w+.-]*:\/\/)[^\s/?#'"]*@/gi, '$1')
      .replace(/(\b[a-z][\w+.-]*:\/\/[^\s?#'"]*)[?#][^\s'"]*/gi, '$1'),
  )
}
