#!/usr/bin/env node
import '../src/engine.ts'
import { countTokensBeside } from '../src/tokens.ts'

// Of all that `context` needs the tokenizer takes longest to load, so it begins before the program does.
if (process.argv[2] === 'context') countTokensBeside()
await import('./program.ts')
