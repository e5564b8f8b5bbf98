#!/usr/bin/env node
import '../src/processes/engine.ts'

await import('./program.ts')
