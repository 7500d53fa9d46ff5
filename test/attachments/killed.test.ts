/** Killed at every step of an upload, a removal and an erasure: what the log says and what is on the disk agree at the next start. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { csr, type Scenario, sa, scenarioOf, startScenario } from '../support/scenario.ts'
import { type Json, startTestService } from '../support/service.ts'
import { formOf, samples } from './samples.ts'

const pdf = samples['application/pdf']
/** The folder that each test has a copy of. */
const made = mkdtempSync(join(tmpdir(), 'killed-'))
let dataDir: string
let ticketNo: string
let attachmentId: string
let subjectId: string
let s: Scenario | null = null

const uploaded = (of: Scenario, headers: Record<string, string> = {}) => {
  const { body, headers: own } = formOf(pdf)
  return of.service.call(sa, 'POST', `/v1/tickets/${ticketNo}/attachments`, {
    body,
    headers: { ...own, ...headers },
  })
}

/** A closed ticket with one attachment. */
beforeAll(async () => {
  const first = await startScenario({ dataDir: made })
  ticketNo = await first.register()
  await first.respond(ticketNo)
  await first.close(ticketNo)
  attachmentId = (await uploaded(first)).body.attachmentId
  subjectId = (await first.ticket(ticketNo)).customer.subjectId
  await first.service.close()
})
afterAll(() => rmSync(made, { recursive: true, force: true }))
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'killed-'))
  cpSync(made, dataDir, { recursive: true })
})
afterEach(async () => {
  await s?.service.close()
  s = null
  rmSync(dataDir, { recursive: true, force: true })
})

/** Runs the write until it is killed at the step. */
const killedAt = async (step: string, path: string): Promise<void> => {
  const script = join(import.meta.dirname, 'killedProcess.ts')
  const child = spawn(process.execPath, [script, step, path], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATA_DIR: dataDir,
      METRICS_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)))
  expect([signal, output]).toEqual(['SIGKILL', ''])
}

const filesOf = (): string[] =>
  readdirSync(join(dataDir, 'attachments'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()

/** The service after the next start, its files cleaned. */
const restarted = async (): Promise<Scenario> => {
  s = scenarioOf(await startTestService({ dataDir, now: '2026-03-04T03:00:00.000Z' }))
  await s.service.cleanAttachments()
  return s
}
const idsOf = async (of: Scenario): Promise<string[]> =>
  (await of.get(`tickets/${ticketNo}/attachments`, csr)).body.items
    .map((item: Json) => item.attachmentId)
    .sort()

test.each(['part of it received', 'received', 'kept', 'AttachmentAdded appended'])(
  'an upload killed at "%s" is whole or leaves nothing, and sent again is one attachment',
  async (step) => {
    await killedAt(step, `tickets/${ticketNo}/attachments`)
    const after = await restarted()
    const ids = await idsOf(after)
    expect(ids.length).toBe(step === 'AttachmentAdded appended' ? 2 : 1)
    expect(filesOf()).toEqual(ids)
    const again = await uploaded(after, { 'idempotency-key': 'killed' })
    expect(again.status).toBe(201)
    expect(again.headers['idempotent-replayed']).toBe(ids.length === 2 ? 'true' : undefined)
    expect((await idsOf(after)).length).toBe(2)
    expect(filesOf()).toEqual(await idsOf(after))
    const got = await after.get(`tickets/${ticketNo}/attachments/${again.body.attachmentId}`, csr)
    expect([got.status, got.bytes]).toEqual([200, pdf])
  },
)

test('a removal killed before the bytes are removed is completed at the next start', async () => {
  await killedAt('AttachmentRemoved appended', `tickets/${ticketNo}/attachments/${attachmentId}/remove`)
  expect(filesOf()).toEqual([attachmentId])
  const after = await restarted()
  expect([await idsOf(after), filesOf()]).toEqual([[], []])
})

test.each(['SubjectErased appended', 'before the key is destroyed', 'key destroyed'])(
  'an erasure killed at "%s" is completed at the next start',
  async (step) => {
    await killedAt(step, `privacy/subjects/${subjectId}/erase`)
    expect(filesOf()).toEqual([attachmentId])
    const after = await restarted()
    expect(filesOf()).toEqual([])
    const item = (await after.get(`tickets/${ticketNo}/attachments`, csr)).body.items[0]
    expect(item).toMatchObject({ attachmentId, name: null })
  },
)
