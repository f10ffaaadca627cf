import { createApiKey } from '../dist/http/authentication/api-key.js'

const { key, line } = createApiKey('bench')

/** The line that lets the load generator in: value of API_KEYS. */
export const apiKeys = line

/** What the load generator sends to every server; those that ask nobody overlook it. */
export const credentials = { 'x-api-key': key }
