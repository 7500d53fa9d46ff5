import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, dealer, one, rbo, type Scenario, sa, startScenario } from '../../support/scenario.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const li = one('dealer', { dealer: 'D001', sub: '李' })
const wang = one('dealer', { dealer: 'D001', sub: '王' })

describe('claim', () => {
  it('is shown on the ticket and in the timeline, handed over, released and cleared', async () => {
    const ticketNo = await s.register()
    expect(await s.ticket(ticketNo)).toMatchObject({ assignee: null })
    expect(await s.writes(ticketNo, 'claim', {}, li)).toMatchObject({ assignee: '李' })
    const second = await s.act(ticketNo, 'claim', {}, wang)
    expect([second.status, second.body.code]).toEqual([409, 'already_claimed'])
    expect(second.text).not.toContain('李')
    expect(await s.writes(ticketNo, 'claim', { assignee: '王' }, li)).toMatchObject({ assignee: '王' })
    expect(await s.writes(ticketNo, 'release', {}, li)).toMatchObject({ assignee: null })
    expect(await s.writes(ticketNo, 'claim', { assignee: null }, wang)).toMatchObject({ assignee: '王' })
    const { items } = (await s.get(`tickets/${ticketNo}/timeline`, li, { 'accept-language': 'zh-CN' })).body
    expect(items.slice(2).map(({ text }: { text: string }) => text)).toEqual([
      '领单：李',
      '领单：王',
      '释放领单',
      '领单：王',
    ])
    await s.does(ticketNo, 'redispatch', { tier: 'rbo', reason: '升级' }, csr)
    expect(await s.ticket(ticketNo)).toMatchObject({ assignee: null })
    const former = await s.act(ticketNo, 'claim', {}, wang)
    expect([former.status, former.body.code]).toEqual([403, 'not_the_holder'])
    expect(await s.writes(ticketNo, 'claim', {}, rbo())).toMatchObject({ assignee: 'people of EAST' })
  })

  it('of two people at once goes to one', async () => {
    const ticketNo = await s.register()
    const answers = await Promise.all([li, wang].map((who) => s.act(ticketNo, 'claim', {}, who)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  it('is a filter of the lists: mine, nobody’s, a person’s, and several', async () => {
    const [mine, his, nobodys] = [
      await s.register({ dealerCode: 'D002' }),
      await s.register({ dealerCode: 'D002' }),
      await s.register({ dealerCode: 'D002' }),
    ]
    const [me, he] = [one('dealer', { dealer: 'D002', sub: 'me-1' }), dealer('D002')]
    await s.does(mine, 'claim', {}, me)
    await s.does(his, 'claim', {}, he)
    const asks = async (assignee: string, who = me) =>
      (await s.numbers(`tickets?assignee=${encodeURIComponent(assignee)}`, who)).toSorted()
    expect(await asks('me')).toEqual([mine])
    expect(await asks('none')).toEqual([nobodys])
    expect(await asks('people of D002')).toEqual([his])
    expect(await asks('me,none')).toEqual([mine, nobodys].toSorted())
    expect(await asks('nobody known')).toEqual([])
    expect(await asks('me-1', sa)).toEqual([mine])
    expect(await asks('me', sa)).toEqual([])
    expect(await asks('me-1', dealer('D003'))).toEqual([])
    const search = await s.post(me, 'tickets/search', { assignee: 'me' })
    expect(search.body.items.map((item: { ticketNo: string }) => item.ticketNo)).toEqual([mine])
  })

  it.each([
    [{ assignee: ' ' }, 'invalid_request'],
    [{ assignee: 7 }, 'invalid_request'],
    [{ assignee: 'x'.repeat(201) }, 'invalid_request'],
    [{ assigned: 'x' }, 'unknown_field'],
  ])('refuses the body %j: %s', async (body, code) => {
    const { status, body: problem } = await s.act(await s.register(), 'claim', body, li)
    expect([status, problem.code]).toEqual([400, code])
  })
})
