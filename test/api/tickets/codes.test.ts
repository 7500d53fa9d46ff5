import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { problems } from '../../../api/http/problemCodes.ts'
import { one, type Scenario, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
let codes: Json
beforeAll(async () => {
  s = await startScenario()
  codes = (await s.get('codes', one('dealer', { dealer: 'D001' }))).body
})
afterAll(() => s.service.close())

const names = (list: string) => codes[list].map(({ code }: Json) => code).join(' ')

describe('GET /v1/codes', () => {
  it.each([
    ['levels', 'A B C'],
    ['states', 'unhandled in_progress completed rescinded duplicate'],
    ['channels', 'phone letter fax email visit web'],
    ['sources', 'website consumer_association media authority internal_transfer'],
    ['flags', 'no_contact agitated media hq_special'],
    ['warningCodes', 'W1 W2 W3 W4 W5 W6'],
    ['methods', 'phone visit message email'],
    ['callbackOutcomes', 'satisfied dissatisfied unreachable declined'],
    ['verdicts', 'met failed pending'],
    ['tiers', 'dealer rbo se se_media sa'],
    ['categories', 'A4a A4b A4c A4d A4e A4f A4g A4y A4z B4 C4'],
    [
      'kinds',
      'investigation plan_proposed plan_agreed plan_declined measure gm_informed rbo_support_requested major_issue_reported written_report consumer_informed hq_feedback media_feedback',
    ],
  ])('has the %s of the contract', (list, expected) => {
    expect(names(list)).toBe(expected)
  })

  it('has a label in both languages for each', () => {
    for (const list of Object.values<Json[]>(codes))
      for (const { label } of list) {
        expect(label.en).toMatch(/[a-z]/i)
        expect(label['zh-CN']).toMatch(/\p{Script=Han}/u)
      }
  })

  it('says who gets a complaint of a category first, second and third', () => {
    const tiers = Object.fromEntries(codes.categories.map((each: Json) => [each.code, each.tiers?.join(' ')]))
    expect(tiers).toEqual({
      A4a: 'dealer rbo se',
      A4b: 'rbo se se',
      A4c: 'rbo se se',
      A4d: 'dealer rbo se',
      A4e: 'dealer rbo se',
      A4f: 'dealer rbo se',
      A4g: 'dealer rbo se',
      A4y: 'se se se',
      A4z: 'rbo se se',
      B4: 'se_media se_media se_media',
      C4: undefined,
    })
  })

  it('has every code a problem may have, with its status', () => {
    expect(codes.problems.map(({ code, status }: Json) => [code, status])).toEqual(
      Object.entries(problems).map(([code, { status }]) => [code, status]),
    )
  })
})
