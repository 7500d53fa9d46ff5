import { describe, expect, it } from '@jest/globals'
import { Refusal } from '../../domain/refusal.ts'
import { decideErasure, type EraseSubject, evolveErasure, type SubjectEvent } from '../../domain/subject.ts'

const command = (more: Partial<EraseSubject> = {}): EraseSubject => ({
  type: 'EraseSubject',
  subjectId: 's',
  reason: 'asked by the customer',
  open: null,
  ...more,
})
const openTicket = { code: 'subject_has_open_ticket', params: { ticketNo: 'T260302-00001' } } as const
const recording = { recordedAt: '2026-03-02T02:00:00.000Z' as const, actor: { id: 'sa' } }

describe('erasing a customer (rulebook §17)', () => {
  it('leaves an event that names the subject and the reason only', () => {
    expect(decideErasure(null, command())).toEqual([
      { type: 'SubjectErased', data: { subjectId: 's', reason: 'asked by the customer' } },
    ])
  })

  it('is refused while a ticket is open', () => {
    const erase = () => decideErasure(null, command({ open: openTicket }))
    expect(erase).toThrow(Refusal)
    expect(erase).toThrow('Ticket T260302-00001 of this customer is open')
  })

  it('is refused while an inquiry is open', () => {
    const open = { code: 'subject_has_open_inquiry', params: { inquiryNo: 'Q260302-00001' } } as const
    expect(() => decideErasure(null, command({ open }))).toThrow(
      'Inquiry Q260302-00001 of this customer is open',
    )
  })

  it('happens once, and the first reason stays', () => {
    const event = JSON.parse('{"type":"SubjectErased","data":{"subjectId":"s","reason":"first"}}')
    const state = evolveErasure(null, event as SubjectEvent, recording)
    expect(decideErasure(state, command({ open: openTicket }))).toEqual([])
    expect(evolveErasure(state, event as SubjectEvent, recording)).toEqual({
      subjectId: 's',
      reason: 'first',
      erasedAt: '2026-03-02T02:00:00.000Z',
      erasedBy: 'sa',
    })
  })
})
