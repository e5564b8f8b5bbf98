import { setFlagsFromString } from 'node:v8'

// Side effect of an import: each process of repose says this to V8 before it does anything.
//
// V8 optimises a function after some 70 kB of its bytecode have run, on threads of its own. A command of repose lives for a second or two
// beside as many processes as there are cores, so most of what is optimised is never earned back: without this a cold index takes
// 10 to 20 % longer (docs/results.md#speed). Set here and not on a command line, where it would cost V8 its code cache (10 ms a process).
setFlagsFromString('--interrupt-budget=2000000')
