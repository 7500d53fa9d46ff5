/** Each state that no act can leave, as a damaged log may have it: `verify` names the act that repairs it, and it does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newCommandId } from '../../../api/commands/commandId.ts'
import { eventId } from '../../../domain/eventStore.ts'
import { ticketStream } from '../../../domain/ticket/events.ts'
import { type ViolationCode, violations } from '../../../domain/ticket/invariants.ts'
import { openLog } from '../../../src/store/sqliteLog.ts'
import { checkLinks } from '../../../src/verify/checkLinks.ts'
import {
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  sa,
  startScenario,
  supervisor,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'complaints-'))
let s: Scenario
beforeAll(async () => {
  s = await startScenario({ dataDir })
})
afterAll(async () => {
  await s.service.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const reason = { reason: '修复' }
const absent = 'A20990101-9999'

type LooseEvent = { type: string; data: Json }

/** Appends events as nothing in the service does; what they ask of other tickets counts as answered. */
const leave = async (ticketNo: string, ...events: LooseEvent[]): Promise<void> => {
  const { store, now } = s.service.deps
  const version = (await store.readStream(ticketStream(ticketNo))).length
  const metadata = { actor: { id: 'sa-1', role: 'sa' }, correlationId: 'c', recordedAt: now() }
  const [commandId, answerId] = [newCommandId(), newCommandId()]
  const left = events.map((event, index) => ({
    ...event,
    id: eventId(commandId, index),
    metadata: { ...metadata, commandId },
  }))
  const answers = left.map(({ id }, index) => ({
    type: 'FollowUpClosed',
    data: { eventId: id },
    id: eventId(answerId, index),
    metadata: { ...metadata, commandId: answerId, causationId: id },
  }))
  await store.append(ticketStream(ticketNo), version, [...left, ...answers])
}

const text = (): string => s.service.deps.sealing.seal(s.service.deps.subjects.create() as string, reason)
const absorbed = (duplicate: string, calls = 1): LooseEvent => ({
  type: 'DuplicateAbsorbed',
  data: { duplicate, calls, text: text(), echo: true },
})
const marked = (of: string): LooseEvent => ({ type: 'MarkedDuplicate', data: { of, text: text() } })
const linked = (repeat: string): LooseEvent => ({
  type: 'RepeatLinked',
  data: { repeat, ordinal: 2, registration: null, text: null },
})
const became = (of: string): LooseEvent => ({ type: 'BecameRepeat', data: { of, ordinal: 2 } })

const open = (): Promise<string> => s.register({ sameProblemAs: null })
const completed = async (): Promise<string> => {
  const ticketNo = await open()
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}
const rescinded = async (): Promise<string> => {
  const ticketNo = await open()
  await s.does(ticketNo, 'rescind', reason, sa)
  return ticketNo
}

const problems = async (): Promise<string[]> => {
  const found: string[] = []
  const log = openLog(join(dataDir, 'events.db'), true)
  await checkLinks({ log, store: s.service.deps.store }, (problem) => void found.push(problem))
  log.close()
  return found
}

/** The act in `verify`'s words. */
const actIn = (problem: string) => {
  const found =
    /POST \/v1\/tickets\/(\S+)\/(repeat-unlink|duplicate-undo)(?: with ticketNo (\S+))? repairs it\.$/.exec(
      problem,
    )
  if (found === null) throw new Error(`No act in: ${problem}`)
  const [, ticketNo, act, other] = found as unknown as [string, string, string, string | undefined]
  return { ticketNo, act, body: { ...reason, ...(other !== undefined && { ticketNo: other }) } }
}

type State = [title: string, codes: ViolationCode[], make: () => Promise<void>]
const states: State[] = [
  [
    'calls of a ticket that was never marked',
    ['calls_of_no_duplicate'],
    async () => leave(await open(), absorbed(await open())),
  ],
  [
    'calls of a ticket that is not there',
    ['calls_of_no_duplicate'],
    async () => leave(await open(), absorbed(absent, 3)),
  ],
  [
    'calls that two survivors count',
    ['calls_of_no_duplicate'],
    async () => {
      const [x, y, z] = [await open(), await open(), await open()]
      await s.does(x, 'duplicate-of', { ticketNo: y, ...reason }, sa)
      await leave(z, absorbed(x), absorbed(x))
    },
  ],
  [
    'a duplicate whose calls its survivor counts wrongly',
    ['calls_not_taken_over'],
    async () => {
      const [x, y] = [await open(), await open()]
      await leave(x, marked(y))
      await leave(y, absorbed(x, 7))
    },
  ],
  [
    'a duplicate of a rescinded ticket',
    ['survivor_is_over', 'calls_not_taken_over'],
    async () => leave(await open(), marked(await rescinded())),
  ],
  [
    'a duplicate of a ticket that is not there',
    ['survivor_is_over'],
    async () => leave(await open(), marked(absent)),
  ],
  [
    'a repeat that does not know of it',
    ['repeat_not_mutual'],
    async () => leave(await completed(), linked(await open())),
  ],
  ['a repeat that is not there', ['repeat_not_mutual'], async () => leave(await completed(), linked(absent))],
  ['a rescinded repeat', ['repeat_is_over'], async () => leave(await completed(), linked(await rescinded()))],
  [
    'an open ticket with a repeat',
    ['earlier_not_completed'],
    async () => {
      const [x, y] = [await open(), await open()]
      await leave(x, linked(y))
      await leave(y, became(x))
    },
  ],
  [
    'a rescinded ticket with a repeat',
    ['earlier_not_completed'],
    async () => {
      const [x, y] = [await rescinded(), await open()]
      await leave(x, linked(y))
      await leave(y, became(x))
    },
  ],
  [
    'repeats in a circle',
    ['repeats_in_a_circle'],
    async () => {
      const [x, y] = [await completed(), await completed()]
      await leave(x, linked(y), became(y))
      await leave(y, linked(x), became(x))
    },
  ],
  [
    'a repeat of a ticket that does not know of it',
    ['earlier_not_mutual'],
    async () => leave(await open(), became(await completed())),
  ],
  [
    'a repeat of a ticket that is not there',
    ['earlier_not_mutual'],
    async () => leave(await open(), became(absent)),
  ],
]

/** The words of a violation before the first number in them, and after the last. */
const says = (code: ViolationCode): RegExp => new RegExp(violations[code].en.replaceAll(/\{\w+\}/g, '\\S+'))

describe('what verify reports is repaired by the act it names', () => {
  it('for every violation there is', () => {
    expect(new Set(states.flatMap(([, codes]) => codes))).toEqual(new Set(Object.keys(violations)))
  })

  it.each(states)('%s', async (_title, codes, make) => {
    await make()
    const before = await problems()
    for (const code of codes) expect(before).toContainEqual(expect.stringMatching(says(code)))
    // an act may have repaired two at once
    for (let left = before; left.length > 0; left = await problems()) {
      expect(before).toContain(left[0])
      const { ticketNo, act, body } = actIn(left[0] as string)
      expect(await s.act(ticketNo, act, body, act === 'repeat-unlink' ? csr : sa)).toMatchObject({
        status: 200,
      })
    }
    expect(s.service.deps.views.followUps.open()).toEqual([])
  })
})

describe('giving back calls by hand', () => {
  it('is the SA’s, keeps the reason, and is replayed', async () => {
    const [x, y] = [await open(), await open()]
    await leave(x, absorbed(y, 2))
    const body = { ticketNo: y, ...reason }
    expect(problemOf(await s.act(x, 'duplicate-undo', body, supervisor))).toEqual(
      refused(403, 'role_not_allowed'),
    )
    const key = { 'idempotency-key': 'give-back' }
    const first = await s.act(x, 'duplicate-undo', body, sa, key)
    const again = await s.act(x, 'duplicate-undo', body, sa, key)
    expect([first.status, first.body.calls, again.status, again.body]).toEqual([200, 0, 200, first.body])
    expect((await s.get(`tickets/${x}/timeline`)).body.items.at(-1)).toMatchObject({
      type: 'DuplicateReleased',
      data: { duplicate: y, calls: 2, text: reason },
      actor: { role: 'sa' },
    })
    expect(problemOf(await s.act(x, 'duplicate-undo', body, sa))).toMatchObject({ code: 'not_a_duplicate' })
  })

  it('leaves a real duplicate to its own act', async () => {
    const [x, y] = [await open(), await open()]
    await s.does(x, 'duplicate-of', { ticketNo: y, ...reason }, sa)
    expect(problemOf(await s.act(y, 'duplicate-undo', { ticketNo: x, ...reason }, sa))).toMatchObject({
      status: 409,
      code: 'has_duplicates',
    })
  })
})

describe('what follows on the other ticket', () => {
  it('is recorded in the role in which the act was allowed, not in the first of the caller’s', async () => {
    const both: Who = { ...dealer('D001'), roles: ['dealer', 'sa', 'csr'] }
    const roleOf = async (ticketNo: string, type: string) =>
      (await s.service.deps.store.readStream(ticketStream(ticketNo))).findLast((each) => each.type === type)
        ?.metadata.actor.role
    const [x, y] = [await open(), await open()]
    await s.does(x, 'duplicate-of', { ticketNo: y, ...reason }, both)
    expect([await roleOf(x, 'MarkedDuplicate'), await roleOf(y, 'DuplicateAbsorbed')]).toEqual(['sa', 'sa'])
    await s.does(x, 'duplicate-undo', reason, both)
    expect([await roleOf(x, 'DuplicateUndone'), await roleOf(y, 'DuplicateReleased')]).toEqual(['sa', 'sa'])
    const earlier = await completed()
    s.go('2026-03-03 10:00')
    const later = await open()
    await s.does(earlier, 'repeat-link', { ticketNo: later, ...reason }, both)
    expect([await roleOf(earlier, 'RepeatLinked'), await roleOf(later, 'BecameRepeat')]).toEqual([
      'csr',
      'csr',
    ])
    await s.does(earlier, 'repeat-unlink', { ticketNo: later, ...reason }, both)
    expect([await roleOf(earlier, 'RepeatUnlinked'), await roleOf(later, 'CeasedToBeRepeat')]).toEqual([
      'csr',
      'csr',
    ])
    // a link that only the later ticket knows of
    await leave(later, became(earlier))
    await s.does(earlier, 'repeat-unlink', { ticketNo: later, ...reason }, both)
    expect(await roleOf(later, 'CeasedToBeRepeat')).toBe('csr')
  })
})
