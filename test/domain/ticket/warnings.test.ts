import { describe, expect, test } from '@jest/globals'
import type { Flag, WarningCode } from '../../../domain/codes.ts'
import { currentAssignment, currentWarnings } from '../../../domain/ticket/state.ts'
import { given, givenWith, instant, masterWith, on, start } from '../../support/given.ts'
import { becomeRepeat, byChannel, contact, redispatch, respond } from './commands.ts'
import {
  becameRepeat,
  clocks,
  contacted,
  convertedToC,
  dispatched,
  redispatched,
  registered,
  resolved,
  responded,
  toMedia,
  toRbo,
  warned,
} from './events.ts'

const at = '2026-03-02 11:00'
const ackDueAt = instant('2026-03-02 13:00')
const unhandled = [registered(), dispatched()]
const inProgress = [...unhandled, responded()]
const calls = (count: number) => Array.from({ length: count }, () => contacted())
const W1 = warned({ ackDueAt })
const W2 = warned({ code: 'W2', ackDueAt })

describe('W1: unhandled and the customer has called 2 times or more', () => {
  test('the first follow-up call raises none: the originating call is excluded', () => {
    given(...unhandled)
      .when(contact(at))
      .then(contacted())
  })

  test('the second raises it', () => {
    given(...unhandled, ...calls(1))
      .when(contact(at))
      .then(contacted(), W1)
  })

  test('other channels do not count', () => {
    for (const channel of ['letter', 'fax', 'email', 'visit', 'web'] as const)
      given(...unhandled, ...calls(1))
        .when(byChannel(at, channel))
        .then(contacted({ channel }))
  })

  test('is no matter of a ticket in progress', () => {
    given(...inProgress, ...calls(1))
      .when(contact(at))
      .then(contacted())
  })

  test('goes by the policy', () => {
    givenWith(masterWith({ warnCalls: { W1: 1, W2: 1 } }), ...unhandled)
      .when(contact(at))
      .then(contacted(), W1)
  })
})

describe('W2: in progress and 3 times or more', () => {
  test('the third follow-up call raises it, the second does not', () => {
    given(...inProgress, ...calls(1))
      .when(contact(at))
      .then(contacted())
    given(...inProgress, ...calls(2))
      .when(contact(at))
      .then(contacted(), W2)
  })

  test('calls count over the ticket’s life, those while it was unhandled too', () => {
    given(...unhandled, ...calls(2), responded())
      .when(contact(at))
      .then(contacted(), W2)
  })
})

describe('W3 to W6: what the customer says', () => {
  const flags: [Flag, WarningCode, string, string][] = [
    ['no_contact', 'W3', 'rbo', 'EAST'],
    ['agitated', 'W4', 'rbo', 'EAST'],
    ['media', 'W5', 'se', 'SE'],
    ['hq_special', 'W6', 'se', 'SE'],
  ]
  test.each(flags)('flag %s raises %s on a contact of any channel', (flag, code, tier, unit) => {
    for (const history of [unhandled, inProgress])
      for (const channel of ['phone', 'letter', 'web'] as const)
        given(...history)
          .when(contact(at, { channel, flags: [flag] }))
          .then(
            contacted({ channel, flags: [flag] }),
            warned({ code, ackDueAt, sentTo: { tier, unit } as never }),
          )
  })

  test('several flags raise several warnings, each once, after the calls’ own', () => {
    const said: Flag[] = ['hq_special', 'no_contact', 'no_contact']
    given(...unhandled, ...calls(1))
      .when(contact(at, { flags: said }))
      .then(
        contacted({ flags: said }),
        W1,
        warned({ warningId: 'T1-2', code: 'W3', ackDueAt }),
        warned({ warningId: 'T1-3', code: 'W6', sentTo: { tier: 'se', unit: 'SE' }, ackDueAt }),
      )
  })
})

describe('calls are judged', () => {
  test('on every change of state: a response to a ticket called about 3 times raises W2', () => {
    given(...unhandled, ...calls(3), warned())
      .when(respond(at))
      .then(responded(), warned({ warningId: 'T1-2', code: 'W2', ackDueAt }))
  })

  test('on every new assignment: a redispatch raises W1 at the new holder', () => {
    given(...unhandled, ...calls(2), warned())
      .when(redispatch(at))
      .then(
        redispatched(),
        dispatched({ unit: 'D002', dealer: 'D002', clocks: clocks({ responseDueAt: ackDueAt }) }),
        warned({ warningId: 'T1-2', from: { tier: 'dealer', unit: 'D002' }, ackDueAt }),
      )
  })

  test('on the new assignment of a repeat link', () => {
    given(...inProgress, ...calls(2))
      .when(becomeRepeat(at))
      .then(
        becameRepeat(),
        toRbo({ clocks: clocks({ responseDueAt: ackDueAt }) }),
        warned({ from: { tier: 'rbo', unit: 'EAST' }, sentTo: { tier: 'se', unit: 'SE' }, ackDueAt }),
      )
  })

  test('but not on a second response, which changes no state', () => {
    given(...inProgress, ...calls(3))
      .when(respond(at))
      .then(responded({ countsFor: null }))
  })

  test('but not on a contact that is no call, though the policy’s number has become smaller', () => {
    givenWith(masterWith({ warnCalls: { W1: 1, W2: 1 } }), ...unhandled, ...calls(1))
      .when(byChannel(at, 'email'))
      .then(contacted({ channel: 'email' }))
  })
})

describe('at most one open warning per code and assignment', () => {
  test('later calls attach to it', () => {
    given(...unhandled, ...calls(2), warned())
      .when(contact(at))
      .then(contacted())
    given(...unhandled, warned({ code: 'W4' }))
      .when(contact(at, { flags: ['agitated'] }))
      .then(contacted({ flags: ['agitated'] }))
  })

  test('one open of another code hinders nothing', () => {
    given(...unhandled, ...calls(1), warned({ code: 'W4' }))
      .when(contact(at))
      .then(contacted(), warned({ warningId: 'T1-2', ackDueAt }))
  })

  test('once resolved, the next qualifying call raises a new one', () => {
    given(...unhandled, ...calls(2), warned(), resolved())
      .when(contact(at))
      .then(contacted(), warned({ warningId: 'T1-2', ackDueAt }))
  })

  test('after resolving, W1 and W2 arise on a phone call only, not by a change of state', () => {
    given(...unhandled, ...calls(3), warned({ code: 'W2', byHand: true }), resolved())
      .when(respond(at))
      .then(responded())
    given(...unhandled, ...calls(2), warned(), resolved())
      .when(byChannel(at, 'email'))
      .then(contacted({ channel: 'email' }))
  })

  test('after resolving, W3 to W6 arise on the next flagged contact of any channel', () => {
    const history = [...unhandled, warned({ code: 'W3' }), resolved()]
    given(...history)
      .when(contact(at, { channel: 'fax', flags: ['no_contact'] }))
      .then(
        contacted({ channel: 'fax', flags: ['no_contact'] }),
        warned({ warningId: 'T1-2', code: 'W3', ackDueAt }),
      )
    given(...history)
      .when(contact(at))
      .then(contacted())
  })

  test('a new assignment starts with no open warnings, and flags of the one before do not come along', () => {
    const moved = given(...unhandled, warned({ code: 'W4' }))
      .when(redispatch(at))
      .ticket()
    expect(currentWarnings(moved)).toEqual([])
    expect(moved.warnings).toMatchObject([{ code: 'W4', assignment: 1, resolvedAt: null }])
  })

  test('so on a new assignment a flag raises its warning again', () => {
    given(...unhandled, warned({ code: 'W4' }), on(start, toRbo()))
      .when(contact(at, { flags: ['agitated'] }))
      .then(
        contacted({ flags: ['agitated'] }),
        warned({
          warningId: 'T1-2',
          code: 'W4',
          from: { tier: 'rbo', unit: 'EAST' },
          sentTo: { tier: 'se', unit: 'SE' },
          ackDueAt,
        }),
      )
  })
})

test('a warning never changes holder, clocks, level or state', () => {
  const without = given(...unhandled, ...calls(1))
    .when(byChannel(at, 'email'))
    .ticket()
  const warnedOf = given(...unhandled, ...calls(1))
    .when(contact(at))
    .ticket()
  expect(warnedOf.warnings).toHaveLength(1)
  expect(currentAssignment(warnedOf)).toEqual(currentAssignment(without))
  expect([warnedOf.state, warnedOf.level]).toEqual([without.state, without.level])
})

test('a C ticket warns as a B ticket does', () => {
  given(registered({ category: 'B4', level: 'B' }), toMedia(), convertedToC(), ...calls(1))
    .when(contact(at))
    .then(
      contacted(),
      warned({ from: { tier: 'se_media', unit: 'SE_MEDIA' }, sentTo: { tier: 'sa', unit: 'SA' }, ackDueAt }),
    )
})
