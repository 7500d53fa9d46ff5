import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { temporaryFolder } from '../store/folder.ts'
import { runHere } from './runHere.ts'
import { eventually, runToEnd, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { enterMasterData, namePrefix, phonePrefix, type Write, writeUntil } from './writers.ts'

const verify = (dataDir: string, more: Record<string, string> = {}) =>
  runHere('src/cli/verify.ts', { DATA_DIR: dataDir, ...more })

/** Changes a file as no program of ours would. */
const damage = (file: string, sql: string): void => {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

describe('verify', () => {
  let whole: string
  let dir: string
  let clearUp: (() => Promise<void>)[] = []
  let service: ServiceProcess

  beforeAll(async () => {
    const folder = await temporaryFolder()
    whole = folder.dir
    service = await startProcess(whole)
    await service.ready()
    await enterMasterData(service)
    const account: Write[] = []
    await writeUntil(service, account, { count: 4, enough: () => account.length >= 40 })
    await service.kill('SIGTERM')
    clearUp = [folder.remove]
  })
  afterAll(async () => {
    for (const each of clearUp) await each()
  })

  let remove: () => Promise<void>
  beforeEach(async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    dir = folder.dir
    cpSync(whole, dir, { recursive: true })
  })
  afterEach(async () => {
    await service.kill('SIGKILL')
    await remove()
  })

  const withoutTriggers = 'DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted;'

  test.each<[string, string, string, RegExp[]]>([
    [
      'a hole in the numbering',
      'events.db',
      `${withoutTriggers} DELETE FROM events WHERE position = 20`,
      [
        /^Position 19 is followed by 21: what was between is gone\.$/m,
        /^Stream \S+ has \d+ events with versions from/m,
      ],
    ],
    [
      'an id that stands twice',
      'events.db',
      `CREATE TABLE loose AS SELECT * FROM events; DROP TABLE events; ALTER TABLE loose RENAME TO events;
       UPDATE events SET id = (SELECT id FROM events WHERE position = 21) WHERE position = 22`,
      [/^The id [\da-f-]{36} stands 2 times, from position 21 to 22\.$/m],
    ],
    [
      'an event that is not of its schema',
      'events.db',
      `${withoutTriggers} UPDATE events SET data = json_set(data, '$.category', 'Z9') WHERE position =
         (SELECT max(position) FROM events WHERE type = 'TicketRegistered')`,
      [
        /^Event \d+, TicketRegistered of ticket-\S+: its data\.category is not of the form \(\w+\)\. Its id is [\da-f-]{36}\.$/m,
        /^Event \d+, [\da-f-]{36}, TicketRegistered, version 1 of ticket-\S+, is the first that is not what was written/m,
      ],
    ],
    [
      'an event that was changed and is still of its schema',
      'events.db',
      `${withoutTriggers} UPDATE events SET data = json_set(data, '$.category', 'A4b') WHERE position =
         (SELECT min(position) FROM events WHERE type = 'TicketRegistered')`,
      [
        /^Event \d+, [\da-f-]{36}, TicketRegistered, version 1 of ticket-\S+, is the first that is not what was/m,
      ],
    ],
    [
      'an instant in the metadata that was changed',
      'events.db',
      `${withoutTriggers} UPDATE events SET metadata = replace(metadata, '"recordedAt":"20', '"recordedAt":"19')
       WHERE position = 21`,
      [/^Event 21, [\da-f-]{36}, \w+, version \d+ of \S+, is the first that is not what was written/m],
    ],
    [
      'two events that were exchanged',
      'events.db',
      `CREATE TABLE loose AS SELECT * FROM events; DROP TABLE events; ALTER TABLE loose RENAME TO events;
       UPDATE events SET position = 41 - position WHERE position IN (20, 21)`,
      [
        /^Event 20, [\da-f-]{36}, \w+, version \d+ of \S+, is the first that is not what was written/m,
        /^So are 1 more/m,
      ],
    ],
    [
      'an end that was cut off',
      'events.db',
      `${withoutTriggers} DELETE FROM events WHERE position > 50`,
      [/^The log ends at event 50, and digests go on to event \d+: its end was cut off\.$/m],
    ],
    [
      'an event that was put in between',
      'events.db',
      `CREATE TABLE loose AS SELECT * FROM events; DROP TABLE events; ALTER TABLE loose RENAME TO events;
       UPDATE events SET position = position + 1 WHERE position > 30;
       INSERT INTO events SELECT 31, randomblob(16), 'ticket-X', 1, type, data, metadata FROM events WHERE position = 30`,
      [
        /^Event 31, [\da-f-]{36}, \w+, version 1 of ticket-X, is the first that is not what was written/m,
        /^So are \d+ more/m,
      ],
    ],
    [
      'a revision whose digest is not that of the log, and one of an older version without any',
      'events.db',
      `${withoutTriggers}
       UPDATE events SET stream = 'assessment-2026Q1', version = 1, type = 'QuarterFrozen', data = '{"policyVersion":1}' WHERE position = 20;
       UPDATE events SET stream = 'assessment-2026Q1', version = 2, type = 'QuarterRevised', data =
         '{"policyVersion":1,"reason":"x","logDigest":{"position":"10","events":10,"digest":"${'ab'.repeat(32)}"}}' WHERE position = 21;
       DELETE FROM digests`,
      [
        /^The digest that revision 2 of assessment-2026Q1 keeps is of the log up to event 10, and the log up to there has another digest by now/m,
      ],
    ],
    [
      'the newest event that is no JSON, where the views end',
      'events.db',
      `${withoutTriggers} UPDATE events SET data = '{' WHERE position = (SELECT max(position) FROM events)`,
      [/^Event \d+, .*: its JSON cannot be read\. Its id is [\da-f-]{36}\.$/m],
    ],
    [
      'digests that were taken away',
      'events.db',
      'DELETE FROM digests WHERE position > 30',
      [/^The events from 31 on have no digest; the next start of the service computes them\.$/m],
    ],
    [
      'an event that is no JSON',
      'events.db',
      `${withoutTriggers} UPDATE events SET metadata = '{' WHERE position = 20`,
      [
        /^Event 20, .*: its JSON cannot be read\. Its id is [\da-f-]{36}\.$/m,
        /^The views cannot be rebuilt: /m,
      ],
    ],
    [
      'a type nobody knows',
      'events.db',
      `${withoutTriggers} UPDATE events SET type = 'TicketUpdated' WHERE position = 20`,
      [/^Event 20, TicketUpdated of .*: nothing here knows its type\. /m],
    ],
    [
      'a sealed text that was changed',
      'events.db',
      `${withoutTriggers} UPDATE events SET data = json_set(data, '$.text',
         substr(data ->> '$.text', 1, 60) || 'AAAA' || substr(data ->> '$.text', 65)) WHERE position =
         (SELECT max(position) FROM events WHERE type = 'TicketRegistered')`,
      [/^Event \d+, TicketRegistered of \S+: what is sealed in it does not open: a sealed text of subject/m],
    ],
    [
      'a customer without a key',
      'keys.db',
      // keys are made 512 at a time and given out from the last on: it is the first customer's
      'DELETE FROM subject_keys WHERE number = 512',
      [/^Event \d+, TicketRegistered of \S+: what is sealed in it does not open: subject \S+ has no key\. /m],
    ],
    [
      'a row of a view that was changed',
      'views.db',
      'UPDATE tickets SET version = version + 1 WHERE rowid = (SELECT max(rowid) FROM tickets)',
      [/^The table tickets of the views is not what a rebuild makes of the log: \d+ rows/m],
    ],
    [
      'a row of a view that is gone',
      'views.db',
      'DELETE FROM commands WHERE id = 3',
      [/^The table commands of the views is not what a rebuild makes of the log/m],
    ],
    [
      'a view that has stopped behind the others',
      'views.db',
      "UPDATE checkpoints SET position = '3' WHERE name = 'kpi'",
      [/^The view kpi is at event 3, the others at \d+\.$/m],
    ],
  ])('lists %s and ends with 1', async (_, file, sql, lines) => {
    damage(join(dir, file), sql)
    const { code, output } = await verify(dir)
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/: \d+ problems?\.$/m) })
    for (const line of lines) expect(output).toMatch(line)
    expect(output).not.toContain(namePrefix)
    expect(output).not.toContain(phonePrefix)
  })

  test('finds nothing beside a service that is written to, and changes nothing', async () => {
    service = await startProcess(dir)
    await service.ready()
    const account: Write[] = []
    let enough = false
    const writing = writeUntil(service, account, { count: 8, enough: () => enough })
    await eventually('it is written to', () => account.length >= 20 || undefined)
    const { code, output } = await runToEnd('src/cli/verify.ts', { DATA_DIR: dir })
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(': all is well.') })
    enough = true
    await writing
    await service.kill('SIGTERM')
    expect((await verify(dir)).code).toBe(0)
  })

  test('says so where there are no views yet', async () => {
    rmSync(join(dir, 'views.db'))
    expect(await verify(dir)).toMatchObject({
      code: 0,
      output: expect.stringContaining('There is no views file; the next start makes it.'),
    })
  })

  test.each<[string, string, Record<string, string>]>([
    ['There is no log in', 'events.db', {}],
    ["and with it every customer's data", 'keys.db', {}],
    ['made under another master key', 'lock.db', { MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }],
  ])('ends with 2 and a sentence where it cannot look: %s', async (sentence, gone, more) => {
    rmSync(join(dir, gone))
    expect(await verify(dir, more)).toMatchObject({ code: 2, output: expect.stringContaining(sentence) })
  })

  test('says of EventStoreDB that it cannot look, and how to check there', async () => {
    const eventStore = 'esdb://a:b@127.0.0.1:1?tls=false'
    const { code, output } = await verify(dir, {
      EVENT_STORE: eventStore,
      MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    })
    expect([code, output]).toEqual([2, expect.stringContaining('GET /v1/log/digest?position=')])
  })

  test.each<[string, string, string[]]>([
    ['verify', 'src/cli/verify.ts', []],
    ['rebuild', 'src/cli/rebuild.ts', []],
    ['backup', 'src/cli/backup.ts', ['BACKUP']],
    ['migrate', 'src/cli/migrate.ts', ['--from', 'sqlite', '--to', 'esdb://a:b@127.0.0.1:1?tls=false']],
  ])('and every tool refuses keys.db where it is empty or of another folder: %s', async (_, script, args) => {
    const run = () =>
      runHere(
        script,
        { DATA_DIR: dir },
        args.map((arg) => (arg === 'BACKUP' ? join(dir, 'backup') : arg)),
      )
    damage(join(dir, 'keys.db'), 'UPDATE subject_keys SET subject = randomblob(16)')
    const foreign = await run()
    expect([foreign.code === 0, foreign.output]).toEqual([
      false,
      expect.stringContaining(
        'has the key of no customer in the log beside it: it is of another data folder',
      ),
    ])
    writeFileSync(join(dir, 'keys.db'), '')
    for (const end of ['-wal', '-shm']) rmSync(join(dir, `keys.db${end}`), { force: true })
    const empty = await run()
    expect([empty.code === 0, empty.output]).toEqual([
      false,
      expect.stringContaining('keys.db is empty, and the log beside it has customers'),
    ])
  })
})
