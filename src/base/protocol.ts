/** What the operations of a contract are served by beside REST. */
export const protocols = ['graphql', 'mcp'] as const

export type Protocol = (typeof protocols)[number]
