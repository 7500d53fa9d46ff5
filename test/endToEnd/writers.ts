/** Callers that write at the same time, and an account of what they sent and what they were answered. */
import { randomUUID } from 'node:crypto'
import type { Who } from '../support/service.ts'
import type { Answer, ServiceProcess } from './serviceProcess.ts'

export const csr: Who = { roles: ['csr'] }
export const supervisor: Who = { roles: ['csc_supervisor'] }
export const admin: Who = { roles: ['admin'] }
export const dealer: Who = { roles: ['dealer'], dealer: 'D001' }

type Kind = 'register' | 'contact' | 'respond' | 'close' | 'repeat' | 'duplicate'

/** One write as it was sent; without an answer nobody knows yet whether it was done. */
export type Write = {
  kind: Kind
  who: Who
  path: string
  key: string
  body: object
  /** The ticket of the path, or that a repeat is of. */
  ticketNo: string | null
  /** The other ticket it touches. */
  other?: string
  answer?: Answer
}

/** Sent customers are recognised by these wherever they might turn up. */
export const phonePrefix = '1390027'
export const namePrefix = '欧阳震华'

let customers = 0

const complaint = (customer: number, more: object = {}) => ({
  channel: 'phone',
  category: 'A4a',
  dealerCode: 'D001',
  customer: {
    name: `${namePrefix}${customer}`,
    phone: `${phonePrefix}${String(customer).padStart(4, '0')}`,
  },
  content: `Nobody called ${namePrefix}${customer} back`,
  ...more,
})

/** Enters the RBO and the dealer the writers speak of. */
export const enterMasterData = async ({ call }: ServiceProcess): Promise<void> => {
  await call(admin, 'PUT', '/v1/rbos/EAST', { body: { name: '华东' } })
  await call(admin, 'PUT', '/v1/dealers/D001', { body: { name: '上海一店', rbo: 'EAST' } })
}

/** Sends a write, for the first time or again, and notes the first answer. */
export const send = async ({ call }: ServiceProcess, write: Write): Promise<Answer> => {
  const { who, path, key, body } = write
  const answer = await call(who, 'POST', path, { body, key })
  write.answer ??= answer
  return answer
}

/**
 * One customer after the other, each with a whole story. Two of its acts are acts on two tickets.
 * `write` sends one and answers when it was answered.
 */
export const story = async (write: (asked: Omit<Write, 'key'>) => Promise<Answer>): Promise<void> => {
  customers += 1
  const customer = customers
  const register = async (more?: object): Promise<string> => {
    const body = complaint(customer, more)
    return (await write({ kind: 'register', who: csr, path: '/v1/complaints', body, ticketNo: null })).body
      .ticketNo
  }
  const first = await register()
  const on = (kind: Kind, who: Who, act: string, body: object) =>
    write({ kind, who, path: `/v1/tickets/${first}/${act}`, body, ticketNo: first })
  await on('contact', csr, 'contacts', { channel: 'phone', content: 'Asks again' })
  const twin = await register({ channel: 'email', sameProblemAs: null })
  const path = `/v1/tickets/${twin}/duplicate-of`
  const body = { ticketNo: first, reason: 'Twice' }
  await write({ kind: 'duplicate', who: supervisor, path, body, ticketNo: twin, other: first })
  await on('respond', dealer, 'responses', { method: 'phone', reached: true, note: 'Apologised' })
  await on('close', dealer, 'close', { result: 'Settled', measures: 'Refund' })
  const again = complaint(customer)
  await write({ kind: 'repeat', who: csr, path: '/v1/complaints', body: again, ticketNo: first })
}

/** What `fetch` throws where a connection ends before the answer is whole. */
export const isWithoutAnswer = (error: unknown): boolean =>
  // By name, for the class is not the one of this realm.
  (error as Error).name === 'TypeError' && ['fetch failed', 'terminated'].includes((error as Error).message)

/**
 * Lets `count` callers write until the service goes away or `enough()`; every write is in the account before it is
 * sent. Resolves when the last of them has stopped.
 */
export const writeUntil = async (
  service: ServiceProcess,
  account: Write[],
  { count, enough }: { count: number; enough: () => boolean },
): Promise<void> => {
  const stop = new Error('enough')
  const write = async (asked: Omit<Write, 'key'>): Promise<Answer> => {
    if (enough()) throw stop
    const noted: Write = { ...asked, key: randomUUID() }
    account.push(noted)
    const answer = await send(service, noted)
    if (answer.status === 503) {
      // On its way out: it says so, and has not done it.
      delete noted.answer
      throw stop
    }
    if (answer.status >= 300)
      throw new Error(`${noted.path} answered ${answer.status}: ${answer.body.detail}`)
    return answer
  }
  const writer = async (): Promise<void> => {
    while (!enough()) await story(write)
  }
  const ended = await Promise.allSettled(Array.from({ length: count }, writer))
  for (const each of ended)
    if (each.status === 'rejected' && each.reason !== stop && !isWithoutAnswer(each.reason)) throw each.reason
}

/** The events each write leaves on each ticket, by the rulebook and not by what the service says. */
const eventsOf = ({ kind, ticketNo, other, answer }: Write): [string, string[]][] => {
  const registration = ['TicketDispatched', 'TicketRegistered']
  switch (kind) {
    case 'register':
      return [[answer!.body.ticketNo, registration]]
    case 'repeat':
      return [
        [ticketNo!, ['RepeatLinked']],
        [answer!.body.ticketNo, registration],
      ]
    case 'duplicate':
      return [
        [other!, ['DuplicateAbsorbed']],
        [ticketNo!, ['MarkedDuplicate']],
      ]
    case 'contact':
      return [[ticketNo!, ['ContactLogged']]]
    case 'respond':
      return [[ticketNo!, ['ResponseRecorded']]]
    case 'close':
      return [[ticketNo!, ['TicketClosed']]]
  }
}

/** Types of the events of every ticket, sorted, after all these writes. */
export const expectedEvents = (account: readonly Write[]): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const write of account)
    for (const [ticketNo, types] of eventsOf(write))
      found.set(ticketNo, [...(found.get(ticketNo) ?? []), ...types].sort())
  return found
}
