/** Readers of the stream that come back whatever happens to the service, and an account of what each was told. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { announcedOf } from '../../domain/announced.ts'
import { announcedEvents, type Topic } from '../../domain/announcedNames.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { blocksOf } from '../api/live/readers.ts'
import { reader as head } from '../endToEnd/facts.ts'
import { whileItMoves } from './patience.ts'
import type { Seat, Wrong } from './seat.ts'

const againAfterMs = 100
const completeWithinMs = 30_000
const allTopics: Topic[] = ['tickets', 'warnings', 'desk', 'care']

/** All events of the log, as its file has them. */
export const eventsOfLog = async (dataDir: string): Promise<StoredEvent[]> => {
  const store = openSqliteStore(join(dataDir, 'events.db'), { readonly: true })
  try {
    return await store.readAll(null, 10_000_000)
  } finally {
    await store.close()
  }
}

const startReader = (seat: Seat, topics: readonly Topic[], wrong: Wrong) => {
  /** Ids of events in the order in which they came. */
  const told: string[] = []
  const counts = { connections: 0 }
  let lastId = '0'
  let isOver = false
  let cut = new AbortController()

  const readOn = async (body: AsyncIterable<string>): Promise<void> => {
    let text = ''
    for await (const chunk of body) {
      const blocks = blocksOf(text + chunk)
      text = blocks.rest
      for (const { id } of blocks.told) told.push(id)
      lastId = blocks.lastId ?? lastId
    }
  }

  const connect = async (): Promise<void> => {
    const service = seat.now()
    if (service === undefined) return
    cut = new AbortController()
    const answer = await fetch(`${service.url}/v1/stream?topics=${topics.join(',')}`, {
      headers: { authorization: `Bearer ${await service.tokenOf(head)}`, 'last-event-id': lastId },
      signal: cut.signal,
    })
    if (answer.status !== 200) {
      await answer.arrayBuffer()
      // while it starts, or fights with its surroundings
      if (answer.status !== 503) wrong(`a reader that resumed was answered ${answer.status}`)
      return
    }
    counts.connections += 1
    const body = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())
    await readOn(body as unknown as AsyncIterable<string>)
  }

  const run = async (): Promise<void> => {
    while (!isOver) {
      // cut, refused, or there is no service: it comes back
      await connect().catch(() => undefined)
      await sleep(againAfterMs)
    }
  }
  const running = run()

  return {
    topics,
    told,
    counts,
    end: async (): Promise<void> => {
      isOver = true
      cut.abort()
      await running
    },
  }
}

/** What readers ask for, in turn. */
const asked: (readonly Topic[])[] = [allTopics, allTopics, ['tickets'], ['warnings']]

export const startStreamReaders = (seat: Seat, count: number, wrong: Wrong) => {
  const readers = Array.from({ length: count }, (_, index) =>
    startReader(seat, asked[index % asked.length]!, wrong),
  )
  return {
    counts: () => ({
      events: readers.reduce((sum, { told }) => sum + told.length, 0),
      connections: readers.reduce((sum, { counts }) => sum + counts.connections, 0),
    }),
    /** While nothing is in flight: each was told exactly what the log has, in its order. */
    compare: async (): Promise<void> => {
      const events = await eventsOfLog(seat.dataDir)
      for (const { topics, told } of readers) {
        const expected = events.flatMap((event) => {
          const announced = announcedOf(event)
          const isAsked =
            announced !== null && topics.includes(announcedEvents[announced.name].topic as never)
          return isAsked ? [event.position] : []
        })
        await whileItMoves(
          () => told.length >= expected.length,
          () => told.length,
          completeWithinMs,
        )
        // due facts may have been recorded since the log was read
        const different = expected.findIndex((position, index) => told[index] !== position)
        if (different >= 0)
          wrong(
            `a reader of ${topics.join(',')} was told ${told[different] ?? 'nothing more'} as its event ${different + 1}, not ${expected[different]}`,
          )
      }
    },
    end: async (): Promise<void> => {
      await Promise.all(readers.map(({ end }) => end()))
    },
  }
}
export type StreamReaders = ReturnType<typeof startStreamReaders>
