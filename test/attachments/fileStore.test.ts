/** What both stores of sealed files must do: the data folder, and S3. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openFileStore } from '../../src/attachments/attachments.ts'
import { type FileKey, type FileStore, FilesUnavailable } from '../../src/attachments/fileStore.ts'
import { openS3Store } from '../../src/attachments/s3Store.ts'
import { readConfig } from '../../src/config.ts'
import { type S3Server, startS3 } from './s3Server.ts'

const content = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 251))

describe.each(['folder', 's3'])('the store of files: %s', (kind) => {
  let dir: string
  let server: S3Server | null = null
  let store: FileStore & { close?(): Promise<void> }
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'store-'))
    server = kind === 's3' ? await startS3() : null
    store = openFileStore(readConfig(server?.variables ?? {}).attachments, dir)
  })
  afterAll(async () => {
    await store.close?.()
    await server?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const keyOf = (subjectId = randomUUID() as string): FileKey => ({ subjectId, attachmentId: randomUUID() })
  const put = async (key: FileKey): Promise<string> => {
    const path = join(dir, key.attachmentId)
    writeFileSync(path, content)
    await store.put(key, {
      path,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    })
    return path
  }
  const read = async (key: FileKey, first = 0, last = content.length - 1) => {
    const opened = await store.open(key, { first, last })
    return opened === null
      ? null
      : { size: opened.size, bytes: Buffer.concat((await opened.stream.toArray()) as Buffer[]) }
  }
  const listed = async (subjectId?: string) => {
    const ids: string[] = []
    for await (const { attachmentId, bytes, modifiedAt } of store.list(subjectId)) {
      expect([bytes, Math.abs(modifiedAt - Date.now()) < 120_000]).toEqual([content.length, true])
      ids.push(attachmentId)
    }
    return ids.sort()
  }

  test('takes a file over and gives it back, whole and in ranges', async () => {
    const key = keyOf()
    expect(existsSync(await put(key))).toBe(false)
    expect(await read(key)).toEqual({ size: content.length, bytes: content })
    expect(await read(key, 10, 19)).toEqual({ size: content.length, bytes: content.subarray(10, 20) })
    expect(await read(key, 990, 5_000)).toEqual({ size: content.length, bytes: content.subarray(990) })
    await put(key)
    expect(await read(key)).toEqual({ size: content.length, bytes: content })
  })

  test('has nothing of what was never there, and removing it changes nothing', async () => {
    const key = keyOf()
    expect(await read(key)).toBeNull()
    await store.remove(key)
    await store.removeSubject(key.subjectId)
    expect(await listed(key.subjectId)).toEqual([])
  })

  test('removes one file, or all of a subject, and lists the others', async () => {
    const [subject, other] = [randomUUID(), randomUUID()]
    const [first, second, third] = [keyOf(subject), keyOf(subject), keyOf(other)]
    for (const key of [first, second, third]) await put(key)
    expect(await listed(subject)).toEqual([first.attachmentId, second.attachmentId].sort())
    await store.remove(first)
    expect(await read(first)).toBeNull()
    expect(await listed(subject)).toEqual([second.attachmentId])
    await store.removeSubject(subject)
    expect([await listed(subject), await listed(other)]).toEqual([[], [third.attachmentId]])
    expect(await listed()).toContain(third.attachmentId)
  })
})

describe('an S3 server', () => {
  const secrets = { accessKeyId: 'key', secretAccessKey: 'secret', region: 'us-east-1' }
  const key = { subjectId: randomUUID(), attachmentId: randomUUID() }
  /** What the store makes of a server that always answers so; and how often it was asked. */
  const answering = async (status: number | null) => {
    let asked = 0
    const server = createServer((request, response) => {
      asked += 1
      request.resume()
      if (status === null) response.destroy()
      else response.writeHead(status).end('<Error><Code>secret</Code></Error>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const store = openS3Store({ url: new URL(`http://127.0.0.1:${port}/bucket`), ...secrets })
    const error = await store.remove(key).then(
      () => null,
      (refused: unknown) => refused,
    )
    await store.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    return { error, asked }
  }

  test.each([
    [403, 1, 'DELETE: it answered 403'],
    [503, 3, 'DELETE: it answered 503'],
    [null, 3, 'DELETE: UND_ERR_SOCKET'],
  ])(
    'that answers %s is asked %d times and is unavailable; no secret is in the message',
    async (status, times, words) => {
      const { error, asked } = await answering(status)
      expect(error).toBeInstanceOf(FilesUnavailable)
      expect([asked, (error as Error).message]).toEqual([times, `the S3 server of attachments: ${words}`])
    },
  )
})
