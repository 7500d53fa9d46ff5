/** The policy: the numbers and lists the rulebook leaves to it, and the rulebook's values of them. */
import { z } from 'zod'
import { carePolicySchema, defaultCarePolicy } from './care/policy.ts'
import { defaultVoicePolicy, voicePolicySchema } from './voice/policy.ts'

const minutes = z.int().min(1).max(10_080)
const days = z.int().min(1).max(250)
const percent = z.int().min(0).max(100)
const amount = z.int().min(0).max(10_000_000)

/** A code of a list that the policy keeps, with its labels. */
const labelledCode = z.strictObject({
  code: z.string().regex(/^[a-z0-9_]{1,40}$/),
  zh: z.string().trim().min(1).max(100),
  en: z.string().trim().min(1).max(100),
})

/** What every version has. Minutes are service minutes, amounts whole CNY and positive. */
export const requiredSchema = z.strictObject({
  /** By the tier that holds the ticket (rulebook §5). */
  responseMinutes: z.strictObject({ dealer: minutes, rbo: minutes, se: minutes, se_media: minutes }),
  closeWorkingDays: z.strictObject({ A: days, B: days }),
  /** Natural days after closing in which a repeat counts (rulebook §5, Seven days). */
  repeatWindowDays: z.int().min(1).max(365),
  /** Follow-up phone calls from which a warning is raised (rulebook §7). */
  warnCalls: z.strictObject({ W1: z.int().min(1).max(100), W2: z.int().min(1).max(100) }),
  ackMinutes: minutes,
  /** Natural days after closing; attempts, so many hours apart, that make a customer unreachable (rulebook §11). */
  callback: z.strictObject({
    days: z.int().min(1).max(365),
    attempts: z.int().min(1).max(20),
    hoursApart: z.int().min(0).max(168),
  }),
  /** Whole percent; they sum to 100 (rulebook §9). */
  weights: z.strictObject({ response: percent, close: percent, firstTime: percent }),
  /** Ranks that are rewarded in each RBO. */
  rewardTop: z.int().min(0).max(1000),
  rewardAmount: amount,
  /** Scores strictly below are penalised; scores have two decimals. */
  penaltyBelow: z.number().min(0).max(100).multipleOf(0.01),
  penaltyAmount: amount,
  /** `CN` working days after a quarter before it may be frozen. */
  freezeWorkingDays: z.int().min(1).max(60),
  rootCauses: z.array(labelledCode).min(1).max(200),
})

/**
 * Keys that came later: a stored version without one has the rulebook's value. A new key is entered here and in
 * `optionalDefaults`; the event, the policy in force, the REST bodies and their documentation follow.
 */
export const optionalSchema = z.strictObject({
  /** Words that stand where a phone, VIN or customer number is missing; they join nobody (rulebook §6). */
  placeholders: z.array(z.string().trim().min(1).max(100)).max(1000),
  /**
   * Announcements before a breach: of a response so many service minutes before its due (`null`: off), of a closing
   * from the opening of its last working day on.
   */
  headsUp: z.strictObject({ responseMinutes: minutes.nullable(), closeLastDay: z.boolean() }),
  /** What inquiries are about, and their clocks: the SE's answer, and passing it on in service minutes (rulebook §12). */
  inquiry: z.strictObject({
    topics: z.array(labelledCode).min(1).max(200),
    answerWorkingDays: days,
    relayMinutes: minutes,
  }),
  /** Years after the end of its last ticket or inquiry in which a customer's data is kept (rulebook §17). */
  retentionYears: z.int().min(1).max(100),
  /** Customer voice (rulebook §16). */
  voice: voicePolicySchema,
  /** Care calls (rulebook §15). */
  care: carePolicySchema,
})

/** The numbers and lists the rulebook leaves to policy, as they are in force. */
export const policySchema = z.strictObject({ ...requiredSchema.shape, ...optionalSchema.shape })

export type Policy = z.infer<typeof policySchema>

/** The keys a version may lack. */
export const optionalPolicyKeys = optionalSchema.keyof().options

export type OptionalPolicy = z.infer<typeof optionalSchema>

/** A policy to be set: of the optional keys, one left out keeps its value, `null` returns to the rulebook's. */
export type PolicyDraft = z.infer<typeof requiredSchema> & {
  [K in keyof OptionalPolicy]?: OptionalPolicy[K] | null | undefined
}

/** The rulebook's values of the keys that a version may lack. */
export const optionalDefaults: OptionalPolicy = {
  headsUp: { responseMinutes: 30, closeLastDay: true },
  inquiry: {
    topics: [
      { code: 'product', zh: '产品', en: 'Product' },
      { code: 'price', zh: '价格', en: 'Price' },
      { code: 'promotion', zh: '促销活动', en: 'Promotion' },
      { code: 'order', zh: '订单', en: 'Order' },
      { code: 'dealer', zh: '经销商', en: 'Dealer' },
      { code: 'service', zh: '服务', en: 'Service' },
      { code: 'other', zh: '其它', en: 'Other' },
    ],
    answerWorkingDays: 1,
    relayMinutes: 120,
  },
  retentionYears: 10,
  placeholders: [
    ...[
      '无',
      '無',
      '没有',
      '暂无',
      '无号码',
      '无电话',
      '空',
      '空白',
      '不详',
      '不明',
      '不清楚',
      '不知道',
      '未知',
    ],
    ...[
      '未填',
      '未填写',
      '未留',
      '未提供',
      '未登记',
      '待补',
      '待定',
      '保密',
      '拒绝提供',
      '不愿提供',
      '匿名',
      '测试',
    ],
    ...[
      '-',
      '/',
      '.',
      '0',
      'N/A',
      'NA',
      'none',
      'nil',
      'null',
      'nan',
      'undefined',
      'unknown',
      'anonymous',
      'tbd',
      'test',
    ],
  ],
  voice: defaultVoicePolicy,
  care: defaultCarePolicy,
}

/** The rulebook's values of the keys that every version has: what a new installation is given. */
export const seededPolicy: PolicyDraft & z.infer<typeof requiredSchema> = {
  responseMinutes: { dealer: 120, rbo: 120, se: 120, se_media: 120 },
  closeWorkingDays: { A: 3, B: 7 },
  repeatWindowDays: 7,
  warnCalls: { W1: 2, W2: 3 },
  ackMinutes: 120,
  callback: { days: 7, attempts: 3, hoursApart: 2 },
  weights: { response: 30, close: 30, firstTime: 40 },
  rewardTop: 5,
  rewardAmount: 10_000,
  penaltyBelow: 40,
  penaltyAmount: 10_000,
  freezeWorkingDays: 15,
  rootCauses: [
    { code: 'communication', zh: '沟通不充分', en: 'Poor communication' },
    { code: 'staff_attitude', zh: '人员服务态度', en: 'Staff attitude' },
    { code: 'product_knowledge', zh: '人员产品知识不足', en: 'Lack of product knowledge' },
    { code: 'broken_promise', zh: '承诺未兑现', en: 'Promise not kept' },
    { code: 'price', zh: '价格与收费', en: 'Price and charges' },
    { code: 'promotion', zh: '促销政策与活动', en: 'Promotion policy or campaign' },
    { code: 'delivery_delay', zh: '延迟交车', en: 'Late delivery' },
    { code: 'vehicle_supply', zh: '资源不足', en: 'Vehicle not available' },
    { code: 'product_quality', zh: '产品质量', en: 'Product quality' },
    { code: 'configuration', zh: '配置与宣传不符', en: 'Configuration differs from what was advertised' },
    { code: 'paperwork_plate', zh: '手续与上牌', en: 'Paperwork and plate registration' },
    { code: 'deposit_contract', zh: '定金与合同', en: 'Deposit and contract' },
    { code: 'other', zh: '其它', en: 'Other' },
  ],
}

/** The rulebook's values, in force until a policy is set. */
export const defaultPolicy: Policy = { ...seededPolicy, ...optionalDefaults }
