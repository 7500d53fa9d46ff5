/** `GET /v1/feed`: the items of the stream as pages, for systems that poll. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Topic, topics } from '../../domain/announcedNames.ts'
import type { Position } from '../../domain/eventStore.ts'
import { type Access, accessOf } from '../http/access.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { requirePosition } from '../http/positions.ts'
import { Problem } from '../http/problems.ts'
import { commaList, digits, usualLimit } from '../http/schemas.ts'
import { createItems, type Rights, rightsOf, sourcesOf, viewsHave, viewsOfItems } from './items.ts'
import { itemAnswer, type StreamItem } from './schemas.ts'

/** Events read at a time, and looked at for one page; a page of what few may see ends earlier. */
const eventsAtOnce = 200
const mostEvents = 2_000

const allTopics = Object.keys(topics) as [Topic, ...Topic[]]

/** `topics`, a comma list; all of them where it is left out. */
export const topicsQuery = commaList(z.enum(allTopics))
  .default(allTopics)
  .meta({ description: 'Comma list; all topics where it is left out.' })

const malformedAfter = (): Problem =>
  new Problem('invalid_request', {
    errors: [
      {
        in: 'query',
        pointer: 'after',
        detail: { en: 'must be a position of an item.', zh: '应为条目中的 position。' },
      },
    ],
  })

type Page = { items: StreamItem[]; nextAfter: Position | null; atEnd: boolean }
type FeedQuery = {
  after: Position | null
  limit: number
  rights: Rights
  topics: ReadonlySet<Topic>
  access: Access
}

/** @throws Problem `view_behind`; StoreUnavailable */
const feedPage = async (
  deps: Deps,
  { after, limit, rights, topics: asked, access }: FeedQuery,
): Promise<Page> => {
  const items: StreamItem[] = []
  let cursor = after
  for (let looked = 0; looked < mostEvents; looked += eventsAtOnce) {
    if (looked > 0) await deps.inFlight.pause()
    const events = await deps.store.readAll(cursor, eventsAtOnce)
    const last = events.at(-1)
    if (last === undefined) return { items, nextAfter: cursor, atEnd: true }
    if (!(await viewsHave(deps, last.position))) throw new Problem('view_behind')
    const sources = await sourcesOf(deps, events)
    const { itemFor } = createItems(deps, access)
    for (const source of sources) {
      const item = itemFor(source, rights, asked)
      if (item === null) continue
      items.push(item)
      if (items.length === limit) return { items, nextAfter: item.position, atEnd: false }
    }
    cursor = last.position
  }
  return { items, nextAfter: cursor, atEnd: false }
}

const query = z.strictObject({
  after: z.string().min(1).max(100).optional().meta({
    description: 'nextAfter of the page before; left out: from the beginning of the log.',
  }),
  limit: digits(z.int().min(1).max(200)).default(usualLimit),
  topics: topicsQuery,
})

const answer = z
  .strictObject({
    items: z.array(itemAnswer),
    nextAfter: z.string().nullable().meta({ description: 'Where the next page begins, also at the end.' }),
    atEnd: z.boolean().meta({ description: 'false: ask again at once, there may be more.' }),
  })
  .meta({ id: 'FeedPage' })

export const feedRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/feed',
    {
      config: { action: 'read', views: viewsOfItems, refusals: ['position_unknown'] },
      schema: {
        tags: ['live'],
        summary: 'What happened since a position, as the stream says it',
        querystring: query,
        response: { 200: answer },
      },
    },
    async (request) => {
      const { after, limit, topics: asked } = request.query
      return feedPage(deps, {
        after: after === undefined ? null : await requirePosition(deps, after, malformedAfter),
        limit,
        rights: rightsOf(request.caller),
        topics: new Set(asked),
        access: accessOf(request),
      })
    },
  )
}
