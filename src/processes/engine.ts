import { setFlagsFromString } from 'node:v8'

// Side effect of an import: each process of repose says this to V8 before it does anything.
//
// V8 optimises what has run a little, on threads of its own. A command of repose lives for a second or two beside as many processes as
// there are cores, so most of what is optimised is never earned back: a cold index takes 5 to 20 % longer (docs/results.md#speed).
// Thirty times later is late enough. Set here and not on a command line, where it would cost V8 its code cache (10 ms a process).
const LATER: Readonly<Record<string, string>> = {
  11: '--interrupt-budget=2000000', // Node 20
  12: '--invocation-count-for-turbofan=90000', // Node 22
  13: '--invocation-count-for-turbofan=90000', // Node 24
}

// Of a version that was not tried nothing is asked: V8 tells unknown flags on standard error.
const flag = LATER[process.versions.v8.split('.')[0]!]
if (flag) setFlagsFromString(flag)
