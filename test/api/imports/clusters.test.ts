import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { createClusters } from '../../../api/commands/imports/clusters.ts'

describe('lines of an import', () => {
  const running = () => {
    const clusters = createClusters()
    const log: string[] = []
    const run = (name: string, keys: string[], ms: number) =>
      clusters.run(keys, async () => {
        log.push(`${name} starts`)
        await sleep(ms)
        log.push(`${name} ends`)
      })
    return { clusters, log, run }
  }

  test('that share a key run one after the other, in order', async () => {
    const { log, run } = running()
    await Promise.all([run('a', ['k'], 20), run('b', ['k'], 1)])
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
  })

  test('that share none run side by side', async () => {
    const { log, run } = running()
    await Promise.all([run('a', ['k'], 20), run('b', ['l'], 1)])
    expect(log).toEqual(['a starts', 'b starts', 'b ends', 'a ends'])
  })

  test('that are tied by a third, which names the keys of both, wait for it and for each other', async () => {
    const { log, run } = running()
    await Promise.all([
      run('a', ['k'], 20),
      run('b', ['l'], 10),
      run('tie', ['k', 'l'], 1),
      run('c', ['l'], 1),
      run('d', ['k'], 1),
    ])
    expect(log.slice(-6)).toEqual(['tie starts', 'tie ends', 'c starts', 'c ends', 'd starts', 'd ends'])
  })

  test('go on behind one that failed', async () => {
    const { clusters, log, run } = running()
    const failed = clusters.run(['k'], () => Promise.reject(new Error('no')))
    const after = run('b', ['k'], 1)
    await expect(failed).rejects.toThrow('no')
    await after
    expect(log).toEqual(['b starts', 'b ends'])
  })

  test('know which keys were named before', () => {
    const { clusters, run } = running()
    const done = run('a', ['k'], 1)
    expect([clusters.has('k'), clusters.has('l')]).toEqual([true, false])
    return done
  })
})
