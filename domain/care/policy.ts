/** What policy says of the care desk (rulebook §15): which calls there are, when they open and fall due, and what ends them. */

import { z } from 'zod'
import { codesOf } from '../codeList.ts'
import type { Words } from '../refusal.ts'

/** The kinds of care tasks. */
export const careKinds = {
  delivery_24h: { en: 'call 24 hours after delivery', zh: '交车24小时回访' },
  delivery_3d: { en: 'call 3 days after delivery', zh: '交车3日回访' },
  delivery_3m: { en: 'call 3 months after delivery', zh: '交车3个月回访' },
  first_service: { en: 'reminder of the first service', zh: '首保提醒' },
  benefits: { en: 'reminder of benefits', zh: '权益提醒' },
  insurance: { en: 'reminder of insurance', zh: '续保提醒' },
  warranty: { en: 'reminder of the end of warranty', zh: '质保到期提醒' },
  return_offer: { en: 'invitation to return', zh: '回店邀请' },
  after_repair_3d: { en: 'call 3 days after repair', zh: '维修后3日回访' },
} as const satisfies Record<string, Words>
export type CareKind = keyof typeof careKinds
export const careKindSchema = z.enum(codesOf(careKinds))

const months = z.int().min(1).max(240)
const days = z.int().min(1).max(3_650)
const count = z.int().min(1).max(20)

/** Month 1 begins after the day of the handover; month N ends with the day N months later. */
const monthSpan = (opens: number, due: number) =>
  z.strictObject({ opensMonth: months.default(opens), dueMonth: months.default(due) }).prefault({})

const switches = (): Record<CareKind, z.ZodDefault<z.ZodBoolean>> =>
  Object.fromEntries(Object.keys(careKinds).map((kind) => [kind, z.boolean().default(true)])) as Record<
    CareKind,
    z.ZodDefault<z.ZodBoolean>
  >

/** Every key may be left out: it then has the rulebook's number. */
export const carePolicySchema = z.strictObject({
  /** Whether there is a care desk at all. */
  enabled: z.boolean().default(true),
  /** Kinds on or off. */
  kinds: z.strictObject(switches()).prefault({}),
  /** Hours after the handover by which `delivery_24h` is due and from which `delivery_3d` is open. */
  delivery24hHours: z.int().min(1).max(720).default(24),
  /** Natural days after the handover and after a repair; the day itself does not count. */
  delivery3dDays: days.default(3),
  afterRepairDays: days.default(3),
  delivery3m: z.strictObject({ opensDay: days.default(75), dueMonth: months.default(3) }).prefault({}),
  firstService: monthSpan(2, 3),
  benefits: monthSpan(6, 6),
  insurance: z.strictObject({ opensDaysBefore: days.default(60), months: months.default(12) }).prefault({}),
  warranty: monthSpan(35, 36),
  returnOffer: z
    .strictObject({
      opensMonth: months.default(42),
      noVisitMonths: months.default(6),
      dueDays: days.default(30),
    })
    .prefault({}),
  /** Days with an unreachable customer, and refusals, that end a task; attempts of one day. */
  attempts: z
    .strictObject({ unreachableDays: count.default(3), declined: count.default(2), perDay: count.default(2) })
    .prefault({}),
  /** Hours in which the CSC judges a dissatisfied customer. */
  triageHours: z.int().min(1).max(720).default(24),
})
export type CarePolicy = z.infer<typeof carePolicySchema>

/** The rulebook's values. */
export const defaultCarePolicy: CarePolicy = carePolicySchema.parse({})

/** What a handover keeps of the policy it was made under: amending the policy moves no date of it. */
export const careRulesSchema = carePolicySchema.omit({ enabled: true, afterRepairDays: true })
export type CareRules = z.infer<typeof careRulesSchema>

export const careRulesOf = ({ enabled: _, afterRepairDays: __, ...rules }: CarePolicy): CareRules => rules
