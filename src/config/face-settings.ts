import { list, onOff, onOffByContract, text, wholeNumber } from './setting.js'

/** Protocols beside REST. */
export const FACE_SETTINGS = {
  graphql: onOffByContract({ variable: 'GRAPHQL', description: 'Whether `/graphql` is served' }),
  graphiql: onOff({
    variable: 'GRAPHIQL',
    description:
      'Whether GraphiQL is served at `/graphiql`, and clients of `/graphql` may ask for its schema',
    default: false,
  }),
  graphqlIntrospection: onOff({
    variable: 'GRAPHQL_INTROSPECTION',
    default: false,
    description: 'Whether clients of `/graphql` may ask for its schema',
  }),
  graphqlDocuments: text({
    variable: 'GRAPHQL_DOCUMENTS',
    expected: 'the path of a file',
    description: 'JSON file of the only queries that `/graphql` takes, by the SHA-256 of each',
    accept: () => true,
  }),
  graphqlMaxDepth: wholeNumber({
    variable: 'GRAPHQL_MAX_DEPTH',
    default: 12,
    unit: '',
    from: 1,
    to: 100,
    description: 'Fields within each other in a query',
  }),
  graphqlMaxAliases: wholeNumber({
    variable: 'GRAPHQL_MAX_ALIASES',
    default: 20,
    unit: '',
    from: 0,
    to: 1_000,
    description: 'Fields of a query that are asked for by another name',
  }),
  graphqlMaxCost: wholeNumber({
    variable: 'GRAPHQL_MAX_COST',
    default: 100,
    unit: '',
    from: 1,
    to: 100_000,
    description:
      'Calls of operations that a query may lead to; below a list they count for each item, 10 where nobody says how many',
  }),
  mcp: onOffByContract({ variable: 'MCP', description: 'Whether `/mcp` is served' }),
  mcpOperations: list({
    variable: 'MCP_OPERATIONS',
    default: [],
    expected: 'a comma-separated list of operationIds, or `*`',
    description: 'Operations that agents may use beside those that are GET; `*` for all',
    accept: (item) => /^[^\s,]{1,256}$/.test(item),
  }),
  mcpMaxResultBytes: wholeNumber({
    variable: 'MCP_MAX_RESULT_BYTES',
    default: 65_536,
    unit: 'bytes',
    from: 1_024,
    to: 67_108_864,
    description: 'Longer results of tools are cut, and say how to go on',
  }),
}
