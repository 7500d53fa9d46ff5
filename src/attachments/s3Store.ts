/** Sealed files on an S3 server, path-style: `<bucket>/<prefix><subjectId>/<attachmentId>`. */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { AwsV4Signer } from 'aws4fetch'
import { Agent, request } from 'undici'
import { attachmentIdForm } from '../../domain/attachments/attachments.ts'
import { type FileKey, type FileStore, FilesUnavailable, type ListedFile } from './fileStore.ts'

/** `url`: the bucket's address, and behind it a prefix of the keys where there is one. */
export type S3Settings = { url: URL; accessKeyId: string; secretAccessKey: string; region: string }

type Call = {
  method: 'GET' | 'PUT' | 'DELETE'
  path: string
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Made for each try. */
  body?: () => Readable
}
type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Readable }

/** Tries of a call whose connection failed or that the server asked to repeat; every call may be repeated. */
const attempts = 3
const pauseMs = 200
const timeoutMs = 30_000
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
const elementOf = (xml: string, name: string): string | null => {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return found === undefined ? null : found.replace(/&\w+;|&#39;/g, (entity) => entities[entity] ?? entity)
}

/** An answer of the list, at most 1,000 keys and about 300 kB. @throws FilesUnavailable where it is much longer */
const textOf = async (body: Readable): Promise<string> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += (part as Buffer).length
    if (size > 4_000_000) throw new FilesUnavailable('the S3 server gives a list that is too long')
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString()
}

const drain = (body: Readable): void => {
  body.on('error', () => {})
  body.resume()
}

export const openS3Store = ({ url, ...secrets }: S3Settings): FileStore & { close(): Promise<void> } => {
  const agent = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: 5_000 } })
  const [bucket = '', ...parts] = url.pathname.split('/').filter((part) => part !== '')
  const prefix = parts.map((part) => `${part}/`).join('')
  const pathOf = ({ subjectId, attachmentId }: FileKey): string =>
    `/${bucket}/${prefix}${subjectId}/${attachmentId}`

  const once = async ({ method, path, query = {}, headers = {}, body }: Call): Promise<Answer> => {
    const address = new URL(path, url)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    const signed = await new AwsV4Signer({
      ...secrets,
      service: 's3',
      method,
      url: address.href,
      headers: { 'x-amz-content-sha256': emptySha256, ...headers },
    }).sign()
    const { statusCode, ...answer } = await request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      body: body?.() ?? null,
      dispatcher: agent,
    })
    return { status: statusCode, ...answer }
  }

  /** @throws FilesUnavailable for every status that is not among `expected` */
  const call = async (asked: Call, expected: readonly number[]): Promise<Answer> => {
    let fault = ''
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (attempt > 1) await wait(pauseMs * attempt)
      try {
        const answer = await once(asked)
        if (expected.includes(answer.status)) return answer
        drain(answer.body)
        fault = `it answered ${answer.status}`
        if (answer.status < 500 && answer.status !== 429) break
      } catch (error) {
        fault = String((error as { code?: unknown }).code ?? (error as Error).name)
      }
    }
    throw new FilesUnavailable(`the S3 server of attachments: ${asked.method}: ${fault}`)
  }

  const remove = async (key: FileKey): Promise<void> =>
    drain((await call({ method: 'DELETE', path: pathOf(key) }, [200, 204, 404])).body)

  async function* list(subjectId?: string): AsyncGenerator<ListedFile> {
    const under = subjectId === undefined ? prefix : `${prefix}${subjectId}/`
    for (let after = ''; ; ) {
      const query = { 'list-type': '2', prefix: under, ...(after !== '' && { 'start-after': after }) }
      const answer = await call({ method: 'GET', path: `/${bucket}`, query }, [200])
      const xml = await textOf(answer.body)
      const found = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = '']) => entry)
      for (const entry of found) {
        after = elementOf(entry, 'Key') ?? after
        const [subject = '', attachmentId = '', ...rest] = after.slice(prefix.length).split('/')
        if (rest.length > 0 || !attachmentIdForm.test(subject) || !attachmentIdForm.test(attachmentId))
          continue
        yield {
          subjectId: subject,
          attachmentId,
          bytes: Number(elementOf(entry, 'Size')),
          modifiedAt: Date.parse(elementOf(entry, 'LastModified') ?? ''),
        }
      }
      if (elementOf(xml, 'IsTruncated') !== 'true' || found.length === 0) return
    }
  }

  return {
    kind: 's3',
    put: async (key, { path, bytes, sha256 }) => {
      const headers = {
        'content-length': String(bytes),
        'content-type': 'application/octet-stream',
        'x-amz-content-sha256': sha256,
      }
      const body = (): Readable => createReadStream(path)
      drain((await call({ method: 'PUT', path: pathOf(key), headers, body }, [200, 201])).body)
      await rm(path, { force: true })
    },
    open: async (key, { first, last }) => {
      const headers = { range: `bytes=${first}-${last}` }
      const {
        status,
        headers: told,
        body,
      } = await call({ method: 'GET', path: pathOf(key), headers }, [200, 206, 404, 416])
      if (status === 404 || status === 416) {
        drain(body)
        return status === 404 ? null : { size: 0, stream: body }
      }
      const size =
        status === 206
          ? Number(/\/(\d+)$/.exec(String(told['content-range']))?.[1])
          : Number(told['content-length'])
      // a server that gives the whole file in spite of the range
      if (status === 200 && first > 0) {
        body.destroy()
        throw new FilesUnavailable('the S3 server of attachments takes no ranges')
      }
      return { size, stream: body }
    },
    remove,
    removeSubject: async (subjectId) => {
      for await (const file of list(subjectId)) await remove(file)
    },
    list,
    close: () => agent.close(),
  }
}
