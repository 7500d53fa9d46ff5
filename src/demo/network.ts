/** The demo's regions and dealers, and how well each of them works. */
import { type DemoCalendar, dealersOf, type RboCode, rbos } from './data/dealers.ts'
import { createRandom, type Random } from './random.ts'

/** How well a unit works: each from 0 to 1. */
export type Quality = { responds: number; closes: number; convinces: number }

export type DemoRbo = { code: RboCode; name: string; calendar: DemoCalendar; quality: Quality }
export type DemoDealer = {
  code: string
  name: string
  plate: string
  rbo: DemoRbo
  calendar: DemoCalendar
  /** Cars handed over in the quarter. */
  deliveries: number
  quality: Quality
}
export type Network = {
  rbos: readonly DemoRbo[]
  dealers: readonly DemoDealer[]
  pickDealer(random: Random): DemoDealer
}

/** Kinds of dealers, and how many of a hundred are of each. */
const kinds = { excellent: 18, good: 38, middling: 24, poor: 12, awful: 8 }
const typical: Record<keyof typeof kinds, Quality> = {
  excellent: { responds: 0.99, closes: 0.98, convinces: 0.97 },
  good: { responds: 0.95, closes: 0.92, convinces: 0.92 },
  middling: { responds: 0.86, closes: 0.8, convinces: 0.86 },
  poor: { responds: 0.62, closes: 0.55, convinces: 0.74 },
  awful: { responds: 0.22, closes: 0.2, convinces: 0.52 },
}
const rboQuality: Record<RboCode, Quality> = {
  EAST: { responds: 0.95, closes: 0.9, convinces: 0.94 },
  NORTH: { responds: 0.88, closes: 0.83, convinces: 0.9 },
  XINJIANG: { responds: 0.78, closes: 0.72, convinces: 0.86 },
}
/** SE and SE_MEDIA. */
export const brandQuality: Quality = { responds: 0.94, closes: 0.8, convinces: 0.95 }

/** A little apart from what is typical, so that no two dealers are alike. */
const near = (random: Random, quality: Quality): Quality => {
  const shift = (value: number): number => Math.min(1, Math.max(0.05, value + (random.next() - 0.5) * 0.06))
  return {
    responds: shift(quality.responds),
    closes: shift(quality.closes),
    convinces: shift(quality.convinces),
  }
}

/** Complaints a dealer draws: many where it sells much, more where it works badly. */
const weightOf = ({ deliveries, quality }: DemoDealer): number => deliveries * (2.2 - quality.convinces)

/** The same network for the same seed. */
export const createNetwork = (seed: string): Network => {
  const random = createRandom(`${seed} network`)
  const regions = rbos.map((rbo) => ({ ...rbo, quality: rboQuality[rbo.code] }))
  const dealers = regions
    .flatMap((rbo) => dealersOf[rbo.code].map(([plate, name]) => ({ plate, name, rbo })))
    .map(
      ({ plate, name, rbo }, index): DemoDealer => ({
        code: `D${String(index + 1).padStart(3, '0')}`,
        name,
        plate,
        rbo,
        calendar: rbo.calendar,
        deliveries: random.int(8, 30) ** 2 - random.int(0, 40),
        quality: near(random, typical[random.weighted(kinds)]),
      }),
    )
  const byCode = new Map(dealers.map((dealer) => [dealer.code, dealer]))
  const weights = Object.fromEntries(dealers.map((dealer) => [dealer.code, weightOf(dealer)]))
  return { rbos: regions, dealers, pickDealer: (chance) => byCode.get(chance.weighted(weights))! }
}
