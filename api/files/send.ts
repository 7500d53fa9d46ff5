/** Answers as files: streamed, as fast as the client takes them. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Instant } from '../../domain/instant.ts'
import { shanghaiMinute } from '../../domain/shanghaiTime.ts'
import { audit } from '../http/auditLog.ts'
import { type Language, languageOf } from '../http/problems.ts'
import type { Column } from './columns.ts'
import { csvOf } from './csv.ts'
import { type Format, mediaTypes } from './negotiation.ts'
import type { Pages } from './pages.ts'
import { type Sheet, xlsxOf } from './xlsx.ts'

export type Http = { request: FastifyRequest; reply: FastifyReply }

/** Rows with the columns they have in a file. */
export type Table = { columns: readonly Column[]; pages: Pages<unknown> }

/** How an answer becomes a table. */
export type TableFile<Answer> = {
  /** Without its ending: letters, digits and hyphens. */
  name(answer: Answer): string
  table(answer: Answer, language: Language): Table
}

/** How a report's answer becomes a table and a workbook. */
export type ReportFile<Answer> = TableFile<Answer> & { sheets(answer: Answer, language: Language): Sheet[] }

type Named = { name: string; format: Exclude<Format, 'json'>; language: Language }

/** Rows on their way, counted as they are asked for. */
type Tally = { rows: number }
async function* counted<Row>(pages: Pages<Row>, tally: Tally): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) {
    tally.rows += page.length
    yield page
  }
}

const sendStream = (
  { request, reply }: Http,
  { name, format, language, tally }: Named & { tally: Tally },
  chunks: AsyncIterable<string | Uint8Array>,
): FastifyReply => {
  const charset = format === 'csv' ? '; charset=utf-8' : ''
  reply
    .header('content-type', `${mediaTypes[format]}${charset}`)
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('content-language', language === 'zh' ? 'zh-CN' : 'en')
  // by bytes, so that little is made ahead of a slow client; when it goes away the stream ends its source
  const body = Readable.from(request.method === 'HEAD' ? [] : chunks, { objectMode: false })
  if (request.method !== 'HEAD')
    body.once('close', () => {
      audit(request, 'export', { format, rows: tally.rows, isWhole: body.readableEnded })
    })
  return reply.send(body)
}

/** What a handler returns once it has sent its answer itself. */
const sent = (reply: FastifyReply): never => reply as never

/** Sends a list as CSV, in the columns its route declares. Its name carries the minute it was made, in Shanghai. */
export const sendList = (
  http: Http,
  { list, now }: { list: string; now: Instant },
  pages: Pages<unknown>,
): never => {
  const { columns = [] } = http.request.routeOptions.config.files ?? {}
  const language = languageOf(http.request.headers['accept-language'])
  const name = `${list.replaceAll(' ', '-')}-${shanghaiMinute(now)}`
  const tally = { rows: 0 }
  const chunks = csvOf(columns, counted(pages, tally), language)
  return sent(sendStream(http, { name, format: 'csv', language, tally }, chunks))
}

/** Gives a report, or an answer that is a table, in the form that was asked for. */
export const sendReport = <Known, Answer extends Known>(
  http: Http,
  answer: Answer,
  file: TableFile<Known> | ReportFile<Known>,
): Answer => {
  const { format = 'json' } = http.request
  if (format === 'json') return answer
  const language = languageOf(http.request.headers['accept-language'])
  const tally = { rows: 0 }
  const sheets = (made: readonly Sheet[]): Sheet[] =>
    made.map((sheet) => ({ ...sheet, rows: counted(sheet.rows, tally) }))
  const table = file.table(answer, language)
  const chunks =
    format === 'xlsx' && 'sheets' in file
      ? xlsxOf(sheets(file.sheets(answer, language)), language)
      : csvOf(table.columns, counted(table.pages, tally), language)
  return sent(sendStream(http, { name: file.name(answer), format, language, tally }, chunks))
}
