/** The library: packs without the command line. A pack uses the facts as they were last refreshed. */

export { type Config, readConfig } from './config/read-config.ts'
export { UserError } from './errors.ts'
export { type RefreshOptions, type RefreshReport, refreshFacts } from './indexing/refresh-facts.ts'
export { type MadePack, makePack, type PackOptions } from './pack/make-pack.ts'
export { openRepo, type Repo } from './repo/open-repo.ts'
export { type Request, readRequest } from './request/read-request.ts'
export { openStore, type Store } from './store/open-store.ts'
export type * from './types.ts'
