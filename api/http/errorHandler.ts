/** The one place where errors become answers. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DamagedEvent, StoreUnavailable, VersionConflict } from '../../domain/eventStore.ts'
import { Refusal, type Words } from '../../domain/refusal.ts'
import { UnknownEvent } from '../../domain/storedEvents.ts'
import { NestedTooDeep } from '../commands/canonicalJson.ts'
import { Conflict } from '../commands/conflict.ts'
import { describeError } from '../commands/describeError.ts'
import { UnreadableImport } from '../commands/imports/run.ts'
import { NotUtf8 } from '../commands/textEncoding.ts'
import { closeUnread } from './connections.ts'
import type { ApiProblemCode } from './problemCodes.ts'
import { languageOf, Problem, problemBody } from './problems.ts'
import { problemHeaders } from './safetyHeaders.ts'

/** Fastify's own errors that are the caller's doing, by their code. */
const ofFramework: Record<string, ApiProblemCode> = {
  // of gunzip
  Z_BUF_ERROR: 'malformed_gzip',
  Z_DATA_ERROR: 'malformed_gzip',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_NOT_FOUND: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
}

const ofStatus: Record<number, ApiProblemCode> = {
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
}

const ofConflict = ({ code, retryAfterSeconds }: Conflict): Problem =>
  new Problem(code, retryAfterSeconds === null ? {} : { headers: { 'retry-after': `${retryAfterSeconds}` } })

const tooDeep = new Problem('invalid_request', {
  errors: [{ in: 'body', pointer: '#', detail: { en: 'is nested too deep.', zh: '嵌套层级过深。' } }],
})

/** Says of what is not UTF-8 what it looks like; without a subject, for the list of errors. */
const notUtf8 = ({ looksLike }: NotUtf8): Words => ({
  en: `is not UTF-8 text; it looks like ${looksLike}.`,
  zh: `不是 UTF-8 文本，看起来是 ${looksLike}。`,
})

const inBody = (detail: Words) => ({ errors: [{ in: 'body' as const, pointer: '#', detail }] })

/** A body or a line of one in another encoding. */
export const notUtf8Problem = (error: NotUtf8, subject: Words): Problem => {
  const { en, zh } = notUtf8(error)
  const detail = { en: `${subject.en} ${en}`, zh: `${subject.zh}${zh}` }
  return new Problem('malformed_json', { detail, ...inBody({ en, zh }) })
}

/** Says why the first lines were unreadable. */
const unreadable = ({ cause }: UnreadableImport): Problem => {
  if (!(cause instanceof NotUtf8))
    return new Problem(
      'unreadable_import',
      inBody({ en: 'has no JSON in line 1.', zh: '第 1 行不是 JSON。' }),
    )
  const { looksLike } = cause
  const detail = {
    en: `The file is not UTF-8 text and looks like ${looksLike}: none of its first 100 lines could be read.`,
    zh: `文件不是 UTF-8 文本，看起来是 ${looksLike}：前 100 行均无法读取。`,
  }
  return new Problem('unreadable_import', { detail, ...inBody(notUtf8(cause)) })
}

/** What an error comes down to for the caller; everything unforeseen is `internal_error`. */
export const problemOfError = (error: unknown): Problem | Refusal => {
  if (error instanceof Problem || error instanceof Refusal) return error
  if (error instanceof Conflict) return ofConflict(error)
  if (error instanceof NestedTooDeep) return tooDeep
  if (error instanceof NotUtf8) return notUtf8Problem(error, { en: 'The body', zh: '请求正文' })
  if (error instanceof UnreadableImport) return unreadable(error)
  if (error instanceof VersionConflict) return new Problem('write_conflict')
  if (error instanceof StoreUnavailable) return new Problem('store_unavailable')
  if (error instanceof DamagedEvent) return new Problem('event_damaged')
  if (error instanceof UnknownEvent) return new Problem('newer_version_needed')
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown }
  const known = typeof code === 'string' ? ofFramework[code] : undefined
  if (known !== undefined) return new Problem(known)
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Problem(ofStatus[statusCode] ?? 'invalid_request')
  }
  return new Problem('internal_error')
}

/** Whether the caller hung up before its request was whole: whatever went wrong then, nobody reads the answer. */
const hasLeft = ({ raw }: FastifyRequest): boolean => raw.destroyed && raw.complete === false

/** Answers an error as `application/problem+json`. Only what is our own fault is logged, without any personal data. */
export const errorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const problem = hasLeft(request) ? new Problem('malformed_http') : problemOfError(error)
  if (problem.code === 'internal_error') {
    request.log.error(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url,
        error: describeError(error),
      },
      'request failed',
    )
  }
  if (error instanceof DamagedEvent)
    request.log.error({ requestId: request.id, ...error.place }, 'a stored event is damaged')
  if (error instanceof UnknownEvent)
    request.log.error({ requestId: request.id, error: error.message }, 'unknown event')
  if (error instanceof StoreUnavailable) {
    const { code } = (error.cause ?? {}) as { code?: unknown }
    request.log.warn({ requestId: request.id, code }, 'the store is unavailable')
  }
  return sendProblem(problem, request, reply)
}

/** Sends a problem in the caller's language. */
export const sendProblem = (
  problem: Problem | Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const language = languageOf(request.headers['accept-language'])
  const body = problemBody(problem, language)
  request.problemCode = problem.code
  closeUnread(request, reply)
  return (
    reply
      .code(body.status)
      // an error before routing runs no hook that would set them
      .headers(problemHeaders)
      .headers(problem instanceof Problem ? problem.headers : {})
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('content-language', language === 'zh' ? 'zh-CN' : 'en')
      .send(JSON.stringify(body))
  )
}
