import { expect, test } from '@jest/globals'
import type { LetterKind } from '../../../domain/codes.ts'
import { dealer, given, of, rbo, sealed } from '../../support/given.ts'
import { writeLetter } from './commands.ts'
import * as happened from './events.ts'

const { registered, dispatched, letterWritten, toMedia } = happened
const at = '2026-03-02 11:00'
const bTicket = [registered({ category: 'B4', level: 'B', source: 'media' }), toMedia()]

test('a letter to the customer is signed by the holder, and numbered from 1', () => {
  given(registered(), dispatched()).when(writeLetter(at)).then(letterWritten())
  given(registered(), dispatched(), letterWritten())
    .when(writeLetter(at, { text: sealed('second') }))
    .then(letterWritten({ number: 2, text: sealed('second') }))
})

test.each<[string, LetterKind]>([
  ['a medium', 'media'],
  ['an authority', 'authority'],
])('a letter to %s is signed by the desk whose role writes it', (_, kind) => {
  const letter = { kind, text: sealed('letter') }
  given(...bTicket)
    .when(writeLetter(at, { ...letter, actor: of('se_media') }))
    .then(letterWritten({ ...letter, from: { tier: 'se_media', unit: 'SE_MEDIA' } }))
  given(...bTicket)
    .when(writeLetter(at, { ...letter, actor: of('sa') }))
    .then(letterWritten({ ...letter, from: { tier: 'sa', unit: 'SA' } }))
})

test('of the holder’s customer letter the brand is no writer, and of official letters the holder is none', () => {
  for (const actor of [of('se_media'), dealer('D002'), rbo()])
    given(registered(), dispatched()).when(writeLetter(at, { actor })).thenRefused('not_the_holder')
  for (const actor of [of('sa'), of('csr'), of('hq_sales')])
    given(registered(), dispatched()).when(writeLetter(at, { actor })).thenRefused('role_not_allowed')
  for (const actor of [dealer(), rbo(), of('se'), of('csr_media')])
    given(registered(), dispatched())
      .when(writeLetter(at, { actor, kind: 'media' }))
      .thenRefused('role_not_allowed')
})

test('a completed ticket takes a letter; a rescinded or duplicate one does not', () => {
  const handled = [registered(), dispatched(), happened.responded()]
  given(...handled, happened.closed())
    .when(writeLetter(at))
    .then(letterWritten())
  given(...handled, happened.rescinded())
    .when(writeLetter(at))
    .thenRefused('ticket_is_over')
  given(...handled, happened.markedDuplicate())
    .when(writeLetter(at))
    .thenRefused('ticket_is_over')
})

test('is no response and no feedback: state, clocks and units stay as they were', () => {
  const before = given(registered(), dispatched()).when(writeLetter(at)).ticket()
  expect(before).toMatchObject({ state: 'unhandled', calls: 0, letters: 1, warnings: [] })
  expect(before.assignments[0].respondedAt).toBeNull()
})
