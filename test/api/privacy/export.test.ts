/** All that is kept of one customer, as JSON (rulebook §17). */
import { expect, it } from '@jest/globals'
import { testOnBothEngines } from '../../support/bothEngines.ts'
import { admin, csr, dealer, problemOf, refused, sa, se, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

const phone = '13911112222'

testOnBothEngines(
  'has every text of the customer, and nothing of others in the same tickets',
  async (eventStore) => {
    const s = await startScenario(eventStore === undefined ? {} : { eventStore })
    try {
      const mine = await s.register({
        customer: { name: '赵一', phone, address: '旧地址' },
        content: '投诉甲',
        initialCause: '起因甲',
        remedy: 'apology',
        remedyText: '补救甲',
      })
      await s.call(mine, { content: '来电甲' })
      // somebody else asks about the same ticket
      const other = await s.take({
        customer: { name: '孙三', phone: '13944445555' },
        sameProblemAs: mine,
        content: '代为催办',
      })
      expect(other).toMatchObject({ outcome: 'contact_logged', ticketNo: mine })
      await s.does(mine, 'correct', { customer: { address: '新地址' }, reason: '更正甲' }, csr)
      await s.does(mine, 'responses', { method: 'phone', reached: true, note: '响应甲' }, dealer())
      await s.close(mine, dealer(), { result: '结果甲', measures: '措施甲', customerFeedback: '反馈甲' })
      await s.does(mine, 'callbacks', { outcome: 'satisfied', note: '回访甲' }, csr)
      // the customer asks about a ticket of somebody else, and has an inquiry
      const theirs = await s.register({ customer: { name: '钱二', phone: '13911113333' }, content: '投诉乙' })
      await s.take({ customer: { name: '赵一', phone }, sameProblemAs: theirs, content: '来电乙' })
      const asked = {
        channel: 'phone',
        topic: 'price',
        question: '咨询甲',
        customer: { name: '赵一', phone },
      }
      const { inquiryNo } = (await s.post(csr, 'inquiries', asked)).body
      await s.post(csr, `inquiries/${inquiryNo}/forward`, { note: '转交甲' })
      await s.post(se, `inquiries/${inquiryNo}/answer`, { answer: '答复甲' })
      await s.post(csr, `inquiries/${inquiryNo}/relay`, { method: 'phone', reached: true, note: '告知甲' })

      const { body: search } = await s.post(sa, 'privacy/subjects/search', { phone })
      expect(search.items).toHaveLength(1)
      const [{ subjectId, tickets, calledOn, inquiries }] = search.items
      expect(tickets).toEqual([{ ticketNo: mine, state: 'completed' }])
      expect(calledOn).toEqual([{ ticketNo: theirs, state: 'unhandled' }])
      expect(inquiries).toEqual([{ inquiryNo, state: 'closed' }])

      const { status, body, text, headers } = await s.get(`privacy/subjects/${subjectId}/export`)
      expect(status).toBe(200)
      expect(headers['cache-control']).toBe('no-store')
      expect(body).toMatchObject({ subjectId, others: [] })
      expect(body.tickets).toMatchObject([{ ticket: { ticketNo: mine, customer: { name: '赵一' } } }])
      expect(body.inquiries).toMatchObject([{ inquiry: { inquiryNo, answer: '答复甲' } }])
      expect(body.calls).toMatchObject([{ ticketNo: theirs }])
      for (const each of [
        ...['赵一', phone, '旧地址', '新地址', '投诉甲', '起因甲', '补救甲', '来电甲', '更正甲', '响应甲'],
        ...['结果甲', '措施甲', '反馈甲', '回访甲', '来电乙', '咨询甲', '转交甲', '答复甲', '告知甲'],
      ])
        expect([each, text.includes(each)]).toEqual([each, true])
      for (const each of ['孙三', '13944445555', '代为催办', '钱二', '13911113333', '投诉乙'])
        expect([each, text.includes(each)]).toEqual([each, false])

      const line = await accessLine(s, '/v1/privacy/subjects/:subjectId/export')
      expect(line).toMatchObject({ subjectIds: [subjectId], actor: 'sa', count: 3 })
    } finally {
      await s.service.close()
    }
  },
)

/** The newest line of a route; where several nodes share a log it comes a moment later. */
const accessLine = async (s: Awaited<ReturnType<typeof startScenario>>, route: string): Promise<Json> => {
  for (let tries = 0; tries < 200; tries++) {
    const { body } = await s.get('privacy/access-log?limit=200')
    const line = body.items.find((each: Json) => each.route === route)
    if (line !== undefined) return line
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return null
}

it('is for the sa alone, and tells nothing of who is unknown or erased', async () => {
  const s = await startScenario()
  try {
    const ticketNo = await s.register({ customer: { name: '赵一', phone } })
    await s.respond(ticketNo)
    await s.close(ticketNo)
    const { subjectId } = (await s.ticket(ticketNo)).customer
    const path = `privacy/subjects/${subjectId}/export`
    for (const who of [csr, dealer(), admin])
      expect(problemOf(await s.get(path, who))).toEqual(refused(403, 'role_not_allowed'))
    expect(problemOf(await s.get('privacy/subjects/nobody/export'))).toEqual(
      refused(404, 'subject_not_found'),
    )
    await s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: '客户要求' })
    const gone = await s.get(path)
    expect(problemOf(gone)).toEqual(refused(404, 'subject_gone'))
    expect(gone.text).not.toContain('赵一')
  } finally {
    await s.service.close()
  }
})
