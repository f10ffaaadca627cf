/** What is needed of a connection pool of PostgreSQL. */
export interface QueryPool {
  query(
    query:
      | string
      | {
          readonly name: string
          readonly text: string
          values: (string | number)[]
        },
  ): Promise<unknown>
}
