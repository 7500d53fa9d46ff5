/** A slow trickle of calls and acts, so that whoever watches the console sees it live. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { HolderTier } from '../../domain/codes.ts'
import { fill } from '../../domain/refusal.ts'
import { type Client, csr, dealerPeople, rboPeople, type Who } from './client.ts'
import { colours, subjects } from './data/complaints.ts'
import { followUps, measures, responses, results } from './data/handling.ts'
import { consultants } from './data/names.ts'
import { type DeskScene, deskActs } from './deskTrickle.ts'
import type { Network } from './network.ts'
import { createPerson } from './people.ts'
import { createRandom, type Random } from './random.ts'

/** Between two acts, ms. */
const pauseMs = { from: 5_000, to: 14_000 }

/** Beyond the numbers of everybody else in the demo. */
const firstNumber = 95_000_001

type Row = {
  ticketNo: string
  state: string
  category: keyof typeof subjects
  holder: { tier: HolderTier; unit: string }
}
type Warning = { warningId: string; ticketNo: string; sentTo: { tier: string; unit: string } }

const desk = (role: 'se' | 'se_media' | 'sa'): Who => ({ sub: `demo-${role}`, roles: [role] })

/** The people of a unit. */
const peopleOf = (tier: string, unit: string): Who => {
  if (tier === 'dealer') return dealerPeople(unit)
  return tier === 'rbo' ? rboPeople(unit) : desk(tier as 'se' | 'se_media' | 'sa')
}

const categories = ['A4a', 'A4b', 'A4c', 'A4d', 'A4e', 'A4f', 'A4g'] as const

/** One of the sentences, its places filled. */
const say = (random: Random, sentences: readonly string[], more: Record<string, string> = {}): string =>
  fill(random.pick(sentences), {
    name: '客户',
    dealer: '店内',
    consultant: random.pick(consultants),
    colour: random.pick(colours),
    days: random.int(3, 45),
    yuan: random.int(3, 60) * 500,
    km: random.int(20, 3_000),
    ...more,
  })

const newComplaint = async ({ client, network, random, count, now }: DeskScene): Promise<void> => {
  const dealer = network.pickDealer(random)
  const category = random.pick(categories)
  const { customer, vehicle, model } = createPerson(random, {
    number: firstNumber + count,
    at: now,
    dealer,
  })
  const more = { name: customer.name, dealer: dealer.name, model }
  const content = say(random, subjects[category].contents, more)
  const complaint = { channel: 'phone', category, dealerCode: dealer.code, customer, vehicle, content }
  await client.call(csr, 'POST', '/v1/complaints', complaint)
}

const newest = async ({ client }: DeskScene, state: string): Promise<Row[]> =>
  (await client.call<{ items: Row[] }>(csr, 'GET', `/v1/tickets?state=${state}&sort=-registeredAt&limit=20`))
    .items

const callAgain = async (scene: DeskScene): Promise<void> => {
  const { client, random } = scene
  const rows = await newest(scene, 'open')
  if (rows.length === 0) return
  const { ticketNo } = random.pick(rows.slice(0, 5))
  const flags = random.chance(0.3) ? ['agitated'] : []
  await client.call(csr, 'POST', `/v1/tickets/${ticketNo}/contacts`, {
    channel: 'phone',
    content: say(random, followUps),
    flags,
  })
}

const respond = async (scene: DeskScene): Promise<void> => {
  const { client, random } = scene
  const rows = await newest(scene, 'unhandled')
  if (rows.length === 0) return
  const { ticketNo, holder } = random.pick(rows)
  const body = { method: 'phone', reached: true, note: say(random, responses.reached) }
  await client.call(peopleOf(holder.tier, holder.unit), 'POST', `/v1/tickets/${ticketNo}/responses`, body)
}

const close = async (scene: DeskScene): Promise<void> => {
  const { client, random } = scene
  const rows = await newest(scene, 'in_progress')
  if (rows.length === 0) return
  const { ticketNo, holder } = random.pick(rows)
  const body = { result: say(random, results), measures: say(random, measures) }
  await client.call(peopleOf(holder.tier, holder.unit), 'POST', `/v1/tickets/${ticketNo}/close`, body)
}

const acknowledge = async ({ client }: DeskScene): Promise<void> => {
  const { items } = await client.call<{ items: Warning[] }>(csr, 'GET', '/v1/warnings?status=open&limit=1')
  const [warning] = items
  if (warning === undefined) return
  const { warningId, ticketNo, sentTo } = warning
  const path = `/v1/tickets/${ticketNo}/warnings/${warningId}/acknowledge`
  await client.call(peopleOf(sentTo.tier, sentTo.unit), 'POST', path, {})
}

const acts = { newComplaint, callAgain, respond, close, acknowledge, ...deskActs }
const shares: Record<keyof typeof acts, number> = {
  newComplaint: 29,
  callAgain: 17,
  respond: 17,
  close: 12,
  acknowledge: 8,
  ask: 3,
  goOnWithInquiry: 4,
  handOver: 3,
  callCustomer: 6,
  judge: 3,
  improve: 5,
}

/** One act of somebody. @throws Error where it is refused, as when a person at the console was quicker */
export const actOnce = async (
  client: Client,
  network: Network,
  { count, act, now = Date.now() }: { count: number; act?: keyof typeof acts; now?: number },
): Promise<void> => {
  const random = createRandom(`trickle ${now} ${count}`)
  await acts[act ?? random.weighted(shares)]({ client, network, random, count, now })
}

/** Goes on until it is told to stop. */
export const trickle = async (client: Client, network: Network, signal: AbortSignal): Promise<void> => {
  const random = createRandom(`trickle ${Date.now()}`)
  for (let count = 0; !signal.aborted; count++) {
    await sleep(random.int(pauseMs.from, pauseMs.to), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    await actOnce(client, network, { count }).catch(() => undefined)
  }
}
