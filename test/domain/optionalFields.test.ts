/**
 * Fields that came later are optional (CONTRIBUTING, "An event"): of each event that has some, the JSON as it was
 * written without them is still read. A new optional field needs its event here.
 */
import { describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import { type EventType, eventSchemas, eventsOf } from '../../domain/storedEvents.ts'
import { storedOf } from '../support/storedOf.ts'

const clocks =
  '"calendar":"CN","calendarVersion":3,"policyVersion":4,"responseMinutes":120,"closeWorkingDays":3,"responseDueAt":"2026-03-02T04:00:00.000Z","closeDueAt":"2026-03-05T16:00:00.000Z","provisional":false'
const registration =
  '"ticketNo":"T260302-1","externalNo":null,"subjectId":"s1","channel":"phone","source":null,"category":"A4a","ordinal":2,"receivedAt":"2026-03-02T02:00:00.000Z","flags":[],"dealer":"D001","escalatedFrom":null,"relatedTo":null,"customer":"v1.sealed","text":"v1.sealed"'
const policy =
  '"responseMinutes":{"dealer":120,"rbo":120,"se":120,"se_media":120},"closeWorkingDays":{"A":3,"B":7},"repeatWindowDays":7,"warnCalls":{"W1":2,"W2":3},"ackMinutes":120,"callback":{"days":7,"attempts":3,"hoursApart":2},"weights":{"response":30,"close":30,"firstTime":40},"rewardTop":5,"rewardAmount":10000,"penaltyBelow":40,"penaltyAmount":10000,"freezeWorkingDays":15,"rootCauses":[{"code":"other","zh":"其它","en":"Other"}]'
const inquiryClock =
  '"clock":{"dueAt":"2026-03-03T10:00:00.000Z","provisional":false,"calendar":"CN","calendarVersion":1,"policyVersion":1}'

/** As a version of the service that knew none of the optional fields wrote it. */
const withoutThem: { readonly [T in EventType]?: string } = {
  TicketRegistered: `{${registration},"level":"A","consumerNoticeDueAt":"2026-03-11T16:00:00.000Z"}`,
  TicketDispatched: `{"tier":"dealer","unit":"D001","dealer":"D001","rbo":"EAST","clocks":{${clocks}}}`,
  ContactLogged:
    '{"subjectId":"s1","channel":"phone","flags":[],"externalNo":null,"source":null,"dealer":null,"receivedAt":null,"occurredAt":null,"customer":null,"text":"v1.sealed"}',
  TicketClosed:
    '{"rootCauseCode":null,"measuresDoneAt":null,"repeatWindowEndsAt":"2026-03-10T16:00:00.000Z","callbackDueAt":"2026-03-10T16:00:00.000Z","text":"v1.sealed"}',
  CallbackRecorded:
    '{"outcome":"satisfied","sameProblem":false,"registersRepeat":false,"repeatExternalNo":null,"occurredAt":null,"text":"v1.sealed"}',
  RepeatLinked: `{"repeat":"T260302-1","ordinal":2,"registration":{${registration}},"text":null}`,
  RepeatUnlinked: '{"repeat":"T260302-1","echo":false,"text":"v1.sealed"}',
  MarkedDuplicate: '{"of":"T260302-1","text":"v1.sealed"}',
  DuplicateAbsorbed: '{"duplicate":"T260302-1","calls":2,"text":"v1.sealed"}',
  DuplicateUndone: '{"of":"T260302-1","text":"v1.sealed"}',
  DuplicateReleased: '{"duplicate":"T260302-1","calls":2}',
  ResponsibleDealerNamed: `{"dealer":"D001","rbo":"EAST","formerUnitKept":false,"clocks":{${clocks}}}`,
  WarningRaised:
    '{"warningId":"T260302-1-1","code":"W1","byHand":false,"from":{"tier":"dealer","unit":"D001"},"sentTo":{"tier":"rbo","unit":"EAST"},"ackDueAt":"2026-03-02T04:00:00.000Z","text":null}',
  DeadlinesRecalculated: `{"holder":{${clocks}},"responsibleDealer":{${clocks}},"text":"v1.sealed"}`,
  WeightChanged: '{"text":"v1.sealed"}',
  ObjectionRaised:
    '{"objectionId":"T260302-1-O1","dealer":"D001","rbo":"EAST","dispatchedAt":"2026-03-02T02:00:00.000Z","quarter":"2026Q1","measures":["close"],"text":"v1.sealed"}',
  PolicySet: `{"effectiveFrom":"2026-03-02T04:00:00.000Z",${policy}}`,
  QuarterFrozen: '{"policyVersion":4}',
  QuarterRevised: '{"policyVersion":4,"reason":"更正"}',
  TieDecided: '{"policyVersion":4,"rbo":"EAST","tied":["D001","D002"],"rewarded":["D001"],"reason":"抽签"}',
  InquiryForwarded: `{${inquiryClock},"text":null}`,
  InquiryAnswered: `{"by":"se",${inquiryClock},"text":"v1.sealed"}`,
}

/** The parts of a schema that another holds. */
const partsOf = ({ def }: z.core.$ZodType['_zod']): [string, z.core.$ZodType][] => {
  const parts = def as unknown as Record<string, unknown>
  if (def.type === 'object') return Object.entries(parts.shape as Record<string, z.core.$ZodType>)
  if (def.type === 'union') return (parts.options as z.core.$ZodType[]).map((each) => ['', each])
  const inner = [parts.innerType, parts.element, parts.in].filter((each) => each !== undefined)
  return inner.map((each) => ['', each as z.core.$ZodType])
}

/** Paths of the optional fields of a schema, `.clocks.daysOfVersion`. */
const optionalFields = (schema: z.core.$ZodType, path = ''): string[] =>
  partsOf(schema._zod).flatMap(([name, part]) => {
    const at = name === '' ? path : `${path}.${name}`
    return [...(part._zod.def.type === 'optional' ? [at] : []), ...optionalFields(part, at)]
  })

const valueAt = (value: unknown, path: string): unknown =>
  path
    .slice(1)
    .split('.')
    .reduce((found: unknown, key) => (found as Record<string, unknown> | undefined)?.[key], value)

const withOptional = Object.entries(eventSchemas).flatMap(([type, schema]) => {
  const fields = optionalFields(schema as z.core.$ZodType)
  return fields.length === 0 ? [] : [[type, fields] as [EventType, string[]]]
})

describe('an event without its optional fields', () => {
  it('has its JSON in this file', () => {
    expect(withOptional.map(([type]) => type).filter((type) => withoutThem[type] === undefined)).toEqual([])
    expect(withOptional.length).toBeGreaterThan(15)
  })

  it.each(withOptional)('%s is read', (type, fields) => {
    const data: unknown = JSON.parse(withoutThem[type]!)
    expect(fields.filter((field) => valueAt(data, field) !== undefined)).toEqual([])
    expect(eventSchemas[type].safeParse(data).error).toBeUndefined()
    expect(eventsOf([storedOf(type, data)])).toHaveLength(1)
  })
})
