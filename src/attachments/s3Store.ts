/** Sealed files on an S3 server, path-style: `<bucket>/<prefix><subjectId>/<attachmentId>`. */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { attachmentIdForm } from '../../domain/attachments/attachments.ts'
import { type FileKey, type FileStore, FilesUnavailable, type ListedFile } from './fileStore.ts'
import { createS3Calls, drain, type S3Settings } from './s3Calls.ts'

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

export const openS3Store = (settings: S3Settings): FileStore & { close(): Promise<void> } => {
  const { call, close } = createS3Calls(settings)
  const [bucket = '', ...parts] = settings.url.pathname.split('/').filter((part) => part !== '')
  const prefix = parts.map((part) => `${part}/`).join('')
  const pathOf = ({ subjectId, attachmentId }: FileKey): string =>
    `/${bucket}/${prefix}${subjectId}/${attachmentId}`

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
    close,
  }
}
