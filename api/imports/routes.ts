/** `POST /v1/imports`: history with its own times. */
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { importLine } from '../commands/imports/lines.ts'
import { type ImportResult, runImport } from '../commands/imports/run.ts'
import { splitLines } from '../commands/imports/splitLines.ts'
import { audit } from '../http/auditLog.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { explainLine } from '../http/explainLine.ts'
import { sendPosition } from '../http/positions.ts'
import { languageOf, Problem } from '../http/problems.ts'
import { importOnce } from './once.ts'

/** Most bytes of one import by HTTP; `npm run import` has no limit. */
const bodyLimit = 64 * 1024 * 1024

const importAnswer = z
  .strictObject({
    lines: z.int(),
    applied: z.int(),
    unchanged: z.int(),
    rejectedCount: z.int(),
    rejected: z.array(z.strictObject({ line: z.int(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'ImportResult' })

/** The chunks of a body; one that turns out too large ends the import there. @throws Problem `payload_too_large` */
async function* chunksOf(body: Readable): AsyncGenerator<Uint8Array> {
  let bytes = 0
  // a reader that stops early must not destroy the request, and its connection with it: the answer still has to go out
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length
    if (bytes > bodyLimit) throw new Problem('payload_too_large')
    yield chunk as Buffer
  }
}

/** Applies the lines of a body, and notes in the log how many whatever ended it. */
const importFrom = async (
  deps: Deps,
  request: FastifyRequest,
  body: AsyncIterable<Uint8Array>,
): Promise<ImportResult> => {
  let counts = {}
  let isWhole = false
  try {
    const result = await runImport(deps, splitLines(body), {
      importedBy: request.caller.sub,
      correlationId: request.id,
      explain: explainLine(languageOf(request.headers['accept-language'])),
      onProgress: ({ lines, applied, unchanged, rejectedCount }) => {
        counts = { lines, applied, unchanged, rejectedCount }
      },
    })
    isWhole = true
    return result
  } finally {
    audit(request, 'import', { ...counts, isWhole })
  }
}

export const importRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    if (Number(request.headers['content-length'] ?? 0) > bodyLimit) done(new Problem('payload_too_large'))
    // not the stream itself: who looks at a body's fields (`keepParsedBody`) would find a whole socket
    else done(null, chunksOf(payload as Readable))
  })

  app.post(
    '/v1/imports',
    {
      bodyLimit,
      config: {
        action: 'import',
        line: importLine,
        refusals: ['unreadable_import'],
        operationId: 'importHistory',
      },
      schema: {
        tags: ['operation'],
        summary: 'Import history, one JSON line an act',
        description:
          'application/x-ndjson, at most 64 MiB. Bad lines are skipped and listed; repeating an import changes nothing. With an Idempotency-Key the same file gets the first answer again, another file is refused.',
        consumes: ['application/x-ndjson'],
        response: { 200: importAnswer },
      },
    },
    async (request, reply) => {
      const body = request.body as AsyncIterable<Uint8Array> | undefined
      if (body === undefined) throw new Problem('unsupported_media_type')
      const run = (lines: AsyncIterable<Uint8Array>) => importFrom(deps, request, lines)
      const { result, position, replayed } = await importOnce(deps, request, body, run)
      sendPosition(reply, position)
      if (replayed) reply.header('idempotent-replayed', 'true')
      return result
    },
  )
}
