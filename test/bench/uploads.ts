/** Fifty attachments of the largest size at once: the memory they take, and how fast they come in. */
import { Readable } from 'node:stream'
import { request } from 'undici'
import { maxAttachmentBytes } from '../../domain/attachments/attachments.ts'
import { bodyOf, openConnection, requestOf } from './connection.ts'
import { complaint, enterDealer, freshNumbers, inFolder } from './intake.ts'
import { withServer } from './processes.ts'
import { atMost, type Row, said } from './table.ts'
import { tokenFor } from './tokens.ts'

const uploads = 50
const megabyte = 2 ** 20
/** More resident memory while they come in than before, at most. */
const mostGrowth = 100
const border = '----upload'
const chunk = Buffer.alloc(64 * 1024, 0x20)

/** A PDF of the largest size, a piece at a time, so that the client holds none of it whole. */
function* body(): Generator<Buffer> {
  const head = Buffer.from(
    `--${border}\r\ncontent-disposition: form-data; name="file"; filename="fax.pdf"\r\n\r\n`,
  )
  const pdf = Buffer.from('%PDF-1.7\n')
  yield head
  yield pdf
  for (let left = maxAttachmentBytes - pdf.length; left > 0; left -= chunk.length)
    yield chunk.subarray(0, Math.min(left, chunk.length))
  yield Buffer.from(`\r\n--${border}--\r\n`)
}

export const uploadRows = (): Promise<Row[]> =>
  inFolder((folder) =>
    withServer({ kind: 'service', folder, flushMs: 0 }, async ({ url, usage }) => {
      await enterDealer(url, folder)
      const token = await tokenFor(folder, 'csr')
      const connection = await openConnection(url)
      const number = freshNumbers()
      const register = async (): Promise<string> =>
        bodyOf<{ ticketNo: string }>(
          await connection.send(requestOf('POST', '/v1/complaints', token, complaint(number()))),
          201,
        ).ticketNo
      const upload = async (ticketNo: string): Promise<void> => {
        const { statusCode, body: answer } = await request(`${url}/v1/tickets/${ticketNo}/attachments`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': `multipart/form-data; boundary=${border}`,
          },
          body: Readable.from(body()),
          headersTimeout: 0,
        })
        const text = await answer.text()
        if (statusCode !== 201) throw new Error(`an upload was answered ${statusCode}: ${text}`)
      }
      // the code of an upload is loaded, and has run
      await upload(await register())
      const ticketNo = await register()
      const before = await usage()
      const started = performance.now()
      await Promise.all(Array.from({ length: uploads }, () => upload(ticketNo)))
      const seconds = (performance.now() - started) / 1000
      const after = await usage()
      connection.close()
      const name = `${uploads} attachments of 20 MiB at once`
      return [
        said(`${name}: taken in`, (uploads * maxAttachmentBytes) / megabyte / seconds, 'MB/s'),
        atMost(`${name}: memory`, (after.mostBytes - before.bytes) / megabyte, mostGrowth, 'MB'),
      ]
    }),
  )
