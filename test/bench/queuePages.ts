/** Pages of the ticket list under every filter of the contract, and every pair of them. */
import { DAY, toEpoch, toInstant } from '../../domain/instant.ts'
import type { Dataset } from './dataset/dataset.ts'
import type { Inside } from './insideServer.ts'
import { median } from './load.ts'
import { measured } from './processes.ts'
import { atMost, type Row, said } from './table.ts'
import type { Page } from './ticketReads.ts'
import { tokenFor } from './tokens.ts'

/** A filter's value; `as` is who asks, where that is not somebody who sees all. */
type FilterChoice = { filter: string; value: string; common: boolean }
/** Milliseconds of the view's query for the first page and for the thousandth, where there are as many; and of the first's whole answer. */
type QueryTimes = {
  query: string
  filters: number
  items: number
  firstMs: number
  wholeMs: number
  thousandthMs: number | null
}

const calls = 7
/** Milliseconds a page may take with one filter at most, and with two. */
const limitsMs = { one: 1, two: 5 }
/** Times that a query which took longer is asked again. */
const tries = 2
const sorts = ['dueAt', '-registeredAt']

/** What many tickets have, what few have, and what none has. */
const valuesOf = ({ from, until }: Dataset, externalNo: string): Record<string, string[]> => {
  const beside = (instant: string, days: number): string => toInstant(toEpoch(instant) + days * DAY)
  return {
    as: ['dealer D001', 'rbo EAST'],
    state: ['completed', 'open', 'duplicate'],
    level: ['A', 'C'],
    category: ['A4a', 'A4y'],
    dealer: ['D001', 'D600', 'D999'],
    rbo: ['EAST', 'XINJIANG', 'NOWHERE'],
    tier: ['dealer', 'se_media'],
    holder: ['SE', 'D600', 'D999'],
    overdue: ['response,close', 'response'],
    warning: ['W1', 'W6'],
    ordinal: ['1', '3', '99'],
    from: [beside(from, 365), beside(until, -3), beside(until, 0)],
    to: [beside(until, -365), beside(from, 3), beside(from, -1)],
    externalNo: [externalNo, 'NONE'],
  }
}

const pairsOf = (given: readonly FilterChoice[]): FilterChoice[][] =>
  given.flatMap((one, index) =>
    given.slice(index + 1).flatMap((other) => (one.filter === other.filter ? [] : [[one, other]])),
  )

const externalNoOf = async ({ get }: Inside): Promise<string> => {
  const { items } = await get<Page>('/v1/tickets?sort=-registeredAt&limit=200')
  return items.find(({ externalNo }) => externalNo !== null)?.externalNo ?? 'NONE'
}

/** A thousand pages of 50 rows, walked by 200; `null` where the list ends before. */
const cursorAfterThousand = async (
  { get }: Inside,
  query: string,
  token?: string,
): Promise<string | null> => {
  let cursor: string | null = null
  for (let walked = 0; walked < 250; walked++) {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`
    cursor = (await get<Page>(`/v1/tickets?${query}&limit=200${after}`, token)).nextCursor
    if (cursor === null) return null
  }
  return cursor
}

/** Of a thousand queries some meet a hiccup of the machine: what took long is asked again, and the least counts. */
const steadily = async <T extends { queryMs: number }>(
  limitMs: number,
  time: () => Promise<T>,
): Promise<T> => {
  let least = await time()
  for (let more = 0; more < tries && least.queryMs > limitMs; more++) {
    const again = await time()
    if (again.queryMs < least.queryMs) least = again
  }
  return least
}

const timesOf = async (
  inside: Inside,
  sort: string,
  given: readonly FilterChoice[],
  { token, isWalked }: { token: string | undefined; isWalked: boolean },
): Promise<QueryTimes> => {
  const filters = given.filter(({ filter }) => filter !== 'as')
  const asked = Object.fromEntries(filters.map(({ filter, value }) => [filter, value]))
  const query = new URLSearchParams({ sort, ...asked }).toString()
  const again = (path: string) =>
    steadily(given.length < 2 ? limitsMs.one : limitsMs.two, () =>
      inside.timePage(
        Array.from({ length: calls }, () => path),
        token,
      ),
    )
  const { items } = await inside.get<Page>(`/v1/tickets?${query}`, token)
  const { queryMs: firstMs, wholeMs } = await again(`/v1/tickets?${query}`)
  const cursor = isWalked ? await cursorAfterThousand(inside, query, token) : null
  const deep = cursor === null ? null : await again(`/v1/tickets?${query}&cursor=${cursor}`)
  const thousandthMs = deep?.queryMs ?? null
  const named = given.map(({ filter, value }) => `${filter}=${value}`).join(' ')
  return {
    query: `${named} by ${sort}`,
    filters: given.length,
    items: items.length,
    firstMs,
    wholeMs,
    thousandthMs,
  }
}

export const pageTimes = async (inside: Inside): Promise<QueryTimes[]> => {
  const { folder } = inside.dataset
  const given = Object.entries(valuesOf(inside.dataset, await externalNoOf(inside))).flatMap(
    ([filter, values]) =>
      values.map((value, index): FilterChoice => ({ filter, value, common: index === 0 })),
  )
  const tokens: Record<string, string> = {
    'dealer D001': await tokenFor(folder, 'dealer', { dealer: 'D001' }),
    'rbo EAST': await tokenFor(folder, 'rbo', { rbo: 'EAST' }),
  }
  const timed: QueryTimes[] = []
  const all = [[], ...given.map((one) => [one]), ...pairsOf(given)]
  for (const [index, each] of all.entries())
    for (const [nth, sort] of sorts.entries()) {
      const as = each.find(({ filter }) => filter === 'as')?.value
      // the walk is long: one filter, by what most tickets have of it, in one of the orders, stands for the rest
      const isCommon = each.length < 2 && each.every(({ common }) => common)
      const isWalked = isCommon && (index % 2 === nth || each.length === 0)
      const token = as === undefined ? undefined : tokens[as]
      timed.push(await timesOf(inside, sort, each, { token, isWalked }))
    }
  return timed
}

/** The worst of them, by the first page or the thousandth. */
const worst = (timed: readonly QueryTimes[], page: 'firstMs' | 'wholeMs' | 'thousandthMs'): QueryTimes =>
  timed.reduce((most, each) => ((each[page] ?? 0) > (most[page] ?? 0) ? each : most))

const rowsOf = (timed: readonly QueryTimes[], limitMs: number, what: string): Row[] => {
  const [first, thousandth] = [worst(timed, 'firstMs'), worst(timed, 'thousandthMs')]
  const row = (name: string, { query }: QueryTimes, ms: number): Row => ({
    ...atMost(`${name} of 50 tickets, worst with ${what}`, ms, limitMs, 'ms'),
    note: query,
  })
  return [
    row('first page', first, first.firstMs),
    // a small dataset has no thousandth page
    ...(thousandth.thousandthMs === null
      ? []
      : [row('thousandth page', thousandth, thousandth.thousandthMs)]),
  ]
}

export const queueRows = async ({ folder }: Dataset): Promise<Row[]> => {
  const timed = await measured<QueryTimes[]>('./inside.ts', ['queues', folder])
  const nothing = timed.filter(({ items }) => items === 0)
  const over = timed.filter(({ firstMs }) => firstMs > 1).toSorted((a, b) => b.firstMs - a.firstMs)
  for (const { query, firstMs } of over.slice(0, 20))
    process.stderr.write(`  ${firstMs.toFixed(2)} ms  ${query}\n`)
  const emptiest = worst(nothing, 'firstMs')
  const slowest = worst(timed, 'wholeMs')
  return [
    said('queue pages asked for', timed.length, 'queries'),
    said('first page of 50 tickets, median', median(timed.map(({ firstMs }) => firstMs)), 'ms'),
    said('first page of 50 tickets, above 1 ms', over.length, 'queries'),
    said('the whole answer, median', median(timed.map(({ wholeMs }) => wholeMs)), 'ms'),
    { ...said('the whole answer, worst', slowest.wholeMs, 'ms'), note: slowest.query },
    { ...said('first page that matches nothing, worst', emptiest.firstMs, 'ms'), note: emptiest.query },
    ...rowsOf(
      timed.filter(({ filters }) => filters <= 1),
      limitsMs.one,
      'one filter',
    ),
    ...rowsOf(
      timed.filter(({ filters }) => filters === 2),
      limitsMs.two,
      'two',
    ),
  ]
}
