import { cpSync, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { startTestService } from '../support/service.ts'
import { runHere } from './runHere.ts'
import { runToEnd, type ServiceProcess, startProcess } from './serviceProcess.ts'

describe('starting', () => {
  /** A data folder that a service has left. */
  let made: string
  let removeMade: () => Promise<void>
  beforeAll(async () => {
    const folder = await temporaryFolder()
    made = join(folder.dir, 'data')
    removeMade = folder.remove
    await (await startTestService({ dataDir: made, now: new Date().toISOString() })).close()
  })
  afterAll(() => removeMade())

  let dir: string
  let remove: () => Promise<void>
  let service: ServiceProcess | undefined
  beforeEach(async () => {
    const folder = await temporaryFolder()
    dir = join(folder.dir, 'data')
    remove = folder.remove
  })
  afterEach(async () => {
    await service?.kill('SIGKILL')
    await remove()
  })

  test('a second process on the same data folder is refused, be it a service or a tool', async () => {
    service = await startProcess(dir)
    await service.ready()
    const output = `Another process is using the data folder ${dir}. Stop it first, or give this one a folder of its own with DATA_DIR.\n`
    const second = await runToEnd('src/main.ts', { DATA_DIR: dir, PORT: '0', METRICS_PORT: '0' })
    // the service says 1 for every refused start; a tool says 2, for it could not do its work
    expect(second).toEqual({ code: 1, signal: null, output })
    expect(await runHere('src/cli/rebuild.ts', { DATA_DIR: dir })).toEqual({ code: 2, signal: null, output })
    expect((await service.call(null, 'GET', '/readyz')).status).toBe(200)
  })

  test.each<[string, Record<string, string>, string]>([
    ['a port', { PORT: 'eighty' }, 'PORT must be a whole number from 0 to 65535'],
    ['a log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    ['an event store', { EVENT_STORE: 'postgres://localhost' }, 'EVENT_STORE must be sqlite'],
    ['a master key', { MASTER_KEY: 'short' }, 'MASTER_KEY must be 32 bytes in base64'],
    [
      'one of the AUTH_* alone',
      { AUTH_ISSUER: 'https://id.example.com' },
      'Set AUTH_JWKS_URL and AUTH_AUDIENCE too',
    ],
    ['production without AUTH_*', { NODE_ENV: 'production' }, 'NODE_ENV=production needs AUTH_JWKS_URL'],
    [
      'a host beyond loopback without AUTH_*',
      { HOST: '0.0.0.0' },
      'HOST 0.0.0.0 can be reached from other machines',
    ],
  ])('a wrong value ends it with a sentence: %s', async (_, variables, sentence) => {
    // a key is looked at when the start is under way already, where the end of a command is not seen
    const run = 'MASTER_KEY' in variables ? runToEnd : runHere
    const { code, output } = await run('src/main.ts', {
      DATA_DIR: dir,
      METRICS_PORT: '0',
      PORT: '0',
      ...variables,
    })
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(sentence) })
    expect(output.trimEnd().split('\n')).toHaveLength(1)
    expect(existsSync(join(dir, 'events.db'))).toBe(false)
  })

  test('keys of another master key end it with a sentence, and leave the folder usable', async () => {
    cpSync(made, dir, { recursive: true })
    const wrong = {
      DATA_DIR: dir,
      METRICS_PORT: '0',
      PORT: '0',
      MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    }
    const { code, output } = await runToEnd('src/main.ts', wrong)
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining('made under another master key'),
    })
    service = await startProcess(dir)
    await service.ready()
  })

  test.each([
    ['keys.db', "and with it every customer's data in events.db"],
    ['master.key', 'and the keys in keys.db open with no other'],
  ])('a data folder without its %s is refused, and nothing takes its place', async (name, sentence) => {
    cpSync(made, dir, { recursive: true })
    const file = join(dir, name)
    renameSync(file, `${file}.away`)
    const { code, output } = await runToEnd('src/main.ts', { DATA_DIR: dir, METRICS_PORT: '0', PORT: '0' })
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(sentence) })
    expect(existsSync(file)).toBe(false)
  })

  test('a port that is taken ends it with a sentence', async () => {
    service = await startProcess(dir)
    const taken = new URL(service.url).port
    const { code, output } = await runToEnd('src/main.ts', {
      DATA_DIR: `${dir}2`,
      METRICS_PORT: '0',
      PORT: taken,
    })
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining(`Port ${taken} is taken. Set PORT to another.\n`),
    })
  })
})
