import { describe, expect, test } from '@jest/globals'
import { roles } from '../../domain/authority.ts'
import * as codes from '../../domain/codes.ts'
import { routes } from '../../domain/ticket/routing.ts'

/** The closed lists, as rulebook and `api.md` name them. */
const lists: [string, Record<string, { en: string; zh: string }>, { options: readonly string[] }, string][] =
  [
    ['levels', codes.levels, codes.levelSchema, 'A B C'],
    ['tiers', codes.tiers, codes.tierSchema, 'dealer rbo se se_media sa'],
    ['states', codes.states, codes.stateSchema, 'unhandled in_progress completed rescinded duplicate'],
    ['channels', codes.channels, codes.channelSchema, 'phone letter fax email visit web'],
    [
      'sources',
      codes.sources,
      codes.sourceSchema,
      'website consumer_association media authority internal_transfer',
    ],
    ['flags', codes.flags, codes.flagSchema, 'no_contact agitated media hq_special'],
    ['warning codes', codes.warningCodes, codes.warningCodeSchema, 'W1 W2 W3 W4 W5 W6'],
    ['methods', codes.methods, codes.methodSchema, 'phone visit message email'],
    [
      'record kinds',
      codes.recordKinds,
      codes.recordKindSchema,
      'investigation plan_proposed plan_agreed plan_declined measure gm_informed rbo_support_requested major_issue_reported written_report consumer_informed hq_feedback media_feedback',
    ],
    [
      'callback outcomes',
      codes.callbackOutcomes,
      codes.callbackOutcomeSchema,
      'satisfied dissatisfied unreachable declined',
    ],
    [
      'inquiry states',
      codes.inquiryStates,
      codes.inquiryStateSchema,
      'open forwarded answered closed withdrawn',
    ],
    ['verdicts', codes.verdicts, codes.verdictSchema, 'met failed pending'],
  ]

describe.each(lists)('%s', (_, words, schema, expected) => {
  test('are those of the contract', () => {
    expect(Object.keys(words)).toEqual(expected.split(' '))
    expect(schema.options).toEqual(expected.split(' '))
  })

  test('have a label in both languages, no two alike', () => {
    const labels = Object.values(words)
    expect(new Set(labels.map(({ en }) => en)).size).toBe(labels.length)
    expect(new Set(labels.map(({ zh }) => zh)).size).toBe(labels.length)
    expect(labels.filter(({ en, zh }) => en.trim() === '' || !/\p{Script=Han}|类/u.test(zh))).toEqual([])
  })
})

test('a ticket is held by any tier but the SA', () => {
  expect(codes.holderTierSchema.options).toEqual(['dealer', 'rbo', 'se', 'se_media'])
})

test('categories and roles have a label in both languages', () => {
  const labels = [...Object.values(routes).map(({ label }) => label), ...Object.values(roles)]
  expect(labels.filter(({ en, zh }) => en.trim() === '' || zh.trim() === '')).toEqual([])
})

test('every state is open, completed or over', () => {
  expect(codes.openStates).toEqual(['unhandled', 'in_progress'])
  expect(codes.overStates).toEqual(['rescinded', 'duplicate'])
  expect(codes.stateSchema.options.filter(codes.isOpenState)).toEqual(codes.openStates)
  expect(codes.stateSchema.options.filter(codes.isOverState)).toEqual(codes.overStates)
})

test('every list with labels is one of the lists that GET /v1/codes gives', () => {
  const listed: readonly object[] = Object.values(codes.codeLists)
  const isLabelled = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Object.values(value).some((each) => 'zh' in Object(each))
  const forgotten = Object.entries(codes).filter(
    ([, value]) => isLabelled(value) && !listed.includes(value as object),
  )
  expect(forgotten.map(([name]) => name)).toEqual([])
})
