import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { lockDataFolder } from '../../src/store/dataFolderLock.ts'
import { temporaryFolder } from './folder.ts'

describe('data folder', () => {
  let dir: string
  let remove: () => Promise<void>

  beforeEach(async () => {
    ;({ dir, remove } = await temporaryFolder())
  })
  afterEach(() => remove())

  test('is made where it is not there, and belongs to one at a time', () => {
    const folder = join(dir, 'data')
    const release = lockDataFolder(folder)
    expect(() => lockDataFolder(folder)).toThrow(/is using the data folder .* Stop it first/)
    release()
    lockDataFolder(folder)()
  })

  test('is refused while another process has it, and free once that was killed', async () => {
    const module = join(import.meta.dirname, '../../src/store/dataFolderLock.ts')
    const script = `const { lockDataFolder } = await import(${JSON.stringify(module)})
      lockDataFolder(${JSON.stringify(dir)}); console.log('locked'); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      await once(child.stdout, 'data')
      expect(() => lockDataFolder(dir)).toThrow('Another process is using')
    } finally {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    lockDataFolder(dir)()
  })
})
