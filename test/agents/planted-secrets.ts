import { RULES } from '../../src/secrets/rules.ts'
import { tableSecrets } from '../../src/secrets/table-secrets.ts'
import { scratchRepo, sh, write } from '../repo/scratch-repo.ts'
import { makeUp } from '../secrets/make-up.ts'

/** A made-up secret of every kind, with what must stand around it. */
const EXAMPLES = RULES.map((rule) => ({ rule, text: makeUp(rule.example, 'planted') }))

/** Those of one line that tell themselves wherever they stand, as they are. */
export const TELLING = EXAMPLES.filter(({ rule, text }) => {
  const [only] = tableSecrets(text)
  return rule.tellsItself && only !== undefined && only.from === 0 && only.to === text.length && !text.includes('\n')
}).map(({ text }) => text)

/** Of these, those that may stand in the name of a file or of a branch. */
const NAMING = TELLING.filter((text) => /^\w[\w-]*$/.test(text) && text.length < 120)

const LEAST = 12 // characters of a secret that must not be seen

/** What of the secrets a text holds: each part of twelve characters once. */
export function leaksIn(text: string): string[] {
  const leaks = new Set<string>()
  for (let at = 0; at + LEAST <= text.length; at++) {
    const part = text.slice(at, at + LEAST)
    if (PARTS.has(part)) leaks.add(part)
  }
  return [...leaks]
}

const PARTS = new Set(
  EXAMPLES.flatMap(({ text }) => tableSecrets(text).map(({ from, to }) => text.slice(from, to)))
    .flatMap((secret) => secret.split(/\s+/))
    .flatMap((line) => Array.from({ length: line.length - LEAST + 1 }, (_, at) => line.slice(at, at + LEAST)))
    // what every key begins and ends with is none of its secrets
    .filter((part) => !/BEGIN|PRIVATE|END|-{4}|^A+$/.test(part)),
)

const files = (): Record<string, string> => ({
  'config/all.txt': `${EXAMPLES.map(({ text }) => text).join('\n\n')}\n`,
  'docs/keys.md': `# Keys\n\n${EXAMPLES.map(({ text }) => `\`\`\`\n${text}\n\`\`\`\n`).join('\n')}`,
  'src/keys.py': `"""Keys of the shop.\n\n${EXAMPLES.map(({ text }) => text).join('\n')}\n"""\n\n\n${TELLING.map(
    (text, i) => `def key_${i}():\n    """Gives ${text} to the shop."""\n    # it was ${text}\n    return "${text}"\n`,
  ).join('\n\n')}`,
  'src/shop.py':
    'from keys import key_0\n\n\ndef open_shop():\n    """Opens the shop with its keys."""\n    return key_0()\n',
  'src/cart/cart.py':
    'class Cart:\n    """What the customer wants."""\n\n    def total(self):\n        return sum(self.items)\n',
  'src/cart/vat.py':
    'def add_vat(price):\n    """Value added tax of a price."""\n    return price * 1.2  # the standard rate\n',
  'test/keys.test.ts': TELLING.map((text) => `test('the shop takes ${text}', () => {})\n`).join(''),
  'news/1.feature.md': `The shop takes keys such as ${TELLING.slice(0, 3).join(' and ')}.\n`,
  'README.md': `# Shop\n\nA shop with keys: ${TELLING[0]}.\n\n${TELLING.slice(1, 9).join('\n\n')}\n`,
  'package.json': JSON.stringify({
    name: 'shop',
    description: `Takes ${TELLING[1]}`,
    scripts: { test: `x ${TELLING[2]}` },
  }),
  ...Object.fromEntries(
    NAMING.map((text, i) => [`src/names/${i}/shop-${text}.py`, `def named_${i}():\n    return ${i}\n`]),
  ),
})

/** A repository with secrets in source, documents, comments, names of files and of a branch, in messages, and in what was deleted. */
export function plantedRepo(): string {
  const root = scratchRepo({ 'src/shop.py': 'def open_shop():\n    return 1\n' })
  for (const [path, text] of Object.entries(files())) write(root, path, text)
  write(root, 'src/old.py', `KEYS = """\n${EXAMPLES.map(({ text }) => text).join('\n')}\n"""\n`)
  sh(root, 'add', '-A', '-f')
  sh(root, 'commit', '-q', '-m', `Add keys to the shop\n\n${EXAMPLES.map(({ text }) => text).join('\n')}`)
  for (const [i, text] of TELLING.slice(0, 30).entries()) {
    write(root, 'src/shop.py', `from keys import key_${i}\n\n\ndef open_shop():\n    return key_${i}()\n`)
    sh(root, 'commit', '-q', '-am', `Add key ${text} to the shop\n\nIt took ${TELLING[i + 30] ?? text}`)
  }
  sh(root, 'rm', '-q', 'src/old.py')
  sh(root, 'commit', '-q', '-m', 'Remove the old keys of the shop')
  sh(root, 'checkout', '-q', '-b', `feature/${NAMING[0]}`)
  write(root, 'src/shop.py', `def open_shop():\n    """Opens with ${TELLING[3]}."""\n    return 1\n`)
  return root
}
