/** Which form an answer takes: JSON, or a file. */
import type { FastifyRequest, preHandlerHookHandler, RouteOptions } from 'fastify'
import { z } from 'zod'
import type { Words } from '../../domain/refusal.ts'
import { Problem } from '../http/problems.ts'
import { type Column, columnsOf } from './columns.ts'
import type { Labels } from './labels.ts'

export type Format = 'json' | 'csv' | 'xlsx'

export const mediaTypes = {
  json: 'application/json',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Record<Format, string>

/** What a route gives beside JSON; a list says its columns, a report makes its own of what it answers. */
export type Files = { formats: readonly ['csv'] | readonly ['csv', 'xlsx']; columns: readonly Column[] }

/** Files of a list: CSV, with a column for every value of a row. `own`: labels of columns that no other list has. */
export const listFiles = (row: z.ZodObject, own: Labels = {}): Files => ({
  formats: ['csv'],
  columns: columnsOf(row, own),
})

/** Files of an answer that is a table, and no report to mail. */
export const tableFiles: Files = { formats: ['csv'], columns: [] }

/** Files of a report. */
export const reportFiles: Files = { formats: ['csv', 'xlsx'], columns: [] }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The files a route gives beside JSON, by `Accept` or `?format=`. */
    files?: Files
  }
  interface FastifyRequest {
    /** The form that was asked for, on routes with `config.files`. */
    format: Format | undefined
  }
}

/** Whether a file was asked for. */
export const isFile = ({ format = 'json' }: FastifyRequest): boolean => format !== 'json'

type Range = { type: string; quality: number }

const rangesOf = (accept: string): Range[] =>
  accept.split(',').map((range) => {
    const [type = '', ...params] = range.split(';').map((part) => part.trim().toLowerCase())
    const quality = Number(params.find((param) => param.startsWith('q='))?.slice(2) ?? 1)
    return { type, quality: Number.isFinite(quality) ? quality : 0 }
  })

/** The most exact range that names a media type decides how much it is wanted (RFC 9110 §12.5.1). */
const qualityOf = (mediaType: string, ranges: readonly Range[]): number => {
  const family = `${mediaType.split('/')[0]}/*`
  for (const type of [mediaType, family, '*/*']) {
    const named = ranges.filter((range) => range.type === type)
    if (named.length > 0) return Math.max(...named.map(({ quality }) => quality))
  }
  return 0
}

/**
 * What an `Accept` header asks for most, of those there are: of equals the first, so JSON where it does not matter.
 * `null` where nothing fits.
 */
export const preferred = <F extends Format>(accept: string | undefined, formats: readonly F[]): F | null => {
  const ranges = rangesOf(accept === undefined || accept.trim() === '' ? '*/*' : accept)
  let best: { format: F; quality: number } | null = null
  for (const format of formats) {
    const quality = qualityOf(mediaTypes[format], ranges)
    if (quality > (best?.quality ?? 0)) best = { format, quality }
  }
  return best?.format ?? null
}

/** Whether an `Accept` header asks for a page for people more than for JSON, as browsers do. */
export const prefersPage = (accept: string | undefined): boolean => {
  const ranges = rangesOf(accept ?? '*/*')
  return qualityOf('text/html', ranges) > qualityOf(mediaTypes.json, ranges)
}

const wholeList: Words = {
  en: 'makes no sense with a file, which is whole.',
  zh: '文件总是完整的，不能与 limit 或 cursor 同用。',
}

type PageParams = { cursor?: unknown; limit?: unknown } | null | undefined

/** A file has every row, so there is no place in it to go on from, and no page to be filled. */
const refusePage = ({ query, body }: FastifyRequest): void => {
  for (const name of ['cursor', 'limit'] as const) {
    const detail = wholeList
    if ((query as PageParams)?.[name] !== undefined)
      throw new Problem('invalid_request', { errors: [{ in: 'query', pointer: name, detail }] })
    if ((body as PageParams)?.[name] !== undefined)
      throw new Problem('invalid_request', { errors: [{ in: 'body', pointer: `#/${name}`, detail }] })
  }
}

const negotiate = (formats: readonly Format[]): preHandlerHookHandler => {
  const offered = formats.map((format) => mediaTypes[format]).join(', ')
  return (request, reply, done) => {
    // HEAD is made of the GET route, hooks included
    if (request.format !== undefined) return done()
    const vary = [reply.getHeader('vary') ?? []].flat()
    reply.header('vary', [...vary, 'Accept', 'Accept-Language'].join(', '))
    const { format, ...query } = request.query as { format?: Format }
    const chosen = format ?? preferred(request.headers.accept, formats)
    if (chosen === null) throw new Problem('not_acceptable', { params: { offered } })
    if (chosen !== 'json') refusePage(request)
    request.format = chosen
    // how it is written is no filter: a cursor is good for every form
    request.query = query
    done()
  }
}

/** Makes a route that has `config.files` take `format` and choose; every other is left as it is. */
export const offerFiles = (route: RouteOptions): void => {
  const files = route.config?.files
  if (files === undefined) return
  const formats: readonly Format[] = ['json', ...files.formats]
  const query = (route.schema?.querystring ?? z.strictObject({})) as z.ZodObject
  const format = z.enum(formats).optional().meta({ description: 'Goes before Accept.' })
  route.schema = { ...route.schema, querystring: query.safeExtend({ format }) }
  route.preHandler = [negotiate(formats), ...[route.preHandler ?? []].flat()]
}
