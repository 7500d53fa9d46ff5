import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import type Database from 'better-sqlite3'
import { allProjections, type Projections } from '../../projections/allProjections.ts'
import { startViews } from '../../projections/runner.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { closedRows, newFile, open, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const { events } = randomHistory({ seed: 3, acts: 600, sealing })
const half = Math.floor(events.length / 2)
const timeoutMs = 20_000

/** The service's projections, and the file they write to. */
const withFile = () => {
  let file: Database.Database | undefined
  const projections: Projections = {
    ...allProjections,
    commands: {
      ...allProjections.commands,
      open: (db, keys) => {
        file = db
        return allProjections.commands.open(db, keys)
      },
    },
  }
  return {
    projections,
    /** The file may grow no more, or as it likes: SQLite then fails as on a disk that is full. */
    fill: () => file!.pragma(`max_page_count = ${file!.pragma('page_count', { simple: true })}`),
    empty: () => file!.pragma('max_page_count = 1073741823'),
  }
}

const states = (views: Views): string[] => [...new Set(views.status().map(({ state }) => state))]

const until = async (isSo: () => boolean): Promise<void> => {
  const end = Date.now() + timeoutMs
  while (!isSo()) {
    if (Date.now() > end) throw new Error('waited in vain')
    await sleep(10)
  }
}

describe('views on a disk that is full', () => {
  test('are not ready, stop for good at nothing, and have it all once there is room', async () => {
    const { projections, fill, empty } = withFile()
    const { store, add } = memoryStore(events.slice(0, half))
    const file = newFile()
    const views = open(file, { sealing, projections })
    const running = startViews(views, store)
    await running.ready
    expect(states(views)).toEqual(['ready'])

    views.commit()
    fill()
    add(events.slice(half))
    expect(states(views)).toEqual(['rebuilding'])
    expect(await views.reached(events.at(-1)!.position, 1)).toBe(false)

    empty()
    await until(() => states(views)[0] === 'ready')
    expect(await views.reached(events.at(-1)!.position, 1)).toBe(true)
    expect(views.status().every(({ error }) => error === undefined)).toBe(true)
    await running.stop()
    expect(closedRows({ views, file })).toEqual(closedRows(viewsOf(events, { sealing })))
  })

  test('are tried again and again until there is', async () => {
    const { projections, fill, empty } = withFile()
    const { store, add } = memoryStore(events.slice(0, half))
    const file = newFile()
    const views = open(file, { sealing, projections })
    const running = startViews(views, store)
    await running.ready
    views.commit()
    fill()
    add(events.slice(half))
    let resumed = 0
    const { resume } = views
    views.resume = (isEnd) => {
      resumed += 1
      resume(isEnd)
    }
    await until(() => resumed >= 2)
    expect(states(views)).toEqual(['rebuilding'])
    empty()
    await until(() => states(views)[0] === 'ready')
    await running.stop()
    expect(closedRows({ views, file })).toEqual(closedRows(viewsOf(events, { sealing })))
  })

  test('cannot be built there: whoever asked hears of it', async () => {
    const { projections, fill } = withFile()
    const { store } = memoryStore([...events])
    const views = open(newFile(), { sealing, projections })
    views.commit()
    fill()
    const running = startViews(views, store)
    await expect(running.ready).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    await running.stop()
    views.close()
  })
})
