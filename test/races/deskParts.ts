/** What the acts of the desks are made of: records, calls, uploads. */
import { expect } from '@jest/globals'
import { formOf, samples } from '../attachments/samples.ts'
import { csr, one, sa } from '../support/scenario.ts'
import type { Answer, Json, TestService, Who } from '../support/service.ts'

/** What the acts are about. */
export type Record_ = { [name: string]: string }
export type Act = (on: Record_) => {
  who: Who
  path: string
  body: unknown
  headers?: Record<string, string>
  method?: string
}

/** `look`: all that the acts could have left, without numbers and instants. */
export type Desk = {
  prepare(node: TestService): Promise<Record_>
  acts: Record<string, Act>
  look(node: TestService, on: Record_): Promise<unknown>
}

export const hq = one('hq_sales')
export const se = one('se')
let customers = 0
export const newPhone = (): string => `1382222${String(++customers).padStart(4, '0')}`

const done = (answer: Answer): Json => {
  expect([answer.status < 300, answer.text]).toEqual([true, answer.text])
  return answer.body
}
export const post = async (node: TestService, who: Who, path: string, body: unknown): Promise<Json> =>
  done(await node.call(who, 'POST', `/v1/${path}`, { body }))
export const get = async (node: TestService, path: string, who: Who = sa): Promise<Json> =>
  (await node.call(who, 'GET', `/v1/${path}`)).body

export const upload = (path: string): ReturnType<Act> => {
  const { body, headers } = formOf(samples['image/png'])
  return { who: csr, path: `${path}/attachments`, body, headers }
}
export const attached = async (node: TestService, path: string): Promise<string> => {
  const { who, body, headers = {} } = upload(path)
  return done(await node.call(who, 'POST', `/v1/${path}/attachments`, { body, headers })).attachmentId
}
export const erase: Act = ({ subjectId }) => ({
  who: sa,
  path: `privacy/subjects/${subjectId}/erase`,
  body: { reason: '客户要求' },
})
