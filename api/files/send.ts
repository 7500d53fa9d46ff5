/** Answers as files: streamed, as fast as the client takes them. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { scopesFor } from '../../domain/scope.ts'
import { shanghaiMinute } from '../../domain/shanghaiTime.ts'
import { audit } from '../http/auditLog.ts'
import type { Http } from '../http/deps.ts'
import { type Language, languageOf } from '../http/problems.ts'
import type { Column } from './columns.ts'
import { csvOf } from './csv.ts'
import { type NameLookup, readingOf, type Sources } from './names.ts'
import { type Format, mediaTypes } from './negotiation.ts'
import type { Pages } from './pages.ts'
import { type XlsxSheet, xlsxOf } from './xlsx.ts'

/** Rows with the columns they have in a file. */
export type FileTable = { columns: readonly Column[]; pages: Pages<unknown> }

/** How an answer becomes a table. */
export type TableFile<Answer> = {
  /** Without its ending: letters, digits and hyphens. */
  name(answer: Answer): string
  /** The same for people, in their language, and the title of its sheets; left out: `name`. */
  title?(answer: Answer, reading: NameLookup): string
  table(answer: Answer, reading: NameLookup): FileTable
}

/** How a report's answer becomes a table and a workbook. */
export type ReportFile<Answer> = TableFile<Answer> & {
  sheets(answer: Answer, reading: NameLookup): XlsxSheet[]
}

type FileSpec = { name: string; title?: string; format: Exclude<Format, 'json'>; language: Language }

// RFC 8187 has fewer characters that need no percent sign than `encodeURIComponent` leaves
const extended = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** No file system takes these, and a reader may take a dot at the start for a hidden file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: no name of a file may have them
const notInNames = /[\0-\x1F\x7F<>:"/\\|?*]|^\.+/g

/** The name of a file for every client, and with all its characters for those that read `filename*` (RFC 6266). */
export const dispositionOf = ({ name, title, format }: Omit<FileSpec, 'language'>): string => {
  const plain = `attachment; filename="${name}.${format}"`
  if (title === undefined) return plain
  return `${plain}; filename*=UTF-8''${extended(`${title.replace(notInNames, '_')}.${format}`)}`
}

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
  { tally, ...named }: FileSpec & { tally: Tally },
  chunks: AsyncIterable<string | Uint8Array>,
): FastifyReply => {
  const { format, language } = named
  const charset = format === 'csv' ? '; charset=utf-8' : ''
  reply
    .header('content-type', `${mediaTypes[format]}${charset}`)
    .header('content-disposition', dispositionOf(named))
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
  deps: Sources,
  http: Http,
  { list, columns: given }: { list: string; columns?: readonly Column[] | undefined },
  pages: Pages<unknown>,
): never => {
  const columns = given ?? http.request.routeOptions.config.files?.columns ?? []
  const language = languageOf(http.request.headers['accept-language'])
  const name = `${list.replaceAll(' ', '-')}-${shanghaiMinute(deps.now())}`
  const tally = { rows: 0 }
  const chunks = csvOf(columns, counted(pages, tally), readingOf(deps, language))
  return sent(sendStream(http, { name, format: 'csv', language, tally }, chunks))
}

type UnitFilters = { dealer?: unknown; rbo?: unknown } | null

/** The one unit a report is of: the one that was asked for, else the caller's own. */
const unitOf = ({ query, caller }: FastifyRequest): { tier: 'dealer' | 'rbo'; code: string } | null => {
  for (const tier of ['dealer', 'rbo'] as const) {
    const asked = (query as UnitFilters)?.[tier]
    if (Array.isArray(asked) && asked.length === 1) return { tier, code: String(asked[0]) }
  }
  const [scope, ...others] = scopesFor(caller, 'read')
  if (scope === undefined || scope.kind === 'all' || others.length > 0) return null
  return { tier: scope.kind, code: scope.code }
}

/** Gives a report, or an answer that is a table, in the form that was asked for. */
export const sendReport = <Known, Answer extends Known>(
  deps: Sources,
  http: Http,
  answer: Answer,
  file: TableFile<Known> | ReportFile<Known>,
): Answer => {
  const { format = 'json' } = http.request
  if (format === 'json') return answer
  const language = languageOf(http.request.headers['accept-language'])
  const reading = readingOf(deps, language, unitOf(http.request))
  const tally = { rows: 0 }
  const sheets = (made: readonly XlsxSheet[]): XlsxSheet[] =>
    made.map((sheet) => ({ ...sheet, rows: counted(sheet.rows, tally) }))
  const table = file.table(answer, reading)
  const chunks =
    format === 'xlsx' && 'sheets' in file
      ? xlsxOf(sheets(file.sheets(answer, reading)), reading)
      : csvOf(table.columns, counted(table.pages, tally), reading)
  const title = file.title?.(answer, reading)
  const unit = reading.unit === null ? '' : `-${reading.unit.code}`
  const named = {
    name: `${file.name(answer)}${unit}`,
    ...(title !== undefined && { title }),
    format,
    language,
  }
  return sent(sendStream(http, { ...named, tally }, chunks))
}
