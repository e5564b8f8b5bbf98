import { withoutSecrets } from './without-secrets.ts'

/** A text without secrets, and without the users, passwords and queries of the addresses in it, which may be secrets of any form. */
export function withoutCredentials(text: string): string {
  return withoutSecrets(
    text
      .replace(/(\b[a-z][\w+.-]*:\/\/)[^\s/?#'"]*@/gi, '$1')
      .replace(/(\b[a-z][\w+.-]*:\/\/[^\s?#'"]*)[?#][^\s'"]*/gi, '$1'),
  )
}
