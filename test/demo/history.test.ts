import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { actOfCommand, importLine } from '../../api/commands/imports/lines.ts'
import { callbackOutcomes, channels, flags, methods, recordKinds, sources } from '../../domain/codes.ts'
import { phoneKey } from '../../domain/customerKeys.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { routes } from '../../domain/ticket/routing.ts'
import { warningOfFlag } from '../../domain/ticket/warnings.ts'
import { asNdjson, type HistoryLine, type HistoryOptions, history } from '../../src/demo/history.ts'
import { createNetwork } from '../../src/demo/network.ts'

const digestOf = (options: HistoryOptions): string => {
  const hash = createHash('sha256')
  for (const line of asNdjson(history(options))) hash.update(line)
  return hash.digest('hex')
}

const quarter = [...history()]
const registrations = quarter.filter((line) => line.command === 'register')

/** The values of one field of `data`, over the lines of some commands; lists count by their items. */
const valuesOf = (field: string, ...commands: HistoryLine['command'][]): Set<unknown> =>
  new Set(
    quarter
      .filter(({ command }) => commands.includes(command))
      .flatMap(({ data }) => (data as Record<string, unknown>)[field] ?? []),
  )

const all = (table: object): Set<unknown> => new Set(Object.keys(table))

describe('the demo quarter', () => {
  test('is the same every time, on every machine', () => {
    expect(digestOf({ complaints: 600 })).toBe(digestOf({ complaints: 600 }))
    expect(digestOf({ complaints: 600 })).toBe(
      '985d0c8a3c5e2811649f5cbfd1684a6e80a4829ebffbc9d38351e58e96eb3261',
    )
  })

  test('is another one for another seed', () => {
    expect(digestOf({ complaints: 50, seed: 'other' })).not.toBe(digestOf({ complaints: 50 }))
  })

  test('has as many complaints as asked for, but for the last story', () => {
    expect(registrations.length).toBeGreaterThanOrEqual(6_000)
    expect(registrations.length).toBeLessThan(6_010)
  })

  test('is in order of time and lies in the quarter and the months after', () => {
    const times = quarter.map(({ at }) => at)
    expect(times).toEqual(times.toSorted())
    expect(times[0]! >= '2025-12-31T16:00:00.000Z').toBe(true)
    expect(times.at(-1)! < '2026-10-01').toBe(true)
  })

  test('has only lines that an import can read, no two alike', () => {
    for (const line of quarter) importLine.parse(line)
    expect(new Set(quarter.map((line) => JSON.stringify(line))).size).toBe(quarter.length)
    expect(new Set(registrations.map(({ ref }) => ref)).size).toBe(registrations.length)
  })

  test('has every kind of everything', () => {
    const commands = new Set(quarter.map(({ command }) => command))
    expect(commands).toEqual(new Set(['register', 'acknowledge', 'resolve', ...Object.keys(actOfCommand)]))
    const { C4: _, ...registered } = routes
    expect(valuesOf('category', 'register')).toEqual(all(registered))
    expect(valuesOf('channel', 'register')).toEqual(all(channels))
    expect(valuesOf('source', 'register')).toEqual(all(sources))
    expect(valuesOf('flags', 'register')).toEqual(all(flags))
    expect(valuesOf('flags', 'contact')).toEqual(all(flags))
    expect(valuesOf('kind', 'record')).toEqual(all(recordKinds))
    expect(valuesOf('method', 'respond')).toEqual(all(methods))
    expect(valuesOf('outcome', 'callback')).toEqual(all(callbackOutcomes))
    const raisedByItself = new Set([...Object.keys(defaultPolicy.warnCalls), ...Object.values(warningOfFlag)])
    expect(valuesOf('code', 'acknowledge')).toEqual(raisedByItself)
    expect(valuesOf('code', 'resolve')).toEqual(raisedByItself)
    expect(valuesOf('tier', 'redispatch')).toEqual(new Set(['rbo', 'se']))
    expect(valuesOf('rootCauseCode', 'close')).toEqual(
      new Set(defaultPolicy.rootCauses.map(({ code }) => code)),
    )
  })

  test('has names that systems like to break, and no phone that could ring', () => {
    const customers = registrations.map(({ data }) => data.customer)
    const names = customers.map(({ name }) => name)
    expect(names.filter((name) => name.includes('·')).length).toBeGreaterThan(100)
    expect(names.filter((name) => /[\u{20000}-\u{3ffff}]/u.test(name)).length).toBeGreaterThan(3)
    for (const { phone } of customers) expect(phoneKey(phone)).toMatch(/^(154|16[013489])\d{8}$/)
  })
})

describe('a history of another size', () => {
  test('is streamed from its first day on', () => {
    const [first] = history({ complaints: 1_000_000, from: '2025-07-01', days: 1_000 })
    expect(first!.at >= '2025-06-30T16:00:00.000Z' && first!.at < '2025-07-02').toBe(true)
  })

  test('spreads as many complaints over its days', () => {
    const lines = [...history({ complaints: 2_000, from: '2025-03-01', days: 30, seed: 'bench' })]
    const days = new Set(
      lines.filter(({ command }) => command === 'register').map(({ at }) => at.slice(0, 10)),
    )
    expect(days.size).toBeGreaterThanOrEqual(30)
    expect(lines.every(({ ref }) => ref.startsWith('bench-'))).toBe(true)
  })
})

describe('the demo network', () => {
  test('has sixty dealers in three regions, those of Xinjiang by their own calendar', () => {
    const { rbos, dealers } = createNetwork('2026Q1')
    expect(rbos.map(({ code }) => code)).toEqual(['EAST', 'NORTH', 'XINJIANG'])
    expect(new Set(dealers.map(({ code }) => code)).size).toBe(60)
    expect(new Set(dealers.map(({ name }) => name)).size).toBe(60)
    for (const { rbo, calendar } of dealers) expect(calendar).toBe(rbo.code === 'XINJIANG' ? 'CN-XJ' : 'CN')
  })
})
