import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openLogOutput } from '../../src/logOutput.ts'
import { temporaryFolder } from '../store/folder.ts'

let remove = async (): Promise<void> => {}
afterEach(() => remove())

describe('log lines', () => {
  it('go to a file at once', async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    const file = join(folder.dir, 'log')
    const fd = openSync(file, 'a')
    const output = openLogOutput(fd)
    output.write('one\n')
    output.write('two\n')
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    closeSync(fd)
  })

  it('that a full disk does not take are dropped, and nothing is thrown', () => {
    const fd = openSync('/dev/full', 'w')
    const output = openLogOutput(fd)
    expect(() => output.write('lost\n')).not.toThrow()
    closeSync(fd)
  })

  it('wait for a reader that does not read, up to a limit, and are counted beyond it', async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    const fifo = join(folder.dir, 'pipe')
    execFileSync('mkfifo', [fifo])
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
    const output = openLogOutput(openSync(fifo, constants.O_WRONLY))
    const line = `${'x'.repeat(999)}\n`
    for (let index = 0; index < 3_000; index++) output.write(line)
    await output.flushed(50)

    const chunk = Buffer.alloc(64 * 1024)
    let text = ''
    const readOn = async (): Promise<void> => {
      for (let idle = 0; idle < 20; ) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        try {
          const bytes = readSync(reader, chunk)
          text += chunk.toString('latin1', 0, bytes)
          idle = bytes === 0 ? idle + 1 : 0
        } catch {
          idle += 1
        }
      }
    }
    await readOn()
    output.write('after\n')
    await readOn()
    const kept = text.split(line).length - 1
    expect(kept).toBeGreaterThan(1_000)
    expect(kept).toBeLessThan(1_300)
    expect(text).toMatch(new RegExp(`"lines":${3_000 - kept},.*\\nafter\\n$`))
    closeSync(reader)
  })
})
