import { allowBare } from '../src/repo/git.ts'

allowBare() // a bench may be given bare clones
