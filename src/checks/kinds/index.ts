import type { CheckKind } from '../check-kind.ts'
import { deno } from './deno.ts'
import { dotnet } from './dotnet.ts'
import { go } from './go.ts'
import { jvm } from './jvm.ts'
import { node } from './node.ts'
import { php } from './php.ts'
import { python } from './python.ts'
import { ruby } from './ruby.ts'
import { rust } from './rust.ts'
import { singleCommand } from './single-command.ts'

/** Every kind of project whose files show how it is tested. */
export const CHECK_KINDS: readonly CheckKind[] = [node, python, go, rust, jvm, ruby, php, dotnet, deno, singleCommand]
