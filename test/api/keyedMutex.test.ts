import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { createKeyedMutex } from '../../api/commands/keyedMutex.ts'

const { run } = createKeyedMutex()

describe('work under a key', () => {
  const logging = () => {
    const log: string[] = []
    const work = (name: string, ms: number) => async () => {
      log.push(`${name} starts`)
      await sleep(ms)
      log.push(`${name} ends`)
      return name
    }
    return { log, work }
  }

  test('waits for all work under any of its keys, in the order of asking', async () => {
    const { log, work } = logging()
    const done = await Promise.all([
      run(['a'], work('first', 15)),
      run(['b'], work('second', 5)),
      run(['a', 'b'], work('third', 1)),
      run(['b'], work('fourth', 1)),
    ])
    expect(done).toEqual(['first', 'second', 'third', 'fourth'])
    expect(log.slice(-5)).toEqual([
      'first ends',
      'third starts',
      'third ends',
      'fourth starts',
      'fourth ends',
    ])
  })

  test('goes on after work that failed, whose error its own caller gets', async () => {
    const { work } = logging()
    const failing = run(['a'], () => Promise.reject(new Error('no')))
    const next = run(['a'], work('next', 1))
    await expect(failing).rejects.toThrow('no')
    await expect(next).resolves.toBe('next')
  })

  test('without keys waits for nothing', async () => {
    const { log, work } = logging()
    await Promise.all([run([], work('first', 10)), run([], work('second', 1))])
    expect(log).toEqual(['first starts', 'second starts', 'second ends', 'first ends'])
  })
})
