/** The raw path of an origin-form below the base path; undefined for paths that are none of ours. */
export function below(basePath: string, url: string): string | undefined {
  const path = pathOf(url)
  if (basePath === '') return path
  return path.startsWith(basePath) && path[basePath.length] === '/' ? path.slice(basePath.length) : undefined
}

/** The path of an origin-form. */
export function pathOf(url: string): string {
  const question = url.indexOf('?')
  return question === -1 ? url : url.slice(0, question)
}
