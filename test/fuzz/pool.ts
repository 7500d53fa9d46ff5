/** What answers were seen to hold, by field name: so later requests name tickets, dealers and warnings that are there. */

import type { Random } from '../../src/demo/random.ts'
import type { Json } from '../support/service.ts'

/** So many values of a name are remembered, the newest. */
const most = 60

/** Fields of requests that go by another name in answers. */
const synonyms: Record<string, string[]> = {
  dealerCode: ['dealer'],
  cursor: ['nextCursor'],
  holder: ['unit'],
  sameProblemAs: ['ticketNo'],
  repeatExternalNo: ['externalNo'],
  ref: ['externalNo'],
  from: ['registeredAt', 'dispatchedAt'],
  to: ['registeredAt', 'asOf'],
  asOf: ['registeredAt', 'dueAt', 'asOf'],
  at: ['registeredAt'],
  receivedAt: ['registeredAt', 'closedAt'],
  occurredAt: ['registeredAt'],
  id: ['calendar', 'sheetId', 'itemId'],
  key: ['key', 'dealer'],
  'If-Match': ['etag'],
  'X-Min-Position': ['x-position'],
}

export type Pool = {
  add(name: string, value: string): void
  /** Takes in every text and number of an answer about something of the resource, `/v1/tickets`. */
  harvest(answer: Json, resource: string): void
  /** A value seen under that name, or one that goes by another name; `undefined` where there was none. */
  pick(name: string, random: Random): string | undefined
  /** Who holds a ticket, as the newest answer had it. */
  holderOf(ticketNo: string): { tier: string; unit: string } | undefined
  /** An earlier ticket and its repeat, or one that was its repeat, as answers had them. */
  repeatOf(random: Random): { earlier: string; repeat: string } | undefined
  /** Values of all these names that one answer had, of the resource where there is one: a warning and its ticket. */
  together(resource: string, names: readonly string[], random: Random): Record<string, string> | undefined
}

export const createPool = (): Pool => {
  const seen = new Map<string, string[]>()
  const holders = new Map<string, { tier: string; unit: string }>()
  const records = new Map<string, Json[]>()
  const add = (name: string, value: string): void => {
    const values = seen.get(name) ?? []
    seen.set(name, values)
    if (values.includes(value)) return
    values.push(value)
    if (values.length > most) values.shift()
  }
  const keep = (part: Json, name = ''): void => {
    if (typeof part === 'string' || typeof part === 'number') add(name, String(part))
    else if (Array.isArray(part)) for (const each of part.slice(0, 20)) keep(each, name)
    else if (typeof part === 'object' && part !== null) {
      if (part.ticketNo && part.holder) holders.set(part.ticketNo, part.holder)
      for (const [key, each] of Object.entries(part)) keep(each, key)
    }
  }
  const namesOf = (name: string): string[] => [name, ...(synonyms[name] ?? [])]
  const valueIn = (record: Json, name: string): string | undefined =>
    namesOf(name)
      .map((each) => record[each])
      .find((value) => typeof value === 'string')
  return {
    add,
    harvest: (answer, resource) => {
      keep(answer)
      const kept = records.get(resource) ?? []
      records.set(resource, kept)
      kept.push(answer)
      if (kept.length > most) kept.shift()
    },
    pick: (name, random) => {
      const values = namesOf(name).flatMap((each) => seen.get(each) ?? [])
      return values.length === 0 ? undefined : random.pick(values)
    },
    holderOf: (ticketNo) => holders.get(ticketNo),
    repeatOf: (random) => {
      const pairs = [...records.values()].flat().flatMap(({ ticketNo, escalatedFrom, relatedTo }) => {
        const earlier = escalatedFrom ?? relatedTo
        return ticketNo && earlier ? [{ earlier, repeat: ticketNo }] : []
      })
      return pairs.length === 0 ? undefined : random.pick(pairs)
    },
    together: (resource, names, random) => {
      const wholeIn = (from: Json[]): Record<string, string>[] =>
        from.flatMap((record) => {
          const values = names.map((name) => [name, valueIn(record, name)])
          return values.every(([, value]) => value !== undefined) ? [Object.fromEntries(values)] : []
        })
      const ofResource = wholeIn(records.get(resource) ?? [])
      const whole = ofResource.length > 0 ? ofResource : wholeIn([...records.values()].flat())
      return whole.length === 0 ? undefined : random.pick(whole)
    },
  }
}
