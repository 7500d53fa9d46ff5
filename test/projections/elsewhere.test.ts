import { afterEach, expect, test } from '@jest/globals'
import { allProjections } from '../../projections/allProjections.ts'
import { startViews } from '../../projections/runner.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { closedRows, newFile, open, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

test('hashes of a subject erased while they are built elsewhere do not come back with what was built', async () => {
  const fake = fakeSealing()
  const { sealing } = fake
  const { events, tickets } = randomHistory({ seed: 3, acts: 300, sealing })
  const part = newFile()
  const { customers } = allProjections
  const builder = open(part, { sealing, projections: { customers } })
  builder.apply(events)
  builder.close()

  const { subjectId } = [...tickets.values()][2]!
  const file = newFile()
  const views = open(file, { sealing })
  const running = startViews(views, memoryStore(events).store, () => {
    const done = Promise.resolve().then(() => {
      fake.erase(subjectId)
      views.customers.forget(subjectId)
      return part
    })
    return { names: ['customers'], done, clear: () => {} }
  })
  await running.ready
  await running.stop()
  const rows = closedRows({ views, file })
  expect(rows).toEqual(closedRows(viewsOf(events, { sealing })))
  expect(rows).not.toEqual(closedRows(viewsOf(events)))
})
