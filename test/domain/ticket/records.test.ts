import { describe, expect, test } from '@jest/globals'
import type { Actor } from '../../../domain/authority.ts'
import { type RecordKind, recordKindSchema } from '../../../domain/codes.ts'
import { dealer, given, instant, of, on, rbo } from '../../support/given.ts'
import { record } from './commands.ts'
import {
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  registered,
  rescinded,
  responded,
  responsibleNamed,
  toMedia,
  toRbo,
  toSe,
  worked,
} from './events.ts'

const at = '2026-03-02 11:00'
const kinds = recordKindSchema.options
const feedback: RecordKind[] = ['hq_feedback', 'media_feedback']
const onlyDealer: RecordKind[] = ['rbo_support_requested', 'major_issue_reported']
const work = kinds.filter((kind) => !feedback.includes(kind))

const states = {
  unhandled: [],
  in_progress: [responded()],
  completed: [responded(), closed()],
  rescinded: [rescinded()],
  duplicate: [markedDuplicate()],
}
type State = keyof typeof states

const A = [registered(), dispatched()]
const B = [registered({ category: 'B4', level: 'B' }), toMedia(), responsibleNamed()]
const C = [...B, convertedToC()]

/** What comes of a record by someone who may make it: `null`, it is recorded. */
const outcome = (level: 'A' | 'B' | 'C', state: State, kind: RecordKind) => {
  if (state === 'rescinded' || state === 'duplicate') return 'ticket_is_over'
  if (feedback.includes(kind)) {
    if (state !== 'completed') return 'wrong_state'
    return level === 'A' ? 'not_a_b_ticket' : null
  }
  if (kind === 'consumer_informed') return state === 'completed' ? 'wrong_state' : null
  return state === 'in_progress' ? null : 'wrong_state'
}

const recorderOf = (level: 'A' | 'B' | 'C', kind: RecordKind): Actor => {
  if (feedback.includes(kind) || level !== 'A') return of('se_media')
  return dealer()
}

const cases = (Object.keys(states) as State[]).flatMap((state) => kinds.map((kind) => ({ state, kind })))

describe.each([
  { level: 'A' as const, history: A },
  { level: 'B' as const, history: B },
  { level: 'C' as const, history: C },
])('on a ticket of level $level', ({ level, history }) => {
  const possible = cases.filter(({ kind }) => level === 'A' || !onlyDealer.includes(kind))
  test.each(possible)('$kind while it is $state', ({ state, kind }) => {
    const recording = given(...history, ...states[state]).when(record(at, kind, recorderOf(level, kind)))
    const refused = outcome(level, state, kind)
    if (refused === null) recording.then(worked(kind))
    else recording.thenRefused(refused, refused === 'not_a_b_ticket' ? '#/kind' : undefined)
  })
})

describe('who may record work', () => {
  const people: [string, Actor][] = [
    ['the holding dealer', dealer()],
    ['another dealer', dealer('D003')],
    ['the RBO', rbo()],
    ['another RBO', rbo('NORTH')],
    ['the SE', of('se')],
    ['the media SE', of('se_media')],
    ['csr', of('csr')],
    ['csr_media', of('csr_media')],
    ['csc_system', of('csc_system')],
    ['csc_supervisor', of('csc_supervisor')],
    ['sa', of('sa')],
    ['hq_sales', of('hq_sales')],
    ['admin', of('admin')],
    ['auditor', of('auditor')],
  ]
  const csc = ['csr', 'csr_media', 'csc_system']
  const holders = {
    'the holding dealer': dispatched(),
    'the RBO': toRbo(),
    'the SE': toSe(),
    'the media SE': toMedia(),
  }
  const handlers = [
    'the holding dealer',
    'another dealer',
    'the RBO',
    'another RBO',
    'the SE',
    'the media SE',
  ]

  const expected = (who: string, holder: string, kind: RecordKind) => {
    if (onlyDealer.includes(kind)) {
      if (!/dealer/.test(who)) return 'role_not_allowed'
      return who === holder ? null : 'not_the_holder'
    }
    if (kind === 'consumer_informed' && csc.includes(who)) return null
    if (!handlers.includes(who)) return 'role_not_allowed'
    return who === holder ? null : 'not_the_holder'
  }

  const combinations = Object.keys(holders).flatMap((holder) =>
    people.map(([who, actor]) => ({ holder, who, actor })),
  )
  test.each(combinations)('$who, where $holder holds the ticket', ({ holder, who, actor }) => {
    for (const kind of work) {
      const held = holders[holder as keyof typeof holders]
      const recording = given(registered(), held, responded()).when(record(at, kind, actor))
      const refused = expected(who, holder, kind)
      if (refused === null) recording.then(worked(kind))
      else recording.thenRefused(refused)
    }
  })

  test('the responsible dealer of a B or C ticket too, but it does not hold it', () => {
    for (const history of [B, C])
      for (const kind of work) {
        const recording = given(...history, responded()).when(record(at, kind, dealer()))
        if (onlyDealer.includes(kind)) recording.thenRefused('not_the_holder')
        else recording.then(worked(kind))
      }
  })

  test('asking for help is the holding dealer’s, even where someone is of several units', () => {
    const both: Actor = { ...of('dealer', 'rbo'), dealer: 'D001', rbo: 'EAST' }
    given(registered(), toRbo(), responded())
      .when(record(at, 'rbo_support_requested', both))
      .thenRefused('not_the_holder')
  })

  test.each(people.filter(([who]) => who !== 'the media SE'))(
    'feedback on a B ticket is not for %s',
    (_, actor) => {
      for (const kind of feedback)
        given(...B, responded(), closed())
          .when(record(at, kind, actor))
          .thenRefused('role_not_allowed')
    },
  )
})

describe('informing the consumer', () => {
  const informed = [...A, on('2026-03-02 10:30', worked('consumer_informed'))]

  test('is remembered', () => {
    const ticket = given(...A)
      .when(record(at, 'consumer_informed'))
      .ticket()
    expect(ticket).toMatchObject({ state: 'unhandled', consumerInformedAt: instant(at) })
  })

  test('counts the first time', () => {
    const ticket = given(...informed)
      .when(record(at, 'consumer_informed'))
      .ticket()
    expect(ticket.consumerInformedAt).toBe(instant('2026-03-02 10:30'))
  })

  test('is not any other work', () => {
    const ticket = given(...A, responded())
      .when(record(at, 'plan_agreed'))
      .ticket()
    expect(ticket).toMatchObject({ state: 'in_progress', consumerInformedAt: null })
  })
})
