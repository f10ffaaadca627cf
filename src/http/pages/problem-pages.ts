import type { RequestHandler } from 'express'
import { AdapterError } from '../../base/errors.js'
import { PROBLEM_TYPES, type ProblemType } from '../answer/problem.js'
import { readOnly } from './read-only.js'

/** The problems that the contract declares: each has its own status, `code` and `fault`. */
const contractFault = {
  status: 'as the contract says',
  title: 'The backend refused for a reason that the contract declares',
  meaning:
    'The code names the reason, the member fault holds its details. Both are described by the OpenAPI document.',
  advice: 'Handle the code. The same request will fail again until the reason is gone.',
}

/** What `type` of a problem document points to: a page that explains the problem. */
export function problemPages(): RequestHandler {
  const pages = new Map(
    Object.entries({ ...PROBLEM_TYPES, 'declared-fault': contractFault, 'mapped-fault': contractFault }).map(
      ([code, type]) => [code, page(code, type)],
    ),
  )
  return readOnly((req, res) => {
    const code = req.params.code
    const html = typeof code === 'string' ? pages.get(code) : undefined
    if (html === undefined) throw new AdapterError('not-found', 'There is no problem of this name.')
    res.type('html').setHeader('cache-control', 'public, max-age=3600')
    res.send(html)
  })
}

type Page = Omit<ProblemType, 'status'> & { readonly status: number | string }

function page(code: string, { status, title, meaning, advice }: Page): string {
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
