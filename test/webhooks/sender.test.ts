import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { checkedLookup, readAllowedTargets } from '../../src/webhooks/address.ts'
import { createSender, type DeliveryAttempt, retryAfterOf, type Sender } from '../../src/webhooks/sender.ts'
import { behaviours, type Receiver, startReceiver } from './receiver.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const former = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'

let receiver: Receiver
const senders: Sender[] = []
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.close()
  await receiver.stop()
})

const senderTo = (
  list: string,
  { timeoutMs = 15_000, resolve = async () => [{ address: '127.0.0.1', family: 4 }] } = {},
): Sender => {
  const allowed = readAllowedTargets(list)
  const sender = createSender({ allowed, lookup: checkedLookup(allowed, resolve), now: Date.now, timeoutMs })
  senders.push(sender)
  return sender
}

const send = async (sender: Sender, url = receiver.url, secrets = [secret]): Promise<DeliveryAttempt> => {
  const attempt = await sender.send(
    { url, secrets, id: 'e-1', body: '{"type":"ticket.closed"}' },
    new AbortController().signal,
  )
  return attempt as DeliveryAttempt
}

describe('a request', () => {
  test('is signed so that a receiver can verify it with the standard’s own library', async () => {
    await send(senderTo('127.0.0.1'), receiver.url, [secret, former])
    const [{ headers, text }] = receiver.received as [(typeof receiver.received)[0]]
    expect(headers['webhook-id']).toBe('e-1')
    for (const each of [secret, former])
      expect(new Webhook(each).verify(text, headers as Record<string, string>)).toEqual({
        type: 'ticket.closed',
      })
    expect(() => new Webhook('whsec_AAAA').verify(text, headers as Record<string, string>)).toThrow()
  })

  test('keeps the first 1,000 bytes of the answer, and no half character', async () => {
    receiver.behave((_, response) => response.end('好'.repeat(20_000)))
    const { status, answer } = await send(senderTo('127.0.0.1'))
    expect([status, answer]).toEqual([200, '好'.repeat(333)])
  })

  test('does not follow a redirect', async () => {
    const inside = await startReceiver()
    receiver.behave(behaviours.redirect(inside.url))
    expect(await send(senderTo('127.0.0.1'))).toMatchObject({ status: 302 })
    expect(inside.received).toEqual([])
    await inside.stop()
  })

  test('that gets no answer ends in time, one that is cut at once', async () => {
    receiver.behave(behaviours.hangs)
    expect(await send(senderTo('127.0.0.1', { timeoutMs: 100 }))).toMatchObject({
      ...{ status: null, fault: 'timed_out' },
    })
    receiver.behave(behaviours.nothing)
    expect(await send(senderTo('127.0.0.1'))).toMatchObject({ status: null, fault: 'no_connection' })
  })

  test('with an answer without end is done when its status is there', async () => {
    const sender = senderTo('127.0.0.1')
    receiver.behave(behaviours.gigabytes)
    const { status, answer } = await send(sender)
    expect([status, answer?.length]).toEqual([200, 1_000])
    receiver.behave(behaviours.neverEnds)
    const slow = await send(sender)
    expect([slow.status, slow.answer]).toEqual([200, 'begun'])
    expect(slow.durationMs).toBeLessThan(5_000)
  })

  test('tells what Retry-After asks for, in seconds or as a date', async () => {
    receiver.behave(behaviours.tooMany(120))
    expect(await send(senderTo('127.0.0.1'))).toMatchObject({ status: 429, retryAfterMs: 120_000 })
    const now = Date.parse('2026-03-02T02:00:00Z')
    expect(retryAfterOf('Mon, 02 Mar 2026 02:01:00 GMT', now)).toBe(60_000)
    expect(retryAfterOf('Mon, 02 Mar 2026 01:00:00 GMT', now)).toBe(0)
    expect(retryAfterOf('soon', now)).toBeNull()
    expect(retryAfterOf(undefined, now)).toBeNull()
  })

  test('to an address inside is not made, literal or by name', async () => {
    expect(await send(senderTo(''))).toMatchObject({ fault: 'address_refused' })
    const named = `https://hooks.example.com:${receiver.port}/`
    expect(await send(senderTo(''), named)).toMatchObject({ fault: 'address_refused' })
    expect(receiver.received).toEqual([])
  })

  test('asks for the address again at every connection: a name may change its answer', async () => {
    let address = '127.0.0.1'
    const sender = senderTo('127.0.0.0/8,hooks.example.com', {
      resolve: async () => [{ address, family: 4 }],
    })
    const url = `http://hooks.example.com:${receiver.port}/`
    receiver.behave((_, response) => {
      response.writeHead(200, { connection: 'close' })
      response.end()
    })
    expect(await send(sender, url)).toMatchObject({ status: 200 })
    const strict = senderTo('127.0.0.0/8', { resolve: async () => [{ address, family: 4 }] })
    const https = `https://hooks.example.com:${receiver.port}/`
    expect(await send(strict, https)).toMatchObject({ fault: 'no_connection' })
    address = '10.0.0.1'
    expect(await send(strict, https)).toMatchObject({ fault: 'address_refused' })
  })

  test('ignores proxies that the environment names', async () => {
    const proxy = await startReceiver()
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
    const before = names.map((name) => [name, process.env[name]] as const)
    for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`
    try {
      expect(await send(senderTo('127.0.0.1'))).toMatchObject({ status: 200 })
      expect([receiver.received.length, proxy.received.length]).toEqual([1, 0])
    } finally {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      await proxy.stop()
    }
  })

  test('that is cut by the end of the service comes to nothing', async () => {
    receiver.behave(behaviours.hangs)
    const ending = new AbortController()
    const sending = senderTo('127.0.0.1').send(
      { url: receiver.url, secrets: [secret], id: 'e', body: '{}' },
      ending.signal,
    )
    setTimeout(() => ending.abort(), 50)
    expect(await sending).toBeNull()
  })
})
