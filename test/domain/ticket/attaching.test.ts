import { expect, test } from '@jest/globals'
import { mostAttachments } from '../../../domain/attachments/attachments.ts'
import { given, of, on } from '../../support/given.ts'
import { attach, detach } from './commands.ts'
import * as happened from './events.ts'

const { registered, dispatched, attached, detached, attachmentId } = happened
const at = '2026-03-02 11:00'
const idOf = (number: number): string => `11111111-1111-4111-8111-${String(number).padStart(12, '0')}`

test('an attachment is kept with who added it and when; a completed ticket takes one too', () => {
  given(registered(), dispatched()).when(attach(at)).then(attached())
  const { attachments } = given(registered(), dispatched(), on('2026-03-02 10:30', attached()))
    .when(attach(at, { attachmentId: idOf(2) }))
    .ticket()
  expect(attachments.map(({ attachmentId: id, addedAt }) => [id, addedAt])).toEqual([
    [attachmentId, '2026-03-02T02:30:00.000Z'],
    [idOf(2), '2026-03-02T03:00:00.000Z'],
  ])
  given(registered(), dispatched(), happened.responded(), happened.closed()).when(attach(at)).then(attached())
})

test('there are 50 at most at a time; one that is removed makes room', () => {
  const full = Array.from({ length: mostAttachments }, (_, index) => attached({ attachmentId: idOf(index) }))
  given(registered(), dispatched(), ...full)
    .when(attach(at))
    .thenRefused('too_many_attachments')
  given(registered(), dispatched(), ...full, detached({ attachmentId: idOf(7) }))
    .when(attach(at))
    .then(attached())
})

test('is removed once, and by its id', () => {
  given(registered(), dispatched(), attached()).when(detach(at)).then(detached())
  given(registered(), dispatched(), attached(), detached())
    .when(detach(at))
    .thenRefused('attachment_not_found')
  given(registered(), dispatched()).when(detach(at)).thenRefused('attachment_not_found')
})

test('a rescinded or duplicate ticket takes none, and lets none go', () => {
  for (const over of [happened.rescinded(), happened.markedDuplicate()]) {
    given(registered(), dispatched(), attached(), over).when(attach(at)).thenRefused('ticket_is_over')
    given(registered(), dispatched(), attached(), over).when(detach(at)).thenRefused('ticket_is_over')
  }
})

test('who sees no personal data adds none, and only supervisor and SA remove', () => {
  for (const role of ['hq_sales', 'admin', 'auditor'] as const)
    given(registered(), dispatched())
      .when(attach(at, { actor: of(role) }))
      .thenRefused('role_not_allowed')
  for (const role of ['csr', 'se', 'se_media'] as const)
    given(registered(), dispatched(), attached())
      .when(detach(at, { actor: of(role) }))
      .thenRefused('role_not_allowed')
})
