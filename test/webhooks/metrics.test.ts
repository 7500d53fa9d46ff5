/** What operators watch of webhooks, streams and dues: each figure is there and moves. */
import { afterEach, expect, test } from '@jest/globals'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import { listening, openReader, until } from '../api/live/readers.ts'
import { at, type Scenario, sa, start } from '../support/scenario.ts'
import { behaviours } from './receiver.ts'
import { endAll, hooksOf, receiver, startSending } from './support.ts'

afterEach(endAll)

const events = ['ticket.registered']
const figuresOf = async (s: Scenario): Promise<(name: string) => number | undefined> => {
  const { body } = await s.service.deps.metrics.scrape()
  const figures = new Map(body.split('\n').map((line) => line.split(' ') as [string, string]))
  return (name) => (figures.has(name) ? Number(figures.get(name)) : undefined)
}
const later = (seconds: number): string => toInstant(toEpoch(at(start)) + seconds * 1_000)

test('webhooks: attempts by result, and by endpoint what is pending, its age, the lag and the pause', async () => {
  const s = await startSending()
  const hooks = hooksOf(s)
  const [good, bad] = [await receiver(), await receiver(behaviours.broken)]
  const { id } = await hooks.create(good.url, { events })
  const { id: failing } = await hooks.create(bad.url, { events })
  await hooks.look()
  await s.register()
  s.service.setClock(later(3))
  await hooks.look()
  s.service.setClock(later(63))
  const figure = await figuresOf(s)
  expect(figure('webhook_attempts_total{result="delivered"}')).toBe(1)
  expect(figure('webhook_attempts_total{result="failed"}')).toBe(1)
  expect(figure(`webhook_lag_seconds{webhook="${id}"}`)).toBe(3)
  expect(figure(`webhook_lag_seconds{webhook="${failing}"}`)).toBeUndefined()
  expect(figure(`webhook_pending_deliveries{webhook="${id}"}`)).toBe(0)
  expect(figure(`webhook_pending_deliveries{webhook="${failing}"}`)).toBe(1)
  expect(figure(`webhook_oldest_pending_seconds{webhook="${id}"}`)).toBe(0)
  expect(figure(`webhook_oldest_pending_seconds{webhook="${failing}"}`)).toBe(63)
  expect(figure(`webhook_paused{webhook="${failing}",reason="request"}`)).toBe(0)
})

test('a webhook that is paused shows what waits for it, and since when', async () => {
  const s = await startSending()
  const hooks = hooksOf(s)
  const to = await receiver()
  const { id } = await hooks.create(to.url, { events })
  await hooks.look()
  await hooks.act(id, 'pause')
  await hooks.look()
  await s.register()
  await hooks.look()
  s.service.setClock(later(600))
  const figure = await figuresOf(s)
  expect(figure(`webhook_pending_deliveries{webhook="${id}"}`)).toBe(1)
  expect(figure(`webhook_oldest_pending_seconds{webhook="${id}"}`)).toBe(600)
  expect(figure(`webhook_paused{webhook="${id}",reason="request"}`)).toBe(1)
  expect((await hooks.get(id)).deliveries).toMatchObject({ pending: 1, oldestPendingAt: at(start) })
  expect(to.received).toEqual([])
})

test('streams: readers, classes, bytes, those that resumed, left or were dropped, and how far they are behind', async () => {
  const s = await startSending()
  const url = await listening(s.service)
  const token = await s.service.tokenOf(sa)
  const first = await openReader(url, token)
  const second = await openReader(url, token, { query: '?topics=warnings' })
  await s.register()
  await until(() => first.told.length >= 2, 'the ticket')
  const figure = await figuresOf(s)
  expect(figure('stream_readers')).toBe(2)
  expect(figure('stream_classes')).toBe(2)
  expect(figure('stream_bytes_total')).toBeGreaterThan(2_000)
  for (const name of [
    'stream_resumed_total',
    'stream_slow_total',
    'stream_dropped_total',
    'stream_behind_seconds',
  ])
    expect([name, figure(name)]).toEqual([name, 0])
  await first.cut()
  await first.resume()
  expect((await figuresOf(s))('stream_resumed_total')).toBe(1)
  await Promise.all([first.cut(), second.cut()])
})

test('dues: facts by kind and clock, and how late they were recorded', async () => {
  const s = await startSending()
  await s.register()
  await s.service.lookForDues()
  s.go('2026-03-02 12:00:03')
  await s.service.lookForDues()
  const figure = await figuresOf(s)
  expect(figure('due_facts_total{type="DuePassed",clock="response"}')).toBe(1)
  expect(figure('due_fact_lateness_seconds_count')).toBe(1)
  expect(figure('due_fact_lateness_seconds_sum')).toBe(3)
})
