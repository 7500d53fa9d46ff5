import { mock } from 'node:test'
import { afterEach, describe, expect, it } from '@jest/globals'
import { endOnSignal } from '../../src/stopping.ts'
import { collectLines } from '../support/logLines.ts'

afterEach(() => {
  mock.timers.reset()
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal)
})

/** Ends a service that closes like this at a signal; `exits` are the exit codes. */
const stopping = (close: () => Promise<void>) => {
  const { log, text } = collectLines()
  const exits: number[] = []
  const output = { flushed: async () => undefined }
  endOnSignal({ log, output, exit: (code) => void exits.push(code) }).stopWith(close)
  process.emit('SIGTERM', 'SIGTERM')
  return { exits, text }
}

describe('at a signal the process ends with 0', () => {
  it('when the service has closed', async () => {
    const { exits, text } = stopping(async () => undefined)
    await new Promise(setImmediate)
    expect(exits).toEqual([0])
    expect(text()).toContain('"msg":"stopped"')
  })

  it('where the service could not close cleanly, and says why', async () => {
    const { exits, text } = stopping(async () => {
      throw Object.assign(new Error('no room'), { code: 'SQLITE_FULL' })
    })
    await new Promise(setImmediate)
    expect(exits).toEqual([0])
    expect(text()).toContain('SQLITE_FULL')
  })

  it('after eight seconds where the service does not close at all', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const { exits, text } = stopping(() => new Promise(() => undefined))
    mock.timers.tick(7_900)
    await new Promise(setImmediate)
    expect(exits).toEqual([])
    mock.timers.tick(200)
    await new Promise(setImmediate)
    expect(exits).toEqual([0])
    expect(text()).toContain('by force')
  })
})
