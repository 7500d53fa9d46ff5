/** A file on its way: read as the client takes it, and no further than the client stays. */
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from '@jest/globals'
import { request } from 'undici'
import { z } from 'zod'
import { createInFlight } from '../../../api/commands/inFlight.ts'
import { columnsOf } from '../../../api/files/columns.ts'
import { csvOf } from '../../../api/files/csv.ts'
import { listFiles } from '../../../api/files/negotiation.ts'
import { everyPage } from '../../../api/files/pages.ts'
import { buildApp } from '../../../api/http/app.ts'
import type { Deps, Routes } from '../../../api/http/deps.ts'
import { keyset, sendPage } from '../../../api/http/lists.ts'
import { pageOf, pageQuery } from '../../../api/http/schemas.ts'
import { collect } from '../../support/collect.ts'
import { readingIn } from '../../support/readingIn.ts'
import { bearer, type Fake, fakeApp } from '../fakes.ts'

const row = z.object({ code: z.string(), content: z.string() })
const content = 'x'.repeat(1_000)

/** A list of so many rows that counts its pages; `fails` at that one. */
const longList = (rows: number, fails = Number.POSITIVE_INFINITY) => {
  const counted = { pages: 0 }
  const find = ({ after, limit }: { after: { key: number; id: number } | null; limit: number }) => {
    counted.pages += 1
    if (counted.pages === fails) throw new Error('the view is gone')
    const from = after?.id ?? 0
    const items = Array.from({ length: Math.min(limit, rows - from) }, (_, i) => from + i + 1)
    const last = items.at(-1) as number
    return { items, next: last < rows ? { key: 0, id: last } : null }
  }
  const present = (n: number) => ({ code: String(n), content })
  return { counted, find, present }
}

describe('a file', () => {
  it('is read page by page as it is taken, and no further', async () => {
    const { counted, find, present } = longList(100_000)
    const stream = Readable.from(
      csvOf(columnsOf(row), everyPage(find, present, createInFlight()), readingIn('en')),
      {
        objectMode: false,
      },
    )
    await once(stream, 'readable')
    expect(String(stream.read())).toContain('code,content')
    for (let n = 0; n < 100; n++) await new Promise((resolve) => setImmediate(resolve))
    // nobody took more than the headings, so what is ready is less than a page
    expect(counted.pages).toBe(1)
    stream.destroy()
    await once(stream, 'close')
  })

  it('yields to the event loop after every few rows', async () => {
    const { find, present } = longList(500)
    let turns = 0
    let counting = true
    const count = () => {
      turns += 1
      if (counting) setImmediate(count)
    }
    setImmediate(count)
    const pages = await collect(everyPage(find, present, createInFlight()))
    counting = false
    expect(pages.flat()).toHaveLength(500)
    expect(turns).toBeGreaterThanOrEqual(pages.length)
  })
})

describe('a part of a list', () => {
  it.each([
    [0, 120, 120],
    [70, 120, 190],
    [400, 200, null],
    [0, 500, null],
  ] as const)(
    'after row %i of at most %i rows ends where the next part begins, after row %s',
    async (from, most, next) => {
      const { find, present } = longList(500)
      const slices = everyPage(find, present, createInFlight(), { after: { key: 0, id: from }, most })
      const rows: string[] = []
      let step = await slices.next()
      for (; step.done !== true; step = await slices.next()) rows.push(...step.value.map(({ code }) => code))
      expect(rows).toEqual(Array.from({ length: Math.min(most, 500 - from) }, (_, n) => String(from + n + 1)))
      expect(step.value?.id ?? null).toBe(next)
    },
  )
})

describe('over HTTP', () => {
  let fake: Fake
  let app: ReturnType<typeof buildApp>
  afterEach(async () => {
    await app.close()
    await fake.app.close()
  })

  const serving = async (list: ReturnType<typeof longList>): Promise<string> => {
    fake = await fakeApp()
    const routes: Routes = (deps: Deps) => async (plugin) => {
      plugin.get(
        '/v1/long',
        {
          config: { action: 'read', views: [], files: listFiles(row), refusals: [] },
          schema: { querystring: z.strictObject(pageQuery), response: { 200: pageOf(row) } },
        },
        (req, reply) =>
          sendPage(
            deps,
            { request: req, reply },
            { list: 'long', filters: null, asked: req.query as { limit: number } },
            { ...list, form: keyset },
          ),
      )
    }
    app = buildApp(fake.deps, [routes])
    return `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1/long?format=csv`
  }

  it('has every row', async () => {
    const { body } = await request(await serving(longList(1_234)), { headers: await bearer('sa') })
    const lines = (await body.text()).split('\r\n')
    expect(lines).toHaveLength(1 + 1_234 + 1)
    expect(lines.at(-2)).toBe(`1234,${content}`)
  })

  it('is read no further once the client has gone away', async () => {
    const list = longList(10_000_000)
    const { body } = await request(await serving(list), { headers: await bearer('sa') })
    await once(body, 'readable')
    await new Promise((resolve) => body.once('error', resolve).destroy())
    // the socket's end reaches the server in its own time
    let before: number
    do {
      before = list.counted.pages
      await new Promise((resolve) => setTimeout(resolve, 50))
    } while (list.counted.pages > before)
    expect(before).toBeLessThan(10_000_000 / 200 / 10)
  })

  it('that fails half way breaks off, so that nobody takes a part for the whole', async () => {
    const list = longList(10_000, 20)
    const { statusCode, body } = await request(await serving(list), { headers: await bearer('sa') })
    expect(statusCode).toBe(200)
    await expect(body.text()).rejects.toThrow()
  })
})
