import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { copyFixture } from '../../helpers/fixture-repo.ts'
import { startModelServer } from '../../helpers/model-server.ts'
import { runRepose } from '../../helpers/run-repose.ts'
import { userConfig } from '../../helpers/user-config.ts'
import { whyNoCage } from '../../verify/cage-lab.ts'

const reason = whyNoCage()
if (reason !== null) console.log(`no caged runs: ${reason}`)

test.skipIf(reason !== null)(
  'a repository with more packages than a cage can show gets no check without one',
  async () => {
    const shop = await copyFixture('bookshop-ts', { indexed: true })
    const server = await startModelServer([])
    onTestFinished(async () => {
      vi.unstubAllEnvs()
      await server.close()
      await shop.dispose()
    })
    const modules = join(shop.root, 'node_modules')
    mkdirSync(modules)
    for (let i = 0; i < 3100; i++) {
      mkdirSync(join(shop.root, `packages/p${i}`), { recursive: true })
      writeFileSync(join(shop.root, `packages/p${i}/package.json`), '{}')
      symlinkSync(`../packages/p${i}`, join(modules, `p${i}`))
    }
    mkdirSync(join(shop.root, '.git/info'), { recursive: true })
    writeFileSync(join(shop.root, '.git/info/exclude'), 'node_modules\npackages\n')
    const planted = `${shop.root}-planted`
    // a folder of the repository, as npx and activated environments put it there
    vi.stubEnv('PATH', `${modules}:${process.env.PATH}`)
    const env = {
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_API_KEY: 'sk-of-the-user',
      REPOSE_MODEL: 'scripted',
      ...userConfig(shop.root, {}),
    }
    const args = ['implement', 'Round down', '--effort', 'low', '--check', `touch '${planted}'`]
    const run = await runRepose(args, { cwd: shop.root, env })
    expect([run.code, server.requests.length, existsSync(planted)]).toEqual([2, 0, false])
    expect(run.stderr).toContain('bwrap works here, but not for this working tree: ')
  },
)
