/** Long work steps aside for commands, and is done all the same. */
import { mock } from 'node:test'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createInFlight, type InFlight, yieldToEventLoop } from '../../api/commands/inFlight.ts'
import { buildApp } from '../../api/http/app.ts'
import type { Routes } from '../../api/http/deps.ts'
import { bearer, type Fake, fakeApp } from './fakes.ts'

describe('a pause', () => {
  let inFlight: InFlight
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    inFlight = createInFlight()
  })
  afterEach(() => void mock.timers.reset())

  const pausing = () => {
    const state = { over: false }
    inFlight.pause().then(() => {
      state.over = true
    })
    return state
  }
  const turns = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await yieldToEventLoop()
  }

  it('without a command in flight is a turn', async () => {
    const pause = pausing()
    await Promise.resolve()
    expect(pause.over).toBe(false)
    await turns(2)
    expect(pause.over).toBe(true)
  })

  it('lasts until the last command is over', async () => {
    inFlight.begin()
    inFlight.begin()
    const pause = pausing()
    await turns(3)
    inFlight.end()
    await turns(3)
    expect(pause.over).toBe(false)
    inFlight.end()
    await turns(1)
    expect(pause.over).toBe(true)
  })

  it('lasts some milliseconds where commands never cease', async () => {
    inFlight.begin()
    const pause = pausing()
    await turns(3)
    expect(pause.over).toBe(false)
    mock.timers.tick(10)
    await turns(1)
    expect(pause.over).toBe(true)
  })

  it('is over for one in a turn, however many wait', async () => {
    const pauses = [pausing(), pausing(), pausing()]
    const over = (): number => pauses.filter((pause) => pause.over).length
    const counts = new Set<number>()
    for (let n = 0; n < 10; n++) {
      counts.add(over())
      await yieldToEventLoop()
    }
    expect([...counts]).toEqual([0, 1, 2, 3])
  })
})

describe('a command is in flight', () => {
  let fake: Fake
  let app: ReturnType<typeof buildApp>
  let commands: number
  let seen: number[]
  beforeEach(async () => {
    commands = 0
    seen = []
    fake = await fakeApp({
      inFlight: {
        begin: () => void commands++,
        end: () => void commands--,
        pause: () => Promise.resolve(),
      },
    })
    const routes: Routes = () => async (plugin) => {
      plugin.route({
        method: ['GET', 'POST'],
        url: '/v1/act',
        config: { action: 'read', views: [], refusals: [] },
        handler: async ({ method }) => {
          seen.push(commands)
          if (method === 'POST') throw new Error('it went wrong')
          return {}
        },
      })
    }
    app = buildApp(fake.deps, [routes])
  })
  afterEach(async () => {
    await app.close()
    await fake.app.close()
  })

  it('until it is answered, whatever the answer, and a read is none', async () => {
    const headers = await bearer('sa')
    expect((await app.inject({ method: 'POST', url: '/v1/act', headers })).statusCode).toBe(500)
    expect((await app.inject({ method: 'POST', url: '/v1/act' })).statusCode).toBe(401)
    expect((await app.inject({ method: 'GET', url: '/v1/act', headers })).statusCode).toBe(200)
    expect([seen, commands]).toEqual([[1, 0], 0])
  })
})
