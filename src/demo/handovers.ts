/** The demo's handovers: who took a car home, when and where, and the visits since. */
import type { CareEvent } from '../../domain/care/events.ts'
import { type CareVehicle, evolveVehicle } from '../../domain/care/state.ts'
import { type CareTask, tasksOfPlan } from '../../domain/care/tasks.ts'
import { DAY, dayNumber, dayStart, HOUR, MINUTE, numberOfDay, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { demoDealer } from './client.ts'
import type { LineStep } from './deskSteps.ts'
import type { DemoDealer, Network } from './network.ts'
import { type DemoVehicle as Car, createBuyer, type DemoCustomer } from './people.ts'
import { createRandom, type Random } from './random.ts'
import type { HistoryLine } from './story.ts'

/** A car that was handed over. */
export type Handover = {
  ref: string
  dealer: DemoDealer
  /** Epoch ms. */
  at: number
  customer: DemoCustomer
  vehicle: Car
  /** The customer complains in the quarter by phone, so nothing a call brings up is registered once more. */
  complains: boolean
}

/** The time the demo covers, epoch ms; half-open. */
export type DemoPeriod = { from: number; end: number }

/** Beyond the numbers of those who complain. */
const firstNumber = 83_000_001

/** Cars are handed over by day. */
const someTimeOf = (day: number, random: Random): number =>
  dayStart(day) + 10 * HOUR + random.int(0, 7 * 60) * MINUTE

/** How long before the quarter cars were handed over whose later calls come due in it: days, from and to. */
const agesOfOlder = {
  delivery_3m: { share: 30, from: 5, to: 85 },
  benefits: { share: 20, from: 100, to: 175 },
  insurance: { share: 20, from: 230, to: 355 },
  warranty: { share: 15, from: 965, to: 1_085 },
  return_offer: { share: 15, from: 1_180, to: 1_260 },
}
const shareOfOlder = 0.35
const shares = Object.fromEntries(
  Object.entries(agesOfOlder).map(([kind, { share }]) => [kind, share]),
) as Record<keyof typeof agesOfOlder, number>

/** Cars that the demo's dealer handed over in the last days, so that there is something to call about. */
const ofDemoDealer = 4

const newCars = ({ network, seed, span, count }: HandoverInputs): Handover[] => {
  const { from, end } = span
  const own = network.dealers.find(({ code }) => code === demoDealer)
  return Array.from({ length: Math.round(count * (1 + shareOfOlder)) }, (_, index) => {
    const ref = `${seed}-H${String(index + 1).padStart(6, '0')}`
    const random = createRandom(ref)
    const someDealer = network.pickDealer(random)
    const age = agesOfOlder[random.weighted(shares)]
    const someStart =
      index < count ? from + random.next() * (end - from) : from - random.int(age.from, age.to) * DAY
    const isOwn = own !== undefined && index < ofDemoDealer
    const dealer = isOwn ? own : someDealer
    const start = isOwn ? end - index * DAY : someStart
    const at = someTimeOf(dayNumber(start), random)
    const buyer = createBuyer(random, { number: firstNumber + index, at, dealer })
    return { ref, dealer, at, ...buyer, complains: false }
  })
}

/** Of the customers who complain, the first that bought a car, as their complaints say. */
const carsOfComplaints = ({ network, seed, lines, count }: HandoverInputs): Handover[] => {
  const dealers = new Map(network.dealers.map((dealer) => [dealer.code, dealer]))
  const known = new Map<string, Handover>()
  const most = Math.round(count / 5)
  for (const line of lines) {
    if (known.size >= most) break
    if (line.command !== 'register') continue
    const { vehicle, customer, dealerCode } = line.data
    const dealer = dealers.get(dealerCode ?? '')
    if (!vehicle?.vin || !vehicle.purchasedOn || dealer === undefined || known.has(vehicle.vin)) continue
    const ref = `${seed}-K${String(known.size + 1).padStart(6, '0')}`
    const at = someTimeOf(numberOfDay(vehicle.purchasedOn), createRandom(ref))
    known.set(vehicle.vin, { ref, dealer, at, customer, vehicle, complains: true })
  }
  return [...known.values()]
}

type HandoverInputs = {
  network: Network
  seed: string
  span: DemoPeriod
  /** The complaints of the quarter. */
  lines: readonly HistoryLine[]
  /** New cars in the quarter. */
  count: number
}

/** Handovers of the quarter and some of before, the same every time. Those after the end of the span are left out. */
export const handoversOf = (making: HandoverInputs): Handover[] =>
  [...newCars(making), ...carsOfComplaints(making)].filter(({ at }) => at < making.span.end - HOUR)

export const handoverStep = ({ ref, dealer, at, customer, vehicle }: Handover): LineStep => ({
  at,
  about: ref,
  line: {
    actor: { id: `${dealer.code}-JC`, role: 'dealer' },
    at: toInstant(at),
    ref,
    command: 'handover',
    data: {
      vin: vehicle.vin ?? null,
      plateNo: vehicle.plateNo ?? null,
      model: vehicle.model ?? null,
      salesConsultant: vehicle.salesConsultant ?? null,
      dealerCode: dealer.code,
      handedOverAt: toInstant(at),
      customer,
    },
  },
})

type VisitKind = 'first_service' | 'service' | 'repair'
export type DemoVisit = { at: number; kind: VisitKind }

/** Visits within the span: the first service in months two and three, now and then a repair. */
export const visitsOf = ({ at }: Handover, { from, end }: DemoPeriod, random: Random): DemoVisit[] => {
  const visits: DemoVisit[] = []
  const first = someTimeOf(dayNumber(at + random.int(40, 95) * DAY), random)
  if (random.chance(0.6)) visits.push({ at: first, kind: 'first_service' })
  const some = someTimeOf(dayNumber(Math.max(at, from) + random.int(5, 80) * DAY), random)
  if (random.chance(0.12)) visits.push({ at: some, kind: random.chance(0.7) ? 'repair' : 'service' })
  return visits.filter((visit) => visit.at > from && visit.at < end - HOUR).sort((a, b) => a.at - b.at)
}

export const visitStep = (handover: Handover, { at, kind }: DemoVisit): LineStep => ({
  at,
  about: handover.ref,
  line: {
    actor: { id: `${handover.dealer.code}-SH`, role: 'dealer' },
    at: toInstant(at),
    ref: handover.ref,
    command: 'visit',
    data: {
      vin: handover.vehicle.vin as string,
      dealerCode: handover.dealer.code,
      visitedAt: toInstant(at),
      kind,
      mileageKm: Math.round(((at - handover.at) / DAY) * 38),
    },
  },
})

/** The tasks of a handover as the domain plans them; `vehicleId` as it will be. */
export const tasksOfHandover = (
  { at, dealer }: Handover,
  { visits, span, vehicleId }: { visits: readonly DemoVisit[]; span: DemoPeriod; vehicleId: string },
): CareTask[] => {
  const unit = { dealer: dealer.code, rbo: dealer.rbo.code }
  const by = { id: dealer.code, role: 'dealer' }
  const customer = '' as SealedText
  const nobody = { ...unit, externalNo: null, subjectId: '', customer, insuranceEndsOn: null, rules: {} }
  const events: CareEvent[] = [
    {
      type: 'VehicleHandedOver',
      data: {
        ...nobody,
        handoverId: `${vehicleId}-1`,
        handedOverAt: toInstant(at),
        plannedFrom: toInstant(Math.max(at, span.from)),
      },
    },
    ...visits.map((visit) => ({
      type: 'VisitRecorded' as const,
      data: {
        ...unit,
        visitedAt: toInstant(visit.at),
        kind: visit.kind,
        mileageKm: null,
        afterRepairDays: visit.kind === 'repair' ? 3 : null,
        customer: null,
        subjectId: null,
      },
    })),
  ]
  const vehicle = events.reduce<CareVehicle | null>(
    (state, event) => evolveVehicle(state, event, { recordedAt: toInstant(at), actor: by }),
    null,
  ) as CareVehicle
  return tasksOfPlan(vehicle, vehicle.plans[0] as CareVehicle['plans'][number], toInstant(span.end))
}
