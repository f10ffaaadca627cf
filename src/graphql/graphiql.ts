import type { IncomingMessage, ServerResponse } from 'node:http'
import { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { AdapterError, ContractError } from '../base/errors.js'

const PATH = '/graphiql'
const PACKAGE = '@graphql-yoga/render-graphiql'

/** One file of the page. */
interface PageFile {
  readonly type: string
  readonly content: Buffer
}

/** GraphiQL, a page on which people write queries. All of it comes from this host. */
export type GraphiqlPage = ReadonlyMap<string, PageFile>

const SCRIPT = 'text/javascript; charset=utf-8'
const WORKERS = { graphql: 'graphql.worker.js', json: 'json.worker.js', editor: 'editor.worker.js' } as const

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="graphiql/page.css">
<link rel="stylesheet" href="graphiql/root.css">
</head>
<body class="no-focus-outline">
<noscript>This page needs JavaScript.</noscript>
<div id="root"></div>
<script src="graphiql/workers.js"></script>
<script src="graphiql/page.js"></script>
<script src="graphiql/start.js"></script>
</body>
</html>
`
const WORKERS_JS = `const files = ${JSON.stringify(WORKERS)}
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => new URL('graphiql/' + (files[label] ?? files.editor), location.href).href,
}
`
const START_JS = `YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  endpoint: new URL('graphql', location.href).href,
  title: 'GraphiQL',
  defaultQuery: '# Credentials go under "Headers", as JSON: { "X-API-Key": "…" }\\n\\n{\\n  __typename\\n}\\n',
})
`
/** What pages of GraphiQL need beside scripts of this host: its editor writes styles, and has an icon font in them. */
const POLICY = [
  ...["default-src 'none'", "base-uri 'none'", "connect-src 'self'", "font-src 'self' data:"],
  ...["form-action 'none'", "frame-ancestors 'none'", "img-src 'self' data:", "script-src 'self'"],
  ...["style-src 'self' 'unsafe-inline'", "worker-src 'self'"],
].join('; ')

/**
 * Reads GraphiQL from the package that has it built, which is installed where it is wanted: it is three times as large as all
 * that is needed for serving.
 *
 * @throws ContractError where the package is not installed
 */
export async function readGraphiql(): Promise<GraphiqlPage> {
  const { css, editorWorkerService, graphqlWorker, js, jsonWorker } = await builtPage()
  const file = (type: string, text: string): PageFile => ({ type, content: Buffer.from(text) })
  return new Map([
    [PATH, file('text/html; charset=utf-8', HTML)],
    [`${PATH}/page.css`, file('text/css; charset=utf-8', css)],
    [`${PATH}/root.css`, file('text/css; charset=utf-8', 'body { margin: 0 } #root { height: 100vh }')],
    [`${PATH}/page.js`, file(SCRIPT, js)],
    [`${PATH}/workers.js`, file(SCRIPT, WORKERS_JS)],
    [`${PATH}/start.js`, file(SCRIPT, START_JS)],
    [`${PATH}/${WORKERS.graphql}`, file(SCRIPT, graphqlWorker)],
    [`${PATH}/${WORKERS.json}`, file(SCRIPT, jsonWorker)],
    [`${PATH}/${WORKERS.editor}`, file(SCRIPT, editorWorkerService)],
  ])
}

async function builtPage() {
  try {
    return await import('@graphql-yoga/render-graphiql/graphiql')
  } catch {
    const diagnostics = new Diagnostics()
    diagnostics.error('setting-invalid', `GRAPHIQL: the page comes from a package: npm install ${PACKAGE}.`)
    throw new ContractError(diagnostics.list)
  }
}

/** @throws AdapterError `method-not-allowed` */
export function sendPage({ method }: IncomingMessage, res: ServerResponse, file: PageFile): void {
  if (method !== 'GET' && method !== 'HEAD') {
    res.setHeader('allow', 'GET, HEAD')
    throw new AdapterError('method-not-allowed', 'Only GET and HEAD are allowed here.')
  }
  res.writeHead(200, {
    'content-type': file.type,
    'content-length': file.content.byteLength,
    'content-security-policy': POLICY,
    'cache-control': 'private, max-age=3600',
  })
  res.end(method === 'HEAD' ? undefined : file.content)
}
