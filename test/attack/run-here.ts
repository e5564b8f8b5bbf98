import { buildProgram } from '../../bin/build-program.ts'
import { Output } from '../../bin/output.ts'
import { Wire } from '../../bin/wire.ts'

/** Keeps what would be printed. */
export class KeptOutput extends Output {
  said = ''

  constructor() {
    super({ color: 'never', quiet: false })
  }

  override printWhole(text: string): void {
    this.said += text
  }

  override printExact(text: string): void {
    this.said += text
  }

  override say(text: string): void {
    this.said += text
  }

  override fail(what: string, fix: string): void {
    this.said += `error: ${what}\nfix: ${fix}\n`
  }
}

/** Runs a command of the program within this process: for cases by the hundred. Throws what the command throws. */
export async function runHere(root: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  const output = new KeptOutput()
  let code = 0
  const program = buildProgram({
    version: '0',
    hasColours: () => false,
    columns: () => 80,
    async run(command, argument, values) {
      const flags = { repo: root, json: values.json === true, db: values.db as string | undefined }
      const wire = new Wire(flags, output, new AbortController().signal)
      try {
        code = await command.run(wire, argument, values)
      } finally {
        await wire.close()
      }
    },
  })
  await program.parseAsync(['node', 'repose', ...args])
  return { code, said: output.said }
}
