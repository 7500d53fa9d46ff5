import { describe, expect, test } from '@jest/globals'
import { channelSchema } from '../../../domain/codes.ts'
import { given, instant, of, on, sealed } from '../../support/given.ts'
import { byChannel, contact } from './commands.ts'
import {
  closed,
  contacted,
  dispatched,
  markedDuplicate,
  registered,
  rescinded,
  responded,
  warned,
} from './events.ts'

const at = '2026-03-02 11:00'
const unhandled = [registered(), dispatched()]

describe('a customer contact', () => {
  test.each(channelSchema.options)('by %s is logged, and counts as a call only by phone', (channel) => {
    const logging = given(...unhandled).when(byChannel(at, channel))
    logging.then(contacted({ channel }))
    expect(logging.ticket().calls).toBe(channel === 'phone' ? 1 : 0)
  })

  test('changes nothing but the calls', () => {
    const before = given(...unhandled)
      .when(byChannel(at, 'email'))
      .ticket()
    const after = given(...unhandled)
      .when(contact(at))
      .ticket()
    expect(after).toEqual({ ...before, calls: 1 })
    expect(after.state).toBe('unhandled')
  })

  test('is logged while in progress as well', () => {
    const logging = given(...unhandled, responded()).when(contact(at))
    logging.then(contacted())
    expect(logging.ticket().state).toBe('in_progress')
  })

  test('keeps channel, flags, external number and what was given of customer and dealer', () => {
    const said = {
      subjectId: 's2',
      channel: 'web',
      flags: ['media'],
      externalNo: 'X-7',
      source: 'website',
      dealer: 'D003',
      receivedAt: instant('2026-03-02 10:30'),
      customer: sealed('somebody else'),
      text: sealed('what was said'),
    } as const
    const logging = given(...unhandled).when(contact(at, { ...said, flags: ['media'] }))
    logging.then(
      contacted({ ...said, flags: ['media'] }),
      warned({ code: 'W5', sentTo: { tier: 'se', unit: 'SE' }, ackDueAt: instant('2026-03-02 13:00') }),
    )
    expect(logging.ticket()).toMatchObject({ subjectId: 's1', externalNo: null, dealer: 'D001', flags: [] })
  })

  test('may have happened at the very instant of registration or of logging', () => {
    const story = given(on('2026-03-02 10:00', ...unhandled))
    for (const time of ['2026-03-02 10:00', at]) {
      const occurredAt = instant(time)
      story.when(contact(at, { occurredAt })).then(contacted({ occurredAt }))
    }
  })
})

describe('a contact is refused', () => {
  test('on a completed ticket: a complaint is registered instead', () => {
    given(...unhandled, responded(), closed())
      .when(contact(at))
      .thenRefused('contact_on_completed')
  })

  test.each([rescinded(), markedDuplicate()])('on a ticket that is over: $type', (over) => {
    given(...unhandled, over)
      .when(contact(at))
      .thenRefused('ticket_is_over')
  })

  test('one millisecond in the future', () => {
    given(...unhandled)
      .when(contact(at, { actor: of('csc_system'), occurredAt: instant('2026-03-02 11:00:00.001') }))
      .thenRefused('future_instant', '#/occurredAt')
  })

  test('one millisecond before registration', () => {
    given(...unhandled)
      .when(contact(at, { actor: of('csc_system'), occurredAt: instant('2026-03-02 09:59:59.999') }))
      .thenRefused('before_registration', '#/occurredAt')
  })
})
