import type { FastifyInstance } from 'fastify'
import type { Words } from '../../domain/refusal.ts'
import { decodeUtf8 } from '../commands/textEncoding.ts'
import { Problem } from './problems.ts'

const emptyBody: Words = {
  en: 'The body is empty; this call takes JSON.',
  zh: '请求正文为空，此接口需要 JSON。',
}
const endsEarly: Words = {
  en: 'The body is not valid JSON: it ends too early.',
  zh: '请求正文不是有效的 JSON：内容不完整。',
}

/** Where a text stops being JSON, without any of it; `undefined`: the parser does not say. */
const faultOf = (text: string): Words | undefined => {
  if (text.trim() === '') return emptyBody
  try {
    JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    if (message.startsWith('Unexpected end')) return endsEarly
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? []
    if (line === undefined) return undefined
    return {
      en: `The body is not valid JSON: line ${line}, column ${column}.`,
      zh: `请求正文不是有效的 JSON：第 ${line} 行第 ${column} 列。`,
    }
  }
}

const malformed = (text: string): Problem => {
  const detail = faultOf(text)
  return new Problem('malformed_json', detail && { detail, errors: [{ in: 'body', pointer: '#', detail }] })
}

/**
 * Takes JSON bodies in UTF-8 and nothing else: other bytes would be stored as wrong characters without anyone noticing.
 * They are refused as `malformed_json`, with the encoding they look like; what is no JSON with the place of its fault.
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
    parse(request, text, (error, value) => (error ? done(malformed(text)) : done(null, value)))
  })
}
