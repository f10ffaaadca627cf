import { createServer, request } from 'node:http'

/** What a Service of Kubernetes does: requests go to the replicas that are ready, in turn. */
export class Balancer {
  #replicas = []
  #next = 0

  add(url) {
    this.#replicas.push(url)
  }

  /** No new request goes there; those in flight end. */
  remove(url) {
    this.#replicas = this.#replicas.filter((each) => each !== url)
  }

  server = createServer((req, res) => {
    const { hostname, port } = new URL(this.#replicas[this.#next++ % this.#replicas.length])
    const { method, url: path, headers } = req
    const upstream = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers)
      answer.pipe(res)
    })
    upstream.on('error', () => res.destroy())
    req.pipe(upstream)
  })
}
