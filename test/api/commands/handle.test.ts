import { describe, expect, it } from '@jest/globals'
import { type Act, systemActor } from '../../../api/commands/act.ts'
import { newCommandId } from '../../../api/commands/commandId.ts'
import { Conflict } from '../../../api/commands/conflict.ts'
import { createFoldedStates } from '../../../api/commands/folded.ts'
import { type HandleDeps, type HandleOptions, handle } from '../../../api/commands/handle.ts'
import { type Aggregate, authoriseBy } from '../../../domain/aggregate.ts'
import { type NewEvent, type StoredEvent, VersionConflict } from '../../../domain/eventStore.ts'
import { Refusal } from '../../../domain/refusal.ts'

type Counter = { count: number }
type Add = { type: 'Add'; by: number }
/** Named like an event there is, because a stream with others is not read. */
type AddedEvent = { type: 'RboSet'; data: { by: number } }

const counter: Aggregate<Counter, Add, AddedEvent> = {
  stream: (id) => `counter-${id}`,
  evolve: (state, { data }) => ({ count: (state?.count ?? 0) + data.by }),
  decide: (_, { by }) =>
    Array.from({ length: Math.abs(by) }, () => ({ type: 'RboSet', data: { by: Math.sign(by) } })),
  authorise: authoriseBy({ Add: 'import' }),
  limit: { events: 5, refusal: 'too_many_contacts' },
}

const now = '2026-03-02T02:00:00.000Z'
const act = (more: Partial<Act> = {}): Act => ({
  actor: { id: 'a', roles: ['admin'] },
  now,
  commandId: newCommandId(),
  correlationId: 'c',
  ...more,
})

/** A log of one stream; `rivals` are appended by another writer just before the next appends of ours. */
const logWith = (rivals: number[] = []) => {
  const log: StoredEvent[] = []
  const add = (events: NewEvent[]): void => {
    for (const event of events)
      log.push({ ...event, stream: 'counter-1', version: log.length + 1, position: String(log.length + 1) })
  }
  const deps: HandleDeps = {
    folded: createFoldedStates(),
    store: {
      readStream: async (_: string, after = 0) => log.slice(after),
      append: async (stream: string, expected: number, events: NewEvent[]) => {
        const rival = rivals.shift()
        if (rival !== undefined)
          add([
            {
              type: 'RboSet',
              data: { by: rival },
              id: newCommandId(),
              metadata: { ...meta, commandId: 'x' },
            },
          ])
        if (log.length !== expected) throw new VersionConflict(stream, expected, log.length)
        add(events)
        return { version: log.length, position: String(log.length) }
      },
    } as unknown as HandleDeps['store'],
    views: {
      master: {
        at: () => {
          throw new Error('nobody asked for master data')
        },
      },
    },
  }
  return { log, deps }
}
const meta = { actor: { id: 'b', role: 'csr' }, correlationId: 'c', recordedAt: now }

const give = (
  deps: HandleDeps,
  by: number,
  more: Partial<HandleOptions<Counter, Add>> & { act?: Act } = {},
) => handle(deps, counter, '1', { act: act(), command: () => ({ type: 'Add', by }), ...more })

describe('the command loop', () => {
  it('appends what is decided, under ids that derive from the command', async () => {
    const { log, deps } = logWith()
    const mine = act()
    const done = await give(deps, 2, { act: mine })
    expect(done).toMatchObject({
      before: null,
      state: { count: 2 },
      version: 2,
      position: '2',
      recordedAt: now,
    })
    expect(log.map(({ id }) => id)).toEqual([mine.commandId, `${mine.commandId.slice(0, -1)}1`])
    expect(log[0]?.metadata).toEqual({
      commandId: mine.commandId,
      actor: { id: 'a', role: 'admin' },
      correlationId: 'c',
      recordedAt: now,
    })
  })

  it('decides again on what another writer left', async () => {
    const { deps } = logWith([10, 20])
    expect((await give(deps, 1)).state).toEqual({ count: 31 })
  })

  it('gives up after a bounded number of tries', async () => {
    const { deps, log } = logWith(Array.from({ length: 1_000 }, () => 1))
    // what follows from another stream has no limit to run into
    const following = act({ causationId: 'x' })
    await expect(give(deps, 1, { act: following })).rejects.toEqual(new Conflict('write_conflict'))
    expect(log.length).toBeLessThan(100)
  })

  it('tells the caller of the first conflict where they decided on a version', async () => {
    const { deps } = logWith([10])
    await expect(give(deps, 1, { once: true })).rejects.toEqual(new Conflict('version_conflict'))
  })

  it('appends nothing where there is nothing to do', async () => {
    const { deps, log } = logWith()
    await give(deps, 1)
    expect(await give(deps, 0)).toMatchObject({ state: { count: 1 }, version: 1, position: '1', events: [] })
    expect(await give(deps, 5, { command: () => null })).toMatchObject({ version: 1, events: [] })
    expect(log).toHaveLength(1)
  })

  it('refuses an actor whose roles do not take the command, before anything is decided', async () => {
    const { deps, log } = logWith()
    const stranger = act({ actor: { id: 'a', roles: ['csr'] } })
    await expect(give(deps, 1, { act: stranger })).rejects.toBeInstanceOf(Refusal)
    expect(log).toHaveLength(0)
  })

  it('asks no role of the service itself', async () => {
    const { deps, log } = logWith()
    await give(deps, 1, { act: act({ actor: systemActor }) })
    expect(log[0]?.metadata.actor).toEqual({ id: 'system', role: 'system' })
  })

  it('refuses more events than a stream takes, but never what follows from another stream', async () => {
    const { deps } = logWith()
    await give(deps, 5)
    await expect(give(deps, 1)).rejects.toMatchObject({ code: 'too_many_contacts' })
    expect((await give(deps, 1, { act: act({ causationId: 'x' }) })).version).toBe(6)
  })

  it('judges the stream as it was found before it makes the command', async () => {
    const { deps, log } = logWith()
    const refuse = (): never => {
      throw new Refusal('ticket_not_found', { ticketNo: '1' })
    }
    await expect(give(deps, 1, { before: refuse })).rejects.toMatchObject({ code: 'ticket_not_found' })
    expect(log).toHaveLength(0)
  })

  it('sees what came since it folded the stream last', async () => {
    const { deps, log } = logWith()
    await give(deps, 1)
    log.push({ ...(log[0] as StoredEvent), data: { by: 7 }, version: 2, position: '2' })
    expect((await give(deps, 1)).state).toEqual({ count: 9 })
  })
})
