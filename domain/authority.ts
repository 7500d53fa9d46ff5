/** Who may do what: the table of rulebook §2, as data. */

import { z } from 'zod'
import { codesOf } from './codeList.ts'
import type { Tier } from './codes.ts'
import { Refusal, type Words } from './refusal.ts'

export const roles = {
  csr: { en: 'call-centre agent', zh: '客户服务专员' },
  csr_media: { en: 'call-centre agent for media cases', zh: '媒体投诉客服专员' },
  csc_system: { en: 'call-centre software', zh: '客服中心系统' },
  csc_supervisor: { en: 'call-centre supervisor', zh: '客服中心主管' },
  dealer: { en: 'dealer', zh: '经销商' },
  rbo: { en: 'regional business office', zh: '品牌营销大区' },
  se: { en: 'support engineer', zh: '售前投诉处理支持工程师' },
  se_media: { en: 'support engineer for media cases', zh: '消协/媒体投诉处理专职SE' },
  sa: { en: 'head of complaint handling', zh: '投诉处理部门主管' },
  hq_sales: { en: 'HQ sales', zh: '总部销售' },
  admin: { en: 'administrator', zh: '系统管理员' },
  auditor: { en: 'auditor', zh: '审计' },
} as const satisfies Record<string, Words>
export type Role = keyof typeof roles
export const roleSchema = z.enum(codesOf(roles))

const everyone = Object.keys(roles) as Role[]
const csc = ['csr', 'csr_media', 'csc_system'] as const
const handlers = ['dealer', 'rbo', 'se', 'se_media'] as const
/** They see the customer's personal data; all others get it masked. */
const dealingWithCustomers = everyone.filter((role) => !['hq_sales', 'admin', 'auditor'].includes(role))

/** The roles an action takes. Which unit, where it matters, is for the ticket's own guards. */
export const permissions = {
  register: csc,
  register_media: ['csr_media'],
  log_contact: csc,
  redispatch: csc,
  link_repeat: csc,
  correct: csc,
  weigh: [...csc, 'se', 'sa'],
  record_callback: csc,
  look_for_candidates: csc,
  respond: handlers,
  record_work: handlers,
  inform_consumer: [...handlers, ...csc],
  ask_for_help: ['dealer'],
  record_feedback: ['se_media'],
  close: handlers,
  claim: handlers,
  attach: dealingWithCustomers,
  remove_attachment: ['csc_supervisor', 'sa'],
  write_letter: handlers,
  write_official_letter: ['se_media', 'sa'],
  raise_warning: ['csr', 'se'],
  handle_warning: ['rbo', 'se', 'sa'],
  reclassify: ['csr', 'se', 'sa'],
  name_responsible_dealer: ['se_media'],
  convert_to_c: ['sa'],
  rescind: ['csc_supervisor', 'se', 'sa'],
  rescind_completed: ['sa'],
  undo_duplicate: ['sa'],
  recalculate: ['sa'],
  keep_master_data: ['hq_sales', 'admin'],
  settle_quarter: ['hq_sales', 'admin'],
  decide_tie: ['hq_sales'],
  take_inquiry: ['csr', 'csc_system'],
  answer_inquiry: ['se'],
  withdraw_inquiry: ['csr', 'csc_supervisor'],
  raise_objection: ['dealer'],
  decide_objection: ['hq_sales'],
  keep_voice: ['hq_sales'],
  improve_voice: ['dealer'],
  follow_voice: ['rbo'],
  request_sms_contact: ['dealer'],
  decide_sms_contact: ['csr', 'csc_system'],
  record_handover: ['dealer', 'csc_system', 'admin'],
  call_customer: ['dealer'],
  judge_care: ['csr', 'csc_system'],
  try_policy: ['hq_sales', 'sa'],
  import: ['admin'],
  keep_webhooks: ['admin'],
  prove_log: ['auditor', 'sa', 'hq_sales'],
  keep_personal_data: ['sa'],
  read_access_log: ['auditor', 'sa'],
  read: everyone,
  see_personal_data: dealingWithCustomers,
  search_by_person: dealingWithCustomers,
} as const satisfies Record<string, readonly Role[]>
export type Action = keyof typeof permissions

export type ActionAuditKind = 'master_data' | 'settlement' | 'import' | 'personal_data' | 'webhooks'

/**
 * The kind of line each action leaves in the log that an auditor looks through; a new route with an old action leaves
 * its line by itself. `null`: none.
 */
export const auditKinds: Record<Action, ActionAuditKind | null> = {
  keep_master_data: 'master_data',
  settle_quarter: 'settlement',
  decide_tie: 'settlement',
  import: 'import',
  keep_personal_data: 'personal_data',
  keep_webhooks: 'webhooks',
  // the log of events tells who did these, and what
  register: null,
  register_media: null,
  log_contact: null,
  redispatch: null,
  link_repeat: null,
  record_callback: null,
  respond: null,
  record_work: null,
  inform_consumer: null,
  ask_for_help: null,
  record_feedback: null,
  close: null,
  claim: null,
  write_letter: null,
  attach: null,
  remove_attachment: null,
  write_official_letter: null,
  correct: null,
  weigh: null,
  raise_warning: null,
  handle_warning: null,
  reclassify: null,
  name_responsible_dealer: null,
  convert_to_c: null,
  rescind: null,
  rescind_completed: null,
  undo_duplicate: null,
  recalculate: null,
  take_inquiry: null,
  answer_inquiry: null,
  withdraw_inquiry: null,
  raise_objection: null,
  decide_objection: null,
  keep_voice: null,
  improve_voice: null,
  follow_voice: null,
  request_sms_contact: null,
  decide_sms_contact: null,
  record_handover: null,
  call_customer: null,
  judge_care: null,
  // these change nothing
  look_for_candidates: null,
  try_policy: null,
  prove_log: null,
  read_access_log: null,
  read: null,
  see_personal_data: null,
  search_by_person: null,
}

export type Actor = {
  id: string
  roles: readonly Role[]
  /** The token's own subject, which is another than `id` where it writes on somebody's behalf. */
  sub?: string
  /** The unit of a dealer or RBO role. */
  dealer?: string
  rbo?: string
  /** An import's actor: its unit is taken to be the right one (`api.md`, imports). */
  anyUnit?: true
}

/** The actor as events keep it: the one that is named, and the token that named it. */
export const recordedActor = (
  { id, sub }: Actor,
  role: string,
): { id: string; role: string; sub?: string } => ({
  id,
  role,
  ...(sub !== undefined && sub !== id && { sub }),
})

const unitRoles: Partial<Record<Role, 'dealer' | 'rbo'>> = { dealer: 'dealer', rbo: 'rbo' }

/**
 * The first of the actor's roles that the action takes.
 * @throws Refusal `role_not_allowed`
 */
export const actingRole = (actor: Actor, action: Action): Role => {
  const allowed: readonly Role[] = permissions[action]
  const role = actor.roles.find((each) => allowed.includes(each))
  if (role === undefined) throw new Refusal('role_not_allowed', { roles: allowed.join(', ') })
  return role
}

/** Whether the actor is of the people of that unit; `SE`, `SE_MEDIA` and `SA` are one desk each. */
export const isOfUnit = (actor: Actor, tier: Tier, unit: string): boolean => {
  if (!actor.roles.includes(tier)) return false
  const claim = unitRoles[tier]
  return actor.anyUnit === true || claim === undefined || actor[claim] === unit
}
