/** Where CPU time goes, by layer, of a profile of V8. */

/** The first that fits the URL of a module is its layer. */
const LAYERS = [
  ['undici', /node_modules\/undici\/|undici:/],
  ['log', /node_modules\/(?:pino|sonic-boom|thread-stream)|dist\/telemetry\/log/],
  ['metrics', /node_modules\/prom-client\/|dist\/(?:telemetry|http\/observe)/],
  [
    'validation',
    /node_modules\/(?:ajv|express-openapi-validator)|dist\/http\/(?:validation|request)\/|dist\/json\//,
  ],
  ['security', /dist\/(?:http\/(?:authentication|cors)|ws-security)/],
  [
    'guarantees',
    /dist\/(?:http\/(?:cache|counters|idempotency|limits|operations\/guarantees)|store)|node_modules\/rate-limiter/,
  ],
  ['xml', /dist\/(?:xml|soap)\//],
  ['codec', /dist\/(?:codec|mapping|xsd|adapter|pattern|base\/bytes)\//],
  ['backend', /dist\/backend\/|node_modules\/opossum/],
  ['facade', /dist\//],
  ['socket', /^node:(?:net|tty|internal\/(?:stream_base|net|js_stream|dns))/],
  ['http', /^node:(?:_http|http|internal\/http|url|internal\/url)/],
  ['streams, timers, promises', /^node:/],
]

/** What V8 does by itself. */
const OWN = new Map([
  ['(garbage collector)', 'garbage collector'],
  ['(program)', 'system calls and native code'],
  ['(idle)', undefined],
])

/** Native functions of sockets, which have no URL. */
const WRITES = /^(?:write|writev|write(?:Utf8|Latin1|Ascii|Ucs2)String|writeBuffer|readStart|shutdown|send)$/

/**
 * @param profile of the domain Profiler of the DevTools protocol
 * @returns by layer, its share of the time in which there was something to do; the largest first
 */
export function layersOf({ nodes, samples, timeDeltas }) {
  const layers = new Map()
  const children = new Set(nodes.flatMap((node) => node.children ?? []))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  // A native function is of the layer that calls it.
  const visit = (node, above) => {
    const layer = layerOf(node.callFrame, above)
    layers.set(node.id, layer)
    for (const child of node.children ?? []) visit(byId.get(child), layer)
  }
  for (const node of nodes) if (!children.has(node.id)) visit(node, 'system calls and native code')
  const micros = new Map()
  for (const [index, sample] of samples.entries()) {
    const layer = layers.get(sample)
    if (layer !== undefined) micros.set(layer, (micros.get(layer) ?? 0) + timeDeltas[index])
  }
  const all = [...micros.values()].reduce((sum, each) => sum + each, 0)
  const shares = [...micros].map(([layer, each]) => [layer, each / all])
  return Object.fromEntries(shares.sort(([, one], [, other]) => other - one))
}

function layerOf({ functionName, url }, above) {
  if (OWN.has(functionName)) return OWN.get(functionName)
  if (url === '') return WRITES.test(functionName) ? 'socket' : above
  return LAYERS.find(([, pattern]) => pattern.test(url))?.[0] ?? 'other'
}
