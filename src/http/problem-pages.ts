import { type RequestHandler } from 'express'
import { AdapterError, type AdapterErrorCode } from '../base/errors.js'
import { PROBLEM_TYPES, type ProblemType } from './problem.js'
import { readOnly } from './read-only.js'

/** What `type` of a problem document points to: a page that explains the problem. */
export function problemPages(): RequestHandler {
  const pages = new Map(
    Object.entries(PROBLEM_TYPES).map(([code, type]) => [code, page(code as AdapterErrorCode, type)]),
  )
  return readOnly((req, res) => {
    const code = req.params.code
    const html = typeof code === 'string' ? pages.get(code) : undefined
    if (html === undefined) throw new AdapterError('not-found', 'There is no problem of this name.')
    res.type('html').setHeader('cache-control', 'public, max-age=3600')
    res.send(html)
  })
}

function page(code: AdapterErrorCode, { status, title, meaning, advice }: ProblemType): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body>
<h1>${title}</h1>
<p><code>${code}</code>, status ${status}</p>
<h2>What it means</h2>
<p>${meaning}</p>
<h2>What to do</h2>
<p>${advice}</p>
</body>
</html>
`
}
