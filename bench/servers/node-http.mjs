/** The least that a hop can cost: node:http in front, undici behind, nothing between. */
import { createServer } from 'node:http'
import { listen } from './child.mjs'
import { passThrough } from './pass-through.mjs'

listen(createServer(passThrough))
