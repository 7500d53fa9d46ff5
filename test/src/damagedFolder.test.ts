import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Database from 'better-sqlite3'
import { collectLines } from '../support/logLines.ts'
import { at, csr, problemOf, refused, type Scenario, scenarioOf, startScenario } from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'

describe('a data folder that was damaged', () => {
  let dir: string
  let s: Scenario
  let isOpen: boolean
  let ticketNo: string
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'complaints-'))
    s = await startScenario({ dataDir: dir })
    ticketNo = await s.register({ content: '请回电' })
    await s.service.close()
    isOpen = false
  })
  afterEach(async () => {
    if (isOpen) await s.service.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const file = (name: string): string => join(dir, name)
  const lines = collectLines()
  const start = async (): Promise<void> => {
    s = scenarioOf(await startTestService({ now: at('2026-03-03 10:00'), dataDir: dir, log: lines.log }))
    isOpen = true
  }
  const change = (name: string, sql: string): void => {
    const db = new Database(file(name))
    db.exec(sql)
    db.close()
  }
  const registration = `position = (SELECT max(position) FROM events WHERE type = 'TicketRegistered')`
  const changeEvent = (sql: string): void => {
    change(
      'events.db',
      `DROP TRIGGER events_are_never_changed; UPDATE events SET ${sql} WHERE ${registration}`,
    )
    rmSync(file('views.db'))
  }

  it.each([
    ['text', { content: 'unreadable' }],
    [
      'customer',
      { content: '请回电', customer: expect.objectContaining({ name: 'unreadable', phone: null }) },
    ],
  ])('shows a sealed %s that was changed as unreadable, also after a rebuild', async (field, shown) => {
    changeEvent(
      `data = json_set(data, '$.${field}', substr(data ->> '$.${field}', 1, 60) || 'AAAA' || substr(data ->> '$.${field}', 65))`,
    )
    await start()
    expect(await s.ticket(ticketNo)).toMatchObject(shown)
    expect((await s.get(`tickets/${ticketNo}/timeline`)).text).toContain('unreadable')
    expect((await s.service.deps.metrics.scrape()).body).toMatch(/sealed_texts_unreadable_total [1-9]/)
    expect(lines.text()).toContain('a sealed text cannot be opened')
  })

  it('says at the start which event has JSON that cannot be read, and quotes nothing of it', async () => {
    changeEvent(`data = '{"secret' || data`)
    await expect(start()).rejects.toThrow(
      new RegExp(`^Event \\d+, [\\da-f-]{36} of ticket-${ticketNo}, is damaged: its JSON cannot be read`),
    )
    await expect(start()).rejects.not.toThrow('secret')
  })

  it('answers a read of a damaged event with a problem of its own, and logs where it is', async () => {
    // while the views know it already
    change(
      'events.db',
      `DROP TRIGGER events_are_never_changed; UPDATE events SET data = '{"secret' || data WHERE ${registration}`,
    )
    await start()
    const answer = await s.get(`tickets/${ticketNo}/timeline`)
    expect(problemOf(answer)).toEqual(refused(500, 'event_damaged'))
    const act = await s.act(ticketNo, 'contacts', { channel: 'phone', content: '催办' }, csr)
    expect(problemOf(act)).toEqual(refused(500, 'event_damaged'))
    expect(lines.text()).toMatch(
      new RegExp(`"position":"\\d+".*"stream":"ticket-${ticketNo}".*a stored event is damaged`),
    )
    expect(answer.text + lines.text()).not.toContain('secret')
    expect((await s.get('tickets?limit=1')).status).toBe(200)
  })

  it('logs at which event a view has stopped', async () => {
    changeEvent(`data = json_remove(data, '$.customer')`)
    await start().catch(() => {})
    expect(lines.text()).toMatch(
      new RegExp(
        `"view":"\\w+","position":"\\d+","stream":"ticket-${ticketNo}","id":"[\\da-f-]{36}".*a view has stopped`,
      ),
    )
  })

  it('is refused where keys.db is empty', async () => {
    writeFileSync(file('keys.db'), '')
    await expect(start()).rejects.toThrow('keys.db is empty, and the log beside it has customers')
  })

  it('is refused where keys.db is of another folder under the same master key', async () => {
    change('keys.db', 'UPDATE subject_keys SET subject = randomblob(16)')
    await expect(start()).rejects.toThrow('has the key of no customer in the log beside it')
  })

  it('starts with keys older than the log, says so, and shows what they lack as unreadable', async () => {
    await start()
    const later = await s.register({ content: '第二次', customer: { phone: '13900008888' } })
    const { subjectId } = (await s.ticket(later)).customer
    await s.service.close()
    change('keys.db', `DELETE FROM subject_keys WHERE subject = x'${subjectId.replaceAll('-', '')}'`)
    await start()
    expect(lines.text()).toContain('keys.db is older than events.db')
    expect((await s.ticket(later)).content).toBe('unreadable')
    expect((await s.ticket(ticketNo)).content).toBe('请回电')
  })

  it.each(['events.db', 'keys.db'])('names %s where it is damaged', async (name) => {
    writeFileSync(file(name), 'x'.repeat(20_000))
    await expect(start()).rejects.toThrow(`${name} is damaged: `)
  })
})
