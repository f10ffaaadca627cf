/** Preloaded: answers the parent's questions about what the process has used, and ends with it. */
import { report } from './child.mjs'

report({})
