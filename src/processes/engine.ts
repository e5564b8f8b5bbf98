import { setFlagsFromString } from 'node:v8'

// Side effect of an import: each process of repose sets this V8 flag before it does anything else.
//
// V8 optimises code that has run a little, on its own threads. A command of repose lives for a second or two beside as many processes as
// there are cores, so most of this work never pays off: an eighth of a cold index (docs/tried.md#what-made-it-fast). The flags raise the
// threshold about thirty times. They are set here because flags on the command line would disable V8's code cache (10 ms per process).
//
// The same holds for WebAssembly (the grammars of C#, PHP, Ruby and others): its threshold is raised fifty times, so that a repository with
// a few files of them never reaches it. An index of 1,600 files of Ruby takes a tenth less processor time.
const LATER: Readonly<Record<string, readonly string[]>> = {
  11: ['--interrupt-budget=2000000', '--wasm-tiering-budget=100000000'], // Node 20
  12: ['--invocation-count-for-turbofan=90000'], // Node 22
  13: ['--invocation-count-for-turbofan=90000'], // Node 24
}

// Untested versions get no flag: V8 prints an error for an unknown one.
for (const flag of LATER[process.versions.v8.split('.')[0]!] ?? []) setFlagsFromString(flag)
