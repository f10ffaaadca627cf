import supertest from 'supertest'
import type { FacadeApp } from '../../src/http/app.js'

export interface Answer {
  readonly status: number
  /** Media type, without parameters. */
  readonly type: string
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** A request under way; `expect` fails the test on another status. */
export interface Call extends PromiseLike<Answer> {
  expect(status: number): Call
  query(parameters: object): Call
  send(body: string | object): Call
  set(header: string, value: string): Call
  set(headers: Readonly<Record<string, string>>): Call
}

type Method = (path: string) => Call

export interface Api {
  readonly get: Method
  readonly post: Method
  readonly put: Method
  readonly patch: Method
  readonly delete: Method
}

/** supertest, with bodies of which nothing is known. */
export function apiOf(app: FacadeApp): Api {
  return supertest(app)
}
