import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { one, problemOf, refused, sa } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import {
  assessment,
  does,
  freezable,
  put,
  type Quarter,
  standings,
  startUnsettled,
  write,
} from './settling.ts'

let s: Quarter
beforeEach(async () => {
  s = await startUnsettled()
  s.go(freezable)
})
afterEach(() => s.service.close())

const decision = { rbo: 'EAST', rewarded: ['D015'], reason: '客户满意度' }
const ofTied = (body: Json): Json => {
  const { D014, D015 } = standings(body)
  return { D014, D015 }
}
const unresolved = { D014: [50, 5, 'tie_unresolved', 0], D015: [50, 5, 'tie_unresolved', 0] }
const decided = { D014: [50, 5, 'none', 0], D015: [50, 5, 'reward', 10_000] }

describe('HQ’s decision on a tie', () => {
  it('gives the free seats to those it names, in a new revision', async () => {
    const first = await does(s, 'freeze')
    expect(ofTied(first)).toEqual(unresolved)
    const second = await does(s, 'decide-tie', decision)
    expect(second).toMatchObject({ status: 'frozen', revision: 2 })
    expect(ofTied(second)).toEqual(decided)
    expect(await assessment(s, '2026Q1?revision=1')).toEqual(first)
  })

  it('is about the newest revision as it was: what came since shows only in a revision of its own', async () => {
    const first = await does(s, 'freeze')
    s.go('2026-04-24 10:00')
    await s.does(s.openOfD014, 'rescind', { reason: '误登记' }, sa)
    await put(s, 'dealers/D015/deliveries/2026Q1', { count: 7 })
    const second = await does(s, 'decide-tie', decision)
    expect(ofTied(second)).toEqual(decided)
    const { D014: _a, D015: _b, ...others } = standings(second)
    expect(standings(first)).toMatchObject(others)
    // now D014 has 100 points, and deliveries of nobody knows how many cars
    expect(ofTied(await does(s, 'revise', { reason: '更正' }))).toEqual({
      D014: [100, 1, 'reward', 10_000],
      D015: [50, 6, 'none', 0],
    })
  })

  it('is kept by later revisions while the tied set is the same', async () => {
    await does(s, 'freeze')
    await does(s, 'decide-tie', decision)
    await s.does(s.ofD002, 'rescind', { reason: '误登记' }, sa)
    expect(ofTied(await does(s, 'revise', { reason: '更正' }))).toEqual(decided)
    expect((await write(s, 'decide-tie', decision)).body.code).toBe('no_tie')
  })

  it('falls with another tied set, and counts again when that is gone', async () => {
    await does(s, 'freeze')
    await does(s, 'decide-tie', decision)
    await put(s, 'dealers/D014/deliveries/2026Q1', { count: 3 })
    await put(s, 'dealers/D015/deliveries/2026Q1', { count: 2 })
    expect(ofTied(await does(s, 'revise', { reason: '交车数' }))).toEqual({
      D014: [50, 5, 'reward', 10_000],
      D015: [50, 6, 'none', 0],
    })
    expect(problemOf(await write(s, 'decide-tie', decision))).toEqual(
      refused(409, 'no_tie', ['body', '#/rbo']),
    )
    await put(s, 'dealers/D015/deliveries/2026Q1', { count: 3 })
    expect(ofTied(await does(s, 'revise', { reason: '交车数更正' }))).toEqual(decided)
  })

  it('is refused where it is none', async () => {
    await does(s, 'freeze')
    const head = await s.head()
    const wrong: [Json, ReturnType<typeof refused>][] = [
      [{ rbo: 'NORTH' }, refused(409, 'no_tie')],
      [{ rbo: 'NOWHERE' }, refused(409, 'no_tie')],
      [{ rewarded: ['D001'] }, refused(422, 'not_in_tie', ['body', '#/rewarded/0'])],
      [{ rewarded: ['D015', 'D002'] }, refused(422, 'not_in_tie', ['body', '#/rewarded/1'])],
      [{ rewarded: ['D014', 'D015'] }, refused(422, 'tie_seats', ['body', '#/rewarded'])],
      [{ rewarded: ['D015', 'D015'] }, refused(422, 'tie_seats', ['body', '#/rewarded'])],
      [{ rewarded: [] }, refused(400, 'invalid_request', ['body', '#/rewarded'])],
      [{ reason: ' ' }, refused(400, 'invalid_request', ['body', '#/reason'])],
      [{ reason: undefined }, refused(400, 'invalid_request', ['body', '#/reason'])],
    ]
    for (const [more, problem] of wrong) {
      const answer = await write(s, 'decide-tie', { ...decision, ...more })
      expect([more, problemOf(answer).status, problemOf(answer).code]).toEqual([
        more,
        problem.status,
        problem.code,
      ])
      if (problem.fields.length > 0) expect([more, problemOf(answer)]).toEqual([more, problem])
    }
    expect(await s.head()).toBe(head)
  })

  it('is HQ’s alone', async () => {
    await does(s, 'freeze', {}, { who: one('admin') })
    for (const role of ['admin', 'sa', 'se', 'auditor'] as const)
      expect(problemOf(await write(s, 'decide-tie', decision, { who: one(role) }))).toEqual(
        refused(403, 'role_not_allowed'),
      )
  })

  it('says why it is refused in the caller’s language', async () => {
    await does(s, 'freeze')
    const answer = await write(
      s,
      'decide-tie',
      { ...decision, rewarded: ['D014', 'D015'] },
      { headers: { 'accept-language': 'zh-CN' } },
    )
    expect(answer.body.detail).toBe('决定必须恰好指定 1 家并列经销商，且不得重复。')
  })
})
