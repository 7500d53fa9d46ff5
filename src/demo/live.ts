/** A few complaints taken in now: a new one, calls that raise a warning, a repeat that escalates. */
import { setTimeout as sleep } from 'node:timers/promises'
import { HOUR } from '../../domain/instant.ts'
import { type Client, csr, dealerPeople } from './client.ts'
import type { DemoDealer, Network } from './network.ts'
import { createPerson, type DemoPerson } from './people.ts'
import { createRandom } from './random.ts'

type Holder = { tier: string; unit: string }
type OpenedTicket = {
  outcome: string
  ticketNo: string
  ordinal: number
  holder: Holder
  responseDueAt: string
  closeDueAt: string
}
type CallAnswer = { outcome: string; ticketNo: string; calls: number; warnings: string[] }
type Ticket = { ticketNo: string; closedAt: string; warnings: { code: string; sentTo: Holder }[] }

/** What was done and what came of it. */
export type Scene = { title: string; sentences: string[] }

/** Beyond the numbers of those who complained in the quarter. */
const firstNumber = 90_000_001

/** Shanghai wall clock, month to minute. */
export const shanghaiTime = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * HOUR).toISOString().slice(5, 16).replace('T', ' ')

const expect = (holds: boolean, sentence: string): void => {
  if (!holds) throw new Error(`Unexpected: ${sentence}`)
}

type Caller = { person: DemoPerson; dealer: DemoDealer; category: string; content: string }

const complaintOf = ({ person, dealer, category, content }: Caller) => ({
  channel: 'phone',
  category,
  dealerCode: dealer.code,
  customer: person.customer,
  vehicle: person.vehicle,
  content,
})

const nameOf = ({ rbos, dealers }: Network, { tier, unit }: Holder): string => {
  const known = [...rbos, ...dealers].find(({ code }) => code === unit)
  return known === undefined ? unit : `${known.name} (${tier} ${unit})`
}

const dispatched = (
  network: Network,
  { ticketNo, ordinal, holder, responseDueAt, closeDueAt }: OpenedTicket,
): string[] => [
  `${ticketNo}, complaint no. ${ordinal} on this problem, goes to ${nameOf(network, holder)}:`,
  `answer by ${shanghaiTime(responseDueAt)}, close before ${shanghaiTime(closeDueAt)}, Shanghai time.`,
]

const register = async (client: Client, caller: Caller, outcome: string): Promise<OpenedTicket> => {
  const taken = await client.call<OpenedTicket>(csr, 'POST', '/v1/complaints', complaintOf(caller))
  expect(taken.outcome === outcome, `a complaint came to ${taken.outcome} and not to ${outcome}.`)
  return taken
}

/** A customer complains for the first time. */
const newComplaint = async (
  client: Client,
  network: Network,
  caller: Caller,
): Promise<[Scene, OpenedTicket]> => {
  const taken = await register(client, caller, 'registered')
  const title = `${caller.person.customer.name} complains: ${caller.content}`
  return [{ title, sentences: dispatched(network, taken) }, taken]
}

/** Nobody has answered yet, and the customer calls twice more: W1 (rulebook §7). */
const twoMoreCalls = async (
  client: Client,
  network: Network,
  caller: Caller,
  { ticketNo }: OpenedTicket,
): Promise<Scene> => {
  const content = '客户再次来电催促，仍无人联系。'
  const body = complaintOf({ ...caller, content })
  const call = () => client.call<CallAnswer>(csr, 'POST', '/v1/complaints', body)
  const first = await call()
  const second = await call()
  expect(
    first.outcome === 'contact_logged' && second.ticketNo === ticketNo && second.warnings.includes('W1'),
    `two calls on ${ticketNo} raised ${second.warnings?.join(', ') || 'no warning'}.`,
  )
  const { warnings } = await client.call<Ticket>(csr, 'GET', `/v1/tickets/${ticketNo}`)
  const sentTo = nameOf(network, warnings.find(({ code }) => code === 'W1')!.sentTo)
  return {
    title: 'The same customer calls twice more before anybody has answered.',
    sentences: [`Both calls are logged on ${ticketNo}; the second raises the early warning W1 to ${sentTo}.`],
  }
}

/** Answered and closed by the dealer, and the customer complains again: it escalates (rulebook §6). */
const repeated = async (client: Client, network: Network, caller: Caller): Promise<Scene> => {
  const { ticketNo } = await register(client, caller, 'registered')
  const people = dealerPeople(caller.dealer.code)
  const path = `/v1/tickets/${ticketNo}`
  await client.call(people, 'POST', `${path}/responses`, {
    method: 'phone',
    reached: true,
    note: '已致电客户并致歉。',
  })
  await client.call(people, 'POST', `${path}/close`, {
    result: '客户接受解释，同意关闭。',
    measures: '兑现承诺的赠品。',
    rootCauseCode: 'broken_promise',
  })
  // a complaint received in the very millisecond of the closing is no repeat
  await sleep(2)
  const again = await register(
    client,
    { ...caller, content: '客户称赠品仍未兑现，要求大区处理。' },
    'escalated',
  )
  return {
    title: `${caller.person.customer.name} complains, ${caller.dealer.code} answers and closes ${ticketNo}; then the customer calls again.`,
    sentences: [...dispatched(network, again), `${ticketNo} is not resolved first time any more.`],
  }
}

/** Takes the complaints in, one after the other. @throws Error where one comes to something unexpected */
export const takeComplaints = async (client: Client, network: Network): Promise<Scene[]> => {
  const random = createRandom('live')
  const caller = (rbo: string, category: string, content: string, index: number): Caller => {
    const dealer = random.pick(network.dealers.filter((each) => each.rbo.code === rbo))
    const person = createPerson(random, { number: firstNumber + index, at: Date.now(), dealer })
    return { person, dealer, category, content }
  }
  const first = caller('EAST', 'A4d', '报价时承诺优惠8000元，签合同只给5000元，要求按报价执行。', 0)
  const second = caller('XINJIANG', 'A4a', '提车时承诺的脚垫和行车记录仪一直没有兑现。', 1)
  const [opening, taken] = await newComplaint(client, network, first)
  return [opening, await twoMoreCalls(client, network, first, taken), await repeated(client, network, second)]
}
