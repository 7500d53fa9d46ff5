/** Attachments with an S3 bucket and a virus scanner outside: what they do, and what happens when they are away. */
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { openFileStore } from '../../src/attachments/attachments.ts'
import { readConfig } from '../../src/config.ts'
import { csr, problemOf, refused, type Scenario, sa, startScenario } from '../support/scenario.ts'
import type { Json } from '../support/service.ts'
import { startS3 } from './s3Server.ts'
import { formOf, samples } from './samples.ts'

let s: Scenario
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await s?.service.close()
  for (const close of closing.splice(0)) await close()
})

const upload = (ticketNo: string, content: Uint8Array = samples['application/pdf']) => {
  const { body, headers } = formOf(content)
  return s.service.call(csr, 'POST', `/v1/tickets/${ticketNo}/attachments`, { body, headers })
}
const listed = async (ticketNo: string): Promise<Json[]> =>
  (await s.get(`tickets/${ticketNo}/attachments`, csr)).body.items
/** Files of the data folder. */
const local = (): string[] =>
  readdirSync(join(s.service.folder, 'attachments'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

describe('attachments in a bucket', () => {
  test('are stored, read, removed and erased there; files that nothing names are cleaned', async () => {
    const server = await startS3()
    closing.push(server.close)
    const store = openFileStore(readConfig(server.variables).attachments, '/nowhere')
    closing.push(async () => store.close?.())
    const inBucket = async (): Promise<string[]> => {
      const ids: string[] = []
      for await (const { attachmentId } of store.list()) ids.push(attachmentId)
      return ids.sort()
    }
    s = await startScenario({ variables: server.variables })
    const ticketNo = await s.register()
    const first = (await upload(ticketNo)).body.attachmentId
    const second = (await upload(ticketNo, Buffer.alloc(300_000, 'text '))).body.attachmentId
    expect([await inBucket(), local()]).toEqual([[first, second].sort(), []])
    const got = await s.get(`tickets/${ticketNo}/attachments/${second}`, csr, {
      range: 'bytes=199999-250000',
    })
    expect([got.status, got.bytes]).toEqual([206, Buffer.alloc(300_000, 'text ').subarray(199_999, 250_001)])
    await s.post(sa, `tickets/${ticketNo}/attachments/${first}/remove`, { reason: '误传' })
    expect(await inBucket()).toEqual([second])
    await s.respond(ticketNo)
    await s.close(ticketNo)
    const { customer } = await s.ticket(ticketNo)
    await s.post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '客户要求' })
    expect(await inBucket()).toEqual([])
  })

  test('that is away: 503, and nothing is recorded', async () => {
    s = await startScenario({
      variables: {
        ATTACHMENTS: 'http://127.0.0.1:1/bucket',
        S3_ACCESS_KEY_ID: 'key',
        S3_SECRET_ACCESS_KEY: 'secret',
      },
    })
    const ticketNo = await s.register()
    const head = await s.head()
    const answer = await upload(ticketNo)
    expect(problemOf(answer)).toEqual(refused(503, 'attachments_unavailable'))
    expect(answer.headers['retry-after']).toBe('5')
    expect([await listed(ticketNo), local(), await s.head()]).toEqual([[], [], head])
  })
})

/** A clamd that answers each file by `verdict`. */
const startScanner = async (verdict: (content: Buffer) => string | null): Promise<string> => {
  const server: Server = createServer((socket) => {
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      if (!received.subarray(-4).equals(Buffer.alloc(4))) return
      const parts: Buffer[] = []
      for (let at = 'zINSTREAM\0'.length; ; ) {
        const length = received.readUInt32BE(at)
        if (length === 0) break
        parts.push(received.subarray(at + 4, at + 4 + length))
        at += 4 + length
      }
      const said = verdict(Buffer.concat(parts))
      if (said === null) socket.destroy()
      else socket.end(`${said}\0`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a virus scanner', () => {
  test('sees every byte before anything is kept; what it finds is refused', async () => {
    const seen: Buffer[] = []
    const CLAMD = await startScanner((content) => {
      seen.push(content)
      return content.includes('EICAR') ? 'stream: Eicar-Signature FOUND' : 'stream: OK'
    })
    s = await startScenario({ variables: { CLAMD } })
    const ticketNo = await s.register()
    const clean = Buffer.alloc(200_000, 'clean ')
    expect((await upload(ticketNo, clean)).status).toBe(201)
    expect(seen[0]).toEqual(clean)
    const [files, head] = [local().length, await s.head()]
    expect(problemOf(await upload(ticketNo, Buffer.from('EICAR')))).toEqual(
      refused(422, 'attachment_infected', ['body', '#/file']),
    )
    expect([(await listed(ticketNo)).length, local().length, await s.head()]).toEqual([1, files, head])
  })

  test.each<[string, () => Promise<string>]>([
    ['is away', async () => '127.0.0.1:1'],
    ['hangs up', () => startScanner(() => null)],
    ['gives no verdict', () => startScanner(() => 'INSTREAM size limit exceeded. ERROR')],
    ['says something else', () => startScanner(() => 'stream: OK FOUND OK')],
  ])('that %s: 503 with Retry-After, and nothing is stored', async (_, start) => {
    s = await startScenario({ variables: { CLAMD: await start() } })
    const ticketNo = await s.register()
    const head = await s.head()
    const answer = await upload(ticketNo, Buffer.alloc(300_000, 'text '))
    expect(problemOf(answer)).toEqual(refused(503, 'scanner_unavailable'))
    expect(answer.headers['retry-after']).toBe('10')
    expect([await listed(ticketNo), local(), await s.head()]).toEqual([[], [], head])
  })
})

test('files that nothing names are removed at the start, and those of a crashed upload', async () => {
  s = await startScenario()
  const { folder } = s.service
  const ticketNo = await s.register()
  const { attachmentId } = (await upload(ticketNo)).body
  const store = openFileStore({ kind: 'folder' }, folder)
  const { writeFileSync, utimesSync } = await import('node:fs')
  const stray = { subjectId: randomUUID(), attachmentId: randomUUID() }
  const path = join(folder, 'stray')
  writeFileSync(path, 'stray')
  utimesSync(path, new Date(0), new Date(0))
  await store.put(stray, { path, bytes: 5, sha256: '' })
  await s.service.cleanAttachments()
  // it was looked at once; a new start looks at all of them again
  expect(local()).toContain(stray.attachmentId)
  const { createCleaner } = await import('../../src/attachments/cleaner.ts')
  const { pino } = await import('pino')
  const clean = createCleaner({
    store,
    attachments: s.service.deps.views.attachments,
    startedAt: Date.now(),
    graceMs: 0,
    log: pino({ level: 'silent' }),
  })
  await clean()
  expect(local()).toEqual([attachmentId])
})
