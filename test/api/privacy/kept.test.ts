/** What is kept of customers, and where: the table is whole (rulebook §17). */
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { kept, keptIn } from '../../../api/commands/subjects/kept.ts'
import { idleBefore } from '../../../api/commands/subjects/retention.ts'
import { type EventGroup, eventGroups, eventSchemas } from '../../../domain/storedEvents.ts'

const groups = Object.keys(eventGroups) as EventGroup[]

/** Fields of a group's events that hold sealed text, or say whose they are. */
const personalFields = (group: EventGroup): string[] =>
  Object.entries(eventGroups[group]).flatMap(([type, schema]) => {
    const json = JSON.stringify(z.toJSONSchema(schema as z.ZodType, { unrepresentable: 'any' }))
    return /\^v1\\\\\.|"subjectId"/.test(json) ? [type] : []
  })

describe('the table of what is kept', () => {
  it('has an entry for every kind of stream whose events speak of a customer', () => {
    const silent = groups.filter((group) => keptIn[group].length === 0 && personalFields(group).length > 0)
    // what is kept while items are entered, an endpoint's secret, which is nobody's, and the erasures themselves
    expect(silent).toEqual(['voiceBatch', 'webhook', 'subject'])
    expect(groups.filter((group) => keptIn[group].length > 0)).toEqual([
      'ticket',
      'inquiry',
      'sms',
      'voice',
      'care',
    ])
  })

  it('finds sealed text by its schema', () => {
    expect(personalFields('ticket')).toContain('TicketCorrected')
    expect(personalFields('inquiry')).toContain('InquiryRelayed')
    expect(personalFields('dealer')).toEqual([])
  })

  it('names each kind of record once, and every event is in one group', () => {
    const names = kept.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const types = groups.flatMap((group) => Object.keys(eventGroups[group]))
    expect(types.toSorted()).toEqual(Object.keys(eventSchemas).toSorted())
    expect(new Set(types).size).toBe(types.length)
  })
})

describe('the instant before which a customer’s last ticket ended', () => {
  it('is the same day so many years ago, and 1 March where that year has no 29 February', () => {
    expect(idleBefore('2036-03-04T02:00:00.000Z', 10)).toBe('2026-03-04T02:00:00.000Z')
    expect(idleBefore('2036-02-29T02:00:00.000Z', 10)).toBe('2026-03-01T02:00:00.000Z')
  })
})
