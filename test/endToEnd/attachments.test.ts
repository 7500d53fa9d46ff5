/** Attachments of the real process: verify names what is missing, damaged or nobody's; a backup holds them all. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { formOf } from '../attachments/samples.ts'
import { temporaryFolder } from '../store/folder.ts'
import { runHere } from './runHere.ts'
import { eventually, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { csr, enterMasterData } from './writers.ts'

let dir: string
let dataDir: string
let removeFolder: () => Promise<void>
let service: ServiceProcess
let ticketNo: string
const contents = [
  Buffer.alloc(200_000, 'first '),
  Buffer.alloc(10, 'second '),
  Buffer.alloc(100_000, 'third '),
]
let ids: string[]

const upload = async (content: Buffer): Promise<string> => {
  const { body, headers } = formOf(content)
  const authorization = `Bearer ${await service.tokenOf(csr)}`
  const answer = await fetch(`${service.url}/v1/tickets/${ticketNo}/attachments`, {
    method: 'POST',
    headers: { ...headers, authorization },
    body: new Uint8Array(body),
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { attachmentId: string }).attachmentId
}

beforeAll(async () => {
  const folder = await temporaryFolder()
  dir = folder.dir
  removeFolder = folder.remove
  dataDir = join(dir, 'data')
  service = await startProcess(dataDir)
  await service.ready()
  await enterMasterData(service)
  const complaint = await service.call(csr, 'POST', '/v1/complaints', {
    body: {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: { name: '王小明', phone: '13800000001' },
      content: '投诉',
    },
  })
  ticketNo = complaint.body.ticketNo
  ids = []
  for (const content of contents) ids.push(await upload(content))
}, 60_000)
afterAll(async () => {
  await service.kill('SIGKILL')
  await removeFolder()
})

/** The only folder of a customer. */
const filesIn = (folder: string): string => {
  const [subject = ''] = readdirSync(join(folder, 'attachments')).filter((name) => name !== 'incoming')
  return join(folder, 'attachments', subject)
}
const verify = (folder: string) => runHere('src/cli/verify.ts', { DATA_DIR: folder })

test('a backup under the service has them, a restored service gives them back, and verify reads them', async () => {
  const backup = join(dir, 'backup')
  // of an upload that is going on
  const stray = join(filesIn(dataDir), randomUUID())
  writeFileSync(stray, 'stray')
  expect(await runHere('src/cli/backup.ts', { DATA_DIR: dataDir }, [backup])).toMatchObject({
    code: 0,
    output: expect.stringContaining('3 attachments in '),
  })
  rmSync(stray)
  expect(readdirSync(filesIn(join(backup, 'log'))).sort()).toEqual([...ids].sort())
  const restored = join(dir, 'restored')
  mkdirSync(restored)
  for (const part of ['log', 'keys']) cpSync(join(backup, part), restored, { recursive: true })
  expect(await verify(restored)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/ 3 attachments, .*all is well/),
  })
  const again = await startProcess(restored)
  await again.ready()
  const authorization = `Bearer ${await again.tokenOf(csr)}`
  for (const [index, id] of ids.entries()) {
    const got = await fetch(`${again.url}/v1/tickets/${ticketNo}/attachments/${id}`, {
      headers: { authorization },
    })
    expect(Buffer.from(await got.arrayBuffer())).toEqual(contents[index])
  }
  await again.kill('SIGKILL')
}, 60_000)

test('verify names what is missing, what is damaged and what is nobody’s', async () => {
  const broken = join(dir, 'broken')
  cpSync(dataDir, broken, { recursive: true })
  const files = filesIn(broken)
  const [missing = '', cut = '', changed = ''] = ids
  rmSync(join(files, missing))
  writeFileSync(join(files, cut), readFileSync(join(files, cut)).subarray(0, -1))
  const bytes = readFileSync(join(files, changed))
  bytes[90_000] = (bytes[90_000] as number) ^ 1
  writeFileSync(join(files, changed), bytes)
  const stray = join(files, randomUUID())
  writeFileSync(stray, 'stray')
  utimesSync(stray, new Date(0), new Date(0))
  const { code, output } = await verify(broken)
  expect(code).toBe(1)
  expect(output).toContain(`Attachment ${missing} of ticket-${ticketNo}: it is missing.`)
  expect(output).toContain(
    `Attachment ${cut} of ticket-${ticketNo}: it has another size than when it was stored.`,
  )
  expect(output).toContain(`Attachment ${changed} of ticket-${ticketNo}: chunk 2 of 2 does not open.`)
  expect(output).toMatch(/The file [\da-f-]+\/[\da-f-]+ is of no attachment; the next start removes it\./)
  expect(output).toContain('4 problems')
}, 60_000)

test('an upload that its sender breaks off leaves nothing, and the service goes on', async () => {
  const { body, headers } = formOf(Buffer.alloc(5_000_000, 'a'))
  const { hostname, port } = new URL(service.url)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  const head = [
    `POST /v1/tickets/${ticketNo}/attachments HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${await service.tokenOf(csr)}`,
    `Content-Type: ${headers['content-type']}`,
    `Content-Length: ${body.length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.write(body.subarray(0, 1_000_000))
  const incoming = join(dataDir, 'attachments', 'incoming')
  await eventually('the upload is under way', () => readdirSync(incoming).length > 0 || undefined)
  socket.destroy()
  await eventually('nothing is left of it', () => readdirSync(incoming).length === 0 || undefined)
  expect(readdirSync(filesIn(dataDir)).sort()).toEqual([...ids].sort())
  expect((await service.call(csr, 'GET', `/v1/tickets/${ticketNo}/attachments`)).body.items.length).toBe(3)
}, 60_000)
