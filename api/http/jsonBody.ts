import type { FastifyInstance } from 'fastify'
import { Problem } from './problems.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Takes JSON bodies in, in UTF-8 and nothing else: what is no UTF-8 would be stored with the wrong characters, and
 * nobody could tell. It is `malformed_json`, as in an import.
 */
export const takeJsonBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string
    try {
      text = utf8.decode(body as Buffer)
    } catch {
      return done(new Problem('malformed_json'))
    }
    parse(request, text, done)
  })
}
