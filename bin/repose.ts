#!/usr/bin/env node
import '../src/engine.ts'

await import('./program.ts')
