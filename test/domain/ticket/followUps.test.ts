import { describe, expect, test } from '@jest/globals'
import { type TicketEvent, ticketOfStream, ticketStream } from '../../../domain/ticket/events.ts'
import { followUpOf } from '../../../domain/ticket/followUps.ts'
import { given, instant, of, sealed, ticketAfter } from '../../support/given.ts'
import {
  becomeDuplicate,
  becomeRepeat,
  ceaseToBeRepeat,
  linkRepeat,
  loseRepeat,
  markDuplicate,
  rescind,
  unlinkRepeat,
} from './commands.ts'
import * as happened from './events.ts'

const { registered, dispatched, responded, closed, repeatLinked, registration } = happened
const { calledBack, ceasedToBeRepeat, duplicateAbsorbed, markedDuplicate, repeatUnlinked } = happened

const follows = (event: TicketEvent) => followUpOf('T1', event)

describe('what must follow on the other ticket', () => {
  test('a repeat opened at intake is registered', () => {
    const repeat = registration({ ticketNo: 'T2', ordinal: 2, escalatedFrom: 'T1' })
    expect(follows(repeatLinked({ registration: repeat, text: null }))).toEqual({
      ticketNo: 'T2',
      command: { type: 'Register', registration: repeat },
    })
  })

  test('a repeat linked by hand becomes one', () => {
    expect(follows(repeatLinked())).toEqual({
      ticketNo: 'T2',
      command: { type: 'BecomeRepeat', of: 'T1', ordinal: 2 },
    })
  })

  test('a link withdrawn by the earlier ticket is withdrawn by the later, and that answer ends it', () => {
    expect(follows(repeatUnlinked())).toEqual({
      ticketNo: 'T2',
      command: { type: 'CeaseToBeRepeat', of: 'T1' },
    })
    expect(follows(ceasedToBeRepeat({ echo: true }))).toBeNull()
  })

  test('a link withdrawn by the later ticket is withdrawn by the earlier, and that answer ends it', () => {
    expect(follows(ceasedToBeRepeat())).toEqual({
      ticketNo: 'T0',
      command: { type: 'LoseRepeat', repeat: 'T1' },
    })
    expect(follows(repeatUnlinked({ echo: true }))).toBeNull()
  })

  test('the calls of a duplicate are taken over by its survivor, and that answer ends it', () => {
    expect(follows(markedDuplicate({ calls: 3 }))).toEqual({
      ticketNo: 'T9',
      command: { type: 'AbsorbDuplicate', duplicate: 'T1', calls: 3, text: sealed('duplicate') },
    })
    expect(follows(duplicateAbsorbed({ echo: true }))).toBeNull()
  })

  test('in a log where the survivor came first, the duplicate is marked, and that answer ends it', () => {
    expect(follows(duplicateAbsorbed())).toEqual({
      ticketNo: 'T2',
      command: { type: 'BecomeDuplicate', of: 'T1', text: sealed('duplicate') },
    })
    expect(follows(markedDuplicate())).toBeNull()
  })

  test('a duplicate undone is released by its survivor; one that the survivor refused is not', () => {
    expect(follows(happened.duplicateUndone())).toEqual({
      ticketNo: 'T9',
      command: { type: 'ReleaseDuplicate', duplicate: 'T1' },
    })
    expect(follows(happened.duplicateUndone({ text: null, refused: happened.refused }))).toBeNull()
  })

  test('a callback that registers a complaint does so, with its number and note', () => {
    const said = { outcome: 'dissatisfied', sameProblem: true, registersRepeat: true } as const
    expect(follows(calledBack({ ...said, repeatExternalNo: 'X-9' }))).toEqual({
      ticketNo: 'T1',
      command: { type: 'RegisterFromCallback', externalNo: 'X-9', text: sealed('callback') },
    })
    expect(follows(calledBack())).toBeNull()
  })

  test('nothing follows anything else', () => {
    const others = [
      registered(),
      dispatched(),
      happened.redispatched(),
      happened.reclassified(),
      responded(),
      happened.worked('measure'),
      happened.contacted(),
      closed(),
      happened.becameRepeat(),
      happened.rescinded(),
      markedDuplicate(),
      happened.duplicateReleased(),
      happened.callbackWithdrawn(),
      happened.followUpClosed(),
      happened.responsibleNamed(),
      happened.convertedToC(),
      happened.warned(),
      happened.acknowledged(),
      happened.resolved(),
      happened.recalculated(),
    ]
    expect(others.map(follows)).toEqual(others.map(() => null))
  })
})

describe('both halves together', () => {
  const at = '2026-03-05 10:00'
  const completed = [registered(), dispatched(), responded(), closed()]
  const T2 = [registered({ ticketNo: 'T2', escalatedFrom: 'T1', ordinal: 2 }), happened.toRbo()]

  test('rescinding the repeat frees the earlier ticket', () => {
    given(...T2)
      .when(rescind(at))
      .then(happened.rescinded(), ceasedToBeRepeat({ of: 'T1' }))
    const freed = given(...completed, repeatLinked()).when(loseRepeat(at))
    freed.then(repeatUnlinked({ echo: true, text: null }))
    expect(freed.ticket()).toMatchObject({ escalatedTo: null, repeatLinkedAt: null })
  })

  test('an unlink by hand is answered once', () => {
    given(...completed, repeatLinked())
      .when(unlinkRepeat(at))
      .then(repeatUnlinked())
    given(...T2)
      .when(ceaseToBeRepeat(at, { of: 'T1' }))
      .then(ceasedToBeRepeat({ of: 'T1', echo: true }))
  })

  test('a second half done twice is done once', () => {
    given(...completed, repeatLinked(), repeatUnlinked({ echo: true }))
      .when(loseRepeat(at))
      .thenNothing()
    given(...T2, ceasedToBeRepeat({ of: 'T1', echo: true }))
      .when(ceaseToBeRepeat(at, { of: 'T1' }))
      .thenNothing()
    given(...T2, markedDuplicate())
      .when(becomeDuplicate(at))
      .thenNothing()
  })

  test('the first half is refused before either ticket changes', () => {
    const T3 = ticketAfter(registered({ ticketNo: 'T3' }), dispatched())
    given(registered(), dispatched()).when(linkRepeat(at, T3)).thenRefused('wrong_state')
    given(...completed)
      .when(
        markDuplicate(at, ticketAfter(registered({ ticketNo: 'T3' }), dispatched(), happened.rescinded())),
      )
      .thenRefused('ticket_not_usable', '#/ticketNo')
  })
})

test('a ticket’s stream is named after it, and tells it again', () => {
  expect(ticketStream('T1')).toBe('ticket-T1')
  expect([ticketOfStream('ticket-T1'), ticketOfStream('dealer-D001')]).toEqual(['T1', null])
})

describe('a second half that is refused', () => {
  const at = '2026-03-05 10:00'
  const refused = happened.refused
  const completed = [registered(), dispatched(), responded(), closed()]
  const withdrawing = (event: TicketEvent, recordedAt = '2026-03-02 10:00') =>
    given(...completed, event).when({
      type: 'WithdrawFirstHalf',
      now: instant(at),
      actor: of('csr'),
      event: { ...event, id: 'e1', recordedAt: instant(recordedAt) },
      refused,
    })

  test('withdraws the link: first time counts again', () => {
    const taken = withdrawing(repeatLinked())
    taken.then(repeatUnlinked({ echo: true, text: null, refused }))
    expect(taken.ticket()).toMatchObject({ escalatedTo: null, repeatLinkedAt: null })
  })

  test('withdraws the mark: the ticket is as before', () => {
    const taken = withdrawing(markedDuplicate({ calls: 1 }))
    taken.then(happened.duplicateUndone({ text: null, refused }))
    expect(taken.ticket()).toMatchObject({ state: 'completed', duplicateOf: null })
  })

  test('withdraws what a survivor took over first', () => {
    const taken = withdrawing(duplicateAbsorbed({ calls: 2 }))
    taken.then(happened.duplicateReleased({ calls: 2, refused }))
    expect(taken.ticket()).toMatchObject({ calls: 0, absorbed: [] })
  })

  test('withdraws the callback whose complaint it was, and no other', () => {
    const taken = given(...completed, calledBack({ outcome: 'unreachable' }), calledBack()).when({
      type: 'WithdrawFirstHalf',
      now: instant(at),
      actor: of('csr'),
      event: { ...calledBack(), id: 'e1', recordedAt: instant('2026-03-02 10:00') },
      refused,
    })
    taken.then(happened.callbackWithdrawn({ refused }))
    expect(taken.ticket().callbacks.map(({ outcome }) => outcome)).toEqual(['unreachable'])
  })

  test('closes the first half where it was taken back meanwhile, or asks for nothing that can be refused', () => {
    given(...completed, repeatLinked(), repeatUnlinked())
      .when({
        type: 'WithdrawFirstHalf',
        now: instant(at),
        actor: of('csr'),
        event: { ...repeatLinked(), id: 'e1', recordedAt: instant(at) },
        refused,
      })
      .then(happened.followUpClosed())
    withdrawing(ceasedToBeRepeat()).then(happened.followUpClosed())
  })

  test('of a link is refused by the same rules as the first', () => {
    const becoming = becomeRepeat(at)
    given(...completed)
      .when(becoming)
      .thenRefused('wrong_state')
    given(registered(), dispatched(), happened.rescinded()).when(becoming).thenRefused('ticket_is_over')
    given(registered({ escalatedFrom: 'T7', ordinal: 2 }), dispatched())
      .when(becoming)
      .thenRefused('already_a_repeat', '#/ticketNo')
    given(registered({ escalatedFrom: 'T0', ordinal: 2 }), dispatched())
      .when(becoming)
      .thenNothing()
  })
})
