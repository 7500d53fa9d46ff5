/** Customers and their cars. Everyone has a number of their own, for the service matches people by it. */
import type { z } from 'zod'
import type { customerBody, vehicleBody } from '../../api/commands/tickets/bodies.ts'
import { DAY, dayNumber, dayOf } from '../../domain/instant.ts'
import {
  consultants,
  givenNames,
  type Model,
  models,
  rareNames,
  streets,
  surnames,
  tibetanAndMongolNames,
  uyghurAndKazakhNames,
} from './data/names.ts'
import type { DemoDealer } from './network.ts'
import type { Random } from './random.ts'

export type DemoCustomer = z.input<typeof customerBody>
export type DemoVehicle = z.input<typeof vehicleBody>
export type DemoPerson = { customer: DemoCustomer; vehicle: DemoVehicle | null; model: Model }

/** Prefixes that no operator has been given, so that nobody's phone is called. */
const phonePrefixes = ['154', '160', '161', '163', '164', '168']

/** Different numbers give different digits: the factor has no divisor in common with 10⁸. */
export const eightDigits = (number: number): string =>
  String((number * 38_654_707) % 100_000_000).padStart(8, '0')

export const nameOf = (random: Random, dealer: DemoDealer): string => {
  if (dealer.rbo.code === 'XINJIANG' && random.chance(0.4)) return random.pick(uyghurAndKazakhNames)
  if (random.chance(0.01)) return random.pick(rareNames)
  if (random.chance(0.006)) return random.pick(tibetanAndMongolNames)
  return random.pick(surnames) + random.pick(givenNames)
}

/** The same number as callers and agents write it; all compare as equal (rulebook §6). */
export const asWritten = (random: Random, phone: string): string => {
  const [area, middle, end] = [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)]
  return random.weighted({
    [phone]: 90,
    [`+86 ${phone}`]: 4,
    [`${area}-${middle}-${end}`]: 4,
    [`0086${phone}`]: 2,
  })
}

const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
const vinValue = (letter: string): number =>
  letter >= '0' && letter <= '9'
    ? Number(letter)
    : {
        A: 1,
        B: 2,
        C: 3,
        D: 4,
        E: 5,
        F: 6,
        G: 7,
        H: 8,
        J: 1,
        K: 2,
        L: 3,
        M: 4,
        N: 5,
        P: 7,
        R: 9,
        S: 2,
        T: 3,
        V: 5,
        W: 6,
        X: 7,
        Y: 8,
        Z: 9,
      }[letter]!

/** Seventeen characters with the check digit in the ninth place. */
const vinOf = (model: Model, number: number): string => {
  const plant = 'ABCDEFGH'[Math.floor(number / 1_000_000) % 8]
  const open = `LSV${models[model]}61A0T${plant}${String(number % 1_000_000).padStart(6, '0')}`
  const sum = [...open].reduce((total, letter, index) => total + vinValue(letter) * weights[index]!, 0)
  return `${open.slice(0, 8)}${sum % 11 === 10 ? 'X' : sum % 11}${open.slice(9)}`
}

const plateLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'
const plateOf = (random: Random, prefix: string): string =>
  prefix + Array.from({ length: 5 }, () => plateLetters[random.int(0, plateLetters.length - 1)]).join('')

const vehicleOf = (
  random: Random,
  { number, at, dealer, model }: CommandInputs & { model: Model },
): DemoVehicle | null => {
  const stage = random.weighted({ looking: 18, ordered: 34, bought: 48 })
  if (stage === 'looking') return random.chance(0.5) ? null : { model }
  const ordered: DemoVehicle = { model, salesConsultant: random.pick(consultants) }
  if (stage === 'ordered') return random.chance(0.3) ? { ...ordered, vin: vinOf(model, number) } : ordered
  const daysAgo = random.int(1, 60)
  return {
    ...ordered,
    vin: vinOf(model, number),
    engineNo: random.chance(0.4) ? `DLS${eightDigits(number).slice(0, 6)}` : null,
    plateNo: random.chance(0.5) ? plateOf(random, dealer.plate) : null,
    mileageKm: random.int(3, 60) * daysAgo,
    purchasedOn: dayOf(dayNumber(at - daysAgo * DAY)),
  }
}

type CommandInputs = { number: number; at: number; dealer: DemoDealer }

/** Somebody who complains at `at` (epoch ms); `number` is theirs alone. */
export const createPerson = (random: Random, making: CommandInputs): DemoPerson => {
  const { number, dealer } = making
  const digits = eightDigits(number)
  const model = random.pick(Object.keys(models) as Model[])
  const name = nameOf(random, dealer)
  const customer: DemoCustomer = {
    name,
    phone: random.pick(phonePrefixes) + digits,
    ...(random.chance(0.15) && { customerId: `KH${digits}` }),
    ...(random.chance(0.2) && { email: `c${digits}@example.com` }),
    ...(random.chance(0.12) && {
      address: `${random.pick(streets)}${random.int(1, 398)}号${random.int(1, 28)}栋${random.int(101, 2804)}室`,
      postcode: String(random.int(10_000, 899_999)).padStart(6, '0'),
    }),
    ...(random.chance(0.05) && { contactPerson: nameOf(random, dealer) }),
    ...(random.chance(0.01) && { fax: `010-${digits}` }),
  }
  return { customer, vehicle: vehicleOf(random, { ...making, model }), model }
}

/** Somebody who takes a new car home at `at` (epoch ms), with its number plate where it has one by then. */
export const createBuyer = (
  random: Random,
  making: CommandInputs,
): { customer: DemoCustomer; vehicle: DemoVehicle } => {
  const { customer, model } = createPerson(random, making)
  const vehicle = {
    model,
    vin: vinOf(model, making.number),
    plateNo: random.chance(0.3) ? plateOf(random, making.dealer.plate) : null,
    salesConsultant: random.pick(consultants),
  }
  return { customer, vehicle }
}
