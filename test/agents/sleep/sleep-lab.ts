import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { runSleepPass } from '../../../agents/sleep/agent.ts'
import type { SleepOptions } from '../../../agents/sleep/sleep-options.ts'
import type { SleepReport } from '../../../agents/sleep/sleep-report.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import type { Llm } from '../../../src/types.ts'
import { scratchFolder, scratchRepo } from '../../repo/scratch-repo.ts'

export interface Lab {
  readonly root: string
  readonly db: string
  readonly store: Store
  /** Refreshes the facts of `root` (or of another working tree) and runs one pass. */
  pass(llm: Llm | null, options?: Partial<SleepOptions>, root?: string): Promise<SleepReport>
}

/** Two folders, of which one has two members and one has three, a test and a README. */
export const SHOP: Readonly<Record<string, string>> = {
  'README.md': '# Shop\n\nA shop for books.\n\nMore words.\n',
  'package.json': '{"name": "shop", "description": "Sells books", "scripts": {"test": "node --test"}}\n',
  'src/cart/cart.ts':
    '/** What the customer wants. */\nexport class Cart {\n  items: number[] = []\n\n  total(): number {\n    return this.items.reduce((sum, price) => sum + price, 0)\n  }\n}\n',
  'src/cart/vat.ts':
    '/** Value added tax of a price. */\nexport function addVat(price: number): number {\n  return price * 1.2 // the standard rate\n}\n',
  'src/orders/order.ts':
    "import { Cart } from '../cart/cart.ts'\n\nexport function placeOrder(cart: Cart): number {\n  return cart.total()\n}\n",
  'src/orders/refund.ts':
    "import { addVat } from '../cart/vat.ts'\n\nexport function refund(price: number): number {\n  return -addVat(price)\n}\n",
  'src/main.ts':
    "import { placeOrder } from './orders/order.ts'\nimport { refund } from './orders/refund.ts'\n\nexport const SHOP = { placeOrder, refund }\n",
  'test/cart.test.ts': "import { Cart } from '../src/cart/cart.ts'\n\nexport const tested = new Cart().total()\n",
}

/** from: the files of a new repository, or the folder of one. */
export async function openLab(from: Readonly<Record<string, string | Buffer>> | string = SHOP): Promise<Lab> {
  const root = typeof from === 'string' ? from : scratchRepo(from)
  const db = join(scratchFolder(), 'repose.db')
  const store = openStore(db)
  onTestFinished(() => store.close())
  return {
    root,
    db,
    store,
    async pass(llm, options = {}, other = root) {
      const repo = await openRepo(other)
      const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1_000_000, maxCommits: 100, processes: 1 })
      return runSleepPass({ repo, store, worktree, llm, budget: {}, ...options })
    },
  }
}
