import type { FastifyInstance } from 'fastify'
import { decodeUtf8 } from '../commands/textEncoding.ts'

/**
 * Takes JSON bodies in UTF-8 and nothing else: other bytes would be stored as wrong characters without anyone noticing.
 * They are refused as `malformed_json`, with the encoding they look like.
 */
export const takeJsonBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string
    try {
      text = decodeUtf8(body as Buffer)
    } catch (error) {
      return done(error as Error)
    }
    parse(request, text, done)
  })
}
