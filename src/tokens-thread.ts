import { workerData } from 'node:worker_threads'
import { countTokens, type Thread } from './tokens.ts'

// The other side of countTokensBeside: loads the tokenizer, then answers each text with its tokens.
const { port, answered } = workerData as Thread

countTokens('')
port.on('message', (text: string) => {
  port.postMessage(countTokens(text))
  Atomics.add(answered, 0, 1)
  Atomics.notify(answered, 0)
})
