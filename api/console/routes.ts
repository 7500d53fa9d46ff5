/** `GET /console`: the page for people, and its files. What the page shows comes from the API with the user's token. */
import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { style as formStyle } from '../forms/style.ts'
import type { Routes } from '../http/deps.ts'
import { Problem } from '../http/problems.ts'
import { letterStyle } from '../letters/page.ts'
import { assetsPath, consoleDocument, contentSecurityPolicy } from './document.ts'
import type { ConsoleBuild, ConsolePort } from './port.ts'

const encodings = {
  br: (body: Uint8Array) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body: Uint8Array) => promisify(gzip)(body),
} as const

type EncodingName = keyof typeof encodings

/** A file in every encoding it was asked for; each is made once. */
type ServedFile = { type: string; etag: string; bytes(encoding: EncodingName | null): Promise<Uint8Array> }

const served = (body: Uint8Array, type: string): ServedFile => {
  const made = new Map<EncodingName, Promise<Uint8Array>>()
  return {
    type,
    etag: `"${hash('sha256', body, 'base64url').slice(0, 22)}"`,
    bytes: (encoding) => {
      if (encoding === null) return Promise.resolve(body)
      const known = made.get(encoding) ?? encodings[encoding](body)
      made.set(encoding, known)
      return known
    },
  }
}

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

type Page = { document: ServedFile; assets: ReadonlyMap<string, ServedFile> }

const pageOf = (build: ConsoleBuild, { signIn }: ConsolePort): Page => ({
  document: served(Buffer.from(consoleDocument(build, signIn)), 'text/html; charset=utf-8'),
  assets: new Map(
    [...build.assets].flatMap(([name, body]) => {
      const type = types[name.slice(name.lastIndexOf('.') + 1)]
      return type === undefined ? [] : [[name, served(body, type)] as const]
    }),
  ),
})

/** The smallest encoding the browser takes; `null`: as it is. */
const encodingFor = ({ headers }: FastifyRequest): EncodingName | null => {
  const accepted = String(headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((each) => each.trim().split(/\s*;\s*/))
    .filter(([, quality]) => quality === undefined || !/^q=0(\.0*)?$/.test(quality))
    .map(([name]) => name)
  return (['br', 'gzip'] as const).find((each) => accepted.includes(each)) ?? null
}

const send = async (
  request: FastifyRequest,
  reply: FastifyReply,
  file: ServedFile,
): Promise<FastifyReply> => {
  reply.header('etag', file.etag).header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const encoding = encodingFor(request)
  if (encoding !== null) reply.header('content-encoding', encoding)
  return reply.type(file.type).send(Buffer.from(await file.bytes(encoding)))
}

/** Not routes of the API: hidden from its document, open to everybody as the sign-in page must be. */
const hidden = { schema: { hide: true } } as const

export const consoleRoutes: Routes =
  ({ console: port }) =>
  async (app) => {
    if (port === undefined) return
    let page: Promise<Page> | undefined
    const load = (): Promise<Page> => {
      page ??= port.build().then((build) => pageOf(build, port))
      page.catch(() => {
        page = undefined
      })
      return page
    }
    const policy = contentSecurityPolicy(port.signIn)

    app.get('/console', hidden, async (request, reply) => {
      const { document } = await load()
      reply.header('content-security-policy', policy).header('cache-control', 'no-cache')
      return send(request, reply, document)
    })

    app.get('/console/', hidden, (_request, reply) => reply.redirect('/console', 308))

    // a page to print is shown in a tab that takes no style but from files of this host
    for (const [name, style] of Object.entries({ form: formStyle, letter: letterStyle })) {
      const sheet = served(Buffer.from(style), types.css as string)
      app.get(`/console/${name}.css`, hidden, (request, reply) => {
        reply.header('cache-control', 'no-cache')
        return send(request, reply, sheet)
      })
    }

    app.get<{ Params: { name: string } }>(`${assetsPath}/:name`, hidden, async (request, reply) => {
      const { assets } = await load()
      const file = assets.get(request.params.name)
      if (file === undefined) throw new Problem('not_found')
      // the name changes with the content
      reply.header('cache-control', 'public, max-age=31536000, immutable')
      return send(request, reply, file)
    })
  }
