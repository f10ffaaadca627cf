import { type Protocol, protocols } from './base/protocol.js'
import type { Settings } from './config/settings-table.js'
import type { OpenFace } from './http/face-server.js'
import type { Logger } from './telemetry/logger.js'

/**
 * The protocols beside REST that a deployment or its contract has switched on.
 *
 * @param ofContract those of the contract, which `GRAPHQL` and `MCP` leave to it unless they are set
 */
export function protocolsOn(
  settings: Settings,
  ofContract: ReadonlySet<Protocol> = new Set(),
): ReadonlySet<Protocol> {
  const isOn = (protocol: Protocol): boolean =>
    settings[protocol] === 'contract' ? ofContract.has(protocol) : settings[protocol]
  return new Set(protocols.filter(isOn))
}

/**
 * Opens what serves the protocols that are on. What is off is not imported.
 *
 * @throws ContractError where a file of the settings cannot be used
 */
export async function facesOf(
  settings: Settings,
  logger: Logger,
  on: ReadonlySet<Protocol>,
): Promise<readonly OpenFace[]> {
  return [
    ...(on.has('graphql') ? [await graphqlOf(settings, logger)] : []),
    ...(on.has('mcp') ? [await mcpOf(settings, logger)] : []),
  ]
}

async function graphqlOf(settings: Settings, logger: Logger): Promise<OpenFace> {
  const [{ openGraphql }, { readTrustedDocuments }, { readGraphiql }] = await Promise.all([
    import('./graphql/server.js'),
    import('./graphql/documents.js'),
    import('./graphql/graphiql.js'),
  ])
  const {
    graphiql,
    graphqlMaxDepth,
    graphqlMaxAliases,
    graphqlMaxCost,
    graphqlDocuments,
    graphqlIntrospection,
  } = settings
  return openGraphql({
    limits: settings,
    query: { maxDepth: graphqlMaxDepth, maxAliases: graphqlMaxAliases, maxCost: graphqlMaxCost },
    // The page is of no use to those who may not ask for the schema.
    introspection: graphqlIntrospection || graphiql,
    ...(graphiql && { page: await readGraphiql() }),
    ...(graphqlDocuments !== '' && { trusted: readTrustedDocuments(graphqlDocuments) }),
    onLeftOut: ({ operationId, reason }) => {
      logger.warn({ face: 'graphql', operationId, reason }, 'operation left out')
    },
  })
}

async function mcpOf(settings: Settings, logger: Logger): Promise<OpenFace> {
  const [{ openMcp }, { packageVersion }] = await Promise.all([
    import('./mcp/server.js'),
    import('./base/manifest.js'),
  ])
  return openMcp({
    limits: settings,
    operations: settings.mcpOperations,
    maxResultBytes: settings.mcpMaxResultBytes,
    origins: settings.corsOrigins,
    publicUrl: settings.publicUrl,
    issuer: settings.oauthIssuer,
    version: packageVersion(),
    onLeftOut: ({ operationId, reason }) => {
      logger.warn({ face: 'mcp', operationId, reason }, 'operation left out')
    },
  })
}
