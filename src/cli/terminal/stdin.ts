/**
 * Everything on stdin. On a terminal a hint says what is waited for.
 *
 * @param what completes "Reading …"
 */
export async function readStdin(what: string): Promise<Buffer> {
  if (process.stdin.isTTY) process.stderr.write(`Reading ${what} from the terminal; end with Ctrl-D.\n`)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
