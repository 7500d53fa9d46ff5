/** SIGTERM on the real process: gone within 10 seconds with exit code 0, whatever the callers do. */
import { afterEach, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { eventually, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { type Line, openLine, requestText } from './sockets.ts'
import { admin, csr, enterMasterData } from './writers.ts'

const sa = { roles: ['sa' as const] }

const goneWithinMs = 10_000
/** Where nobody is in the middle of anything there is nothing to wait for; time for a busy machine is in it. */
const soonMs = 5_000

const line = (ref: string) =>
  `${JSON.stringify({
    at: '2026-03-02T02:00:00.000Z',
    actor: { id: 'old', role: 'csr' },
    ref,
    command: 'register',
    data: { channel: 'phone', category: 'A4y', customer: { name: '司徒' }, content: '来自旧系统'.repeat(50) },
  })}\n`

const lines: Line[] = []
let service: ServiceProcess
let remove = async (): Promise<void> => {}
afterEach(async () => {
  for (const { socket } of lines.splice(0)) socket.destroy()
  await service.kill('SIGKILL')
  await remove()
}, 20_000)

const start = async (variables: Record<string, string> = {}): Promise<string> => {
  const folder = await temporaryFolder()
  remove = folder.remove
  service = await startProcess(folder.dir, variables)
  await service.ready()
  return folder.dir
}

const connect = async (text = ''): Promise<Line> => {
  const opened = await openLine(service.url)
  lines.push(opened)
  if (text !== '') opened.socket.write(text)
  return opened
}

const bearer = async (who: Parameters<ServiceProcess['tokenOf']>[0]) => ({
  authorization: `Bearer ${await service.tokenOf(who)}`,
})

const complaint = JSON.stringify({
  channel: 'phone',
  category: 'A4y',
  customer: { name: '王' },
  content: '投诉',
})
const half = (text: string): string => text.slice(0, -10)

/** Tells the process to stop, and waits until it has ended. */
const stop = async () => {
  const began = performance.now()
  const ending = service.kill('SIGTERM')
  const code = await service.exited
  const ms = performance.now() - began
  // the pipe of its output may still be full
  service.ignoreLog('closed')
  return { code, ms, output: (await ending).output }
}

/** Leaves the connection unread with more answers on the way than the buffers of two kernels take. */
const readNothing = async (request: string, times: number): Promise<void> => {
  const reader = await connect(request.repeat(times))
  reader.socket.pause()
  await eventually('the answers have begun', () => (reader.socket.bytesRead > 0 ? true : undefined))
}

const importTickets = async (count: number): Promise<void> => {
  const body = Array.from({ length: count }, (_, index) => line(`L-${index}`)).join('')
  const answer = await fetch(`${service.url}/v1/imports`, {
    method: 'POST',
    headers: { ...(await bearer(admin)), 'content-type': 'application/x-ndjson' },
    body,
  })
  expect(await answer.json()).toMatchObject({ applied: count })
}

describe('a service told to stop is gone soon', () => {
  test('with one silent connection', async () => {
    await start()
    await connect()
    const { code, ms } = await stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(soonMs)
  })

  test('with half a header', async () => {
    await start()
    const caller = await connect('GET /v1/codes HTTP/1.1\r\nx: y')
    const { code, ms } = await stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(soonMs)
    const answer = await caller.ended
    expect(answer).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
    expect(answer).toContain('"code":"shutting_down"')
  })

  test('with half a body of a caller without a token', async () => {
    await start()
    for (const path of ['/v1/complaints', '/v1/imports', '/v1/nowhere', '/livez'])
      await connect(half(requestText('POST', path, {}, complaint)))
    await connect(half(requestText('GET', '/livez', {}, complaint)))
    const { code, ms } = await stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(soonMs)
  })

  test('with 2,000 connections that wait, silent or answered', async () => {
    await start()
    for (let index = 0; index < 20; index++)
      await Promise.all(
        Array.from({ length: 100 }, (_, each) =>
          connect(each % 2 === 0 ? '' : requestText('GET', '/livez', { 'x-request-id': `${index}-${each}` })),
        ),
      )
    await eventually(
      'the others are answered',
      () => lines.filter(({ received }) => received().includes('"live"')).length === 1_000 || undefined,
    )
    const { code, ms } = await stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(soonMs)
  }, 60_000)
})

describe('a service told to stop is gone within ten seconds, with code 0', () => {
  test('with half a body of a caller who may', async () => {
    await start()
    const headers = await bearer(csr)
    await connect(half(requestText('POST', '/v1/complaints', headers, complaint)))
    await connect(half(requestText('POST', '/v1/tickets/search', headers, '{"phone":"13800000000"}')))
    const { code, ms, output } = await stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(goneWithinMs)
    expect(output).not.toMatch(/"level":(50|60)/)
  }, 30_000)

  test('with imports that never end, and keeps the lines that were applied', async () => {
    const dir = await start()
    await enterMasterData(service)
    const type = { 'content-type': 'application/x-ndjson', 'content-length': '1000000' }
    for (const ref of ['pending-1', 'pending-2', 'pending-3'])
      await connect(
        `${requestText('POST', '/v1/imports', { ...(await bearer(admin)), ...type })}${line(ref)}{"at`,
      )
    const isThere = async (ref: string) =>
      (await service.call(sa, 'GET', `/v1/tickets?externalNo=${ref}`)).body.items.length === 1 || undefined
    for (const ref of ['pending-1', 'pending-2', 'pending-3']) await eventually(ref, () => isThere(ref))
    const { code, ms, output } = await stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(goneWithinMs)
    expect(output).not.toMatch(/"level":(50|60)/)

    service = await startProcess(dir)
    await service.ready()
    for (const ref of ['pending-1', 'pending-2', 'pending-3']) expect(await isThere(ref)).toBe(true)
  }, 40_000)

  test('with readers of big files that do not read', async () => {
    await start()
    await enterMasterData(service)
    await importTickets(500)
    await readNothing(requestText('GET', '/v1/tickets?format=csv', await bearer(sa)), 100)
    await readNothing(requestText('GET', '/openapi.json'), 60)
    const { code, ms, output } = await stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(goneWithinMs)
    expect(output).not.toMatch(/"level":(50|60)/)
  }, 40_000)

  test.each(['unread', 'closed'] as const)(
    'with a log that is %s, and serves until then',
    async (how) => {
      await start({ LOG_LEVEL: 'debug' })
      service.ignoreLog(how)
      const caller = await connect()
      const requests = requestText('GET', '/livez').repeat(50)
      for (let sent = 50; sent <= 2_000; sent += 50) {
        caller.socket.write(requests)
        await eventually('all are answered', () => {
          const answered = caller.received().split('"live"').length - 1
          return answered === sent || undefined
        })
      }
      const { code, ms } = await stop()
      expect(code).toBe(0)
      expect(ms).toBeLessThan(soonMs)
    },
    40_000,
  )
})
