/** The short names of problem codes, in both languages. */
import type { Words } from '../../domain/refusal.ts'
import { type ProblemCode, problems } from './problemCodes.ts'

/** Chinese names of codes whose sentence has no short form: mostly because it begins with a parameter. */
const named: { readonly [C in ProblemCode]?: string } = {
  access_log_unavailable: '访问记录不可用',
  invalid_idempotency_key: 'Idempotency-Key 格式无效',
  unauthenticated: '缺少有效令牌',
  version_conflict: '版本冲突',
  write_conflict: '写入冲突',
  unsupported_media_type: '请求正文的类型不受支持',
  not_the_recipient: '不是预警接收单位',
  warning_not_found: '预警不存在',
  version_not_found: '版本不存在',
  delivery_not_found: '投递记录不存在',
  inquiry_wrong_state: '咨询状态不允许此操作',
  unknown_topic: '咨询主题未知',
  objection_not_found: '申诉不存在',
  no_unit_of_dealer: '不计入该经销商的考核',
  quarter_is_frozen: '季度已冻结，不能申诉',
  already_objected: '该考核单元已有申诉',
  objection_not_open: '申诉已处理',
  measure_not_counted: '考核单元不计入该指标',
  not_this_dealer: '不是该经销商的人员',
  unknown_sms_contact: '短信联系人不存在',
  sms_request_not_found: '短信联系人申请不存在',
  sms_request_open: '已有待审核的申请',
  sms_field_required: '缺少必填项',
  sms_field_not_wanted: '填写了多余的项',
  wrong_state: '工单状态不允许此操作',
  contact_on_completed: '工单已处理完成，不能再记录来电',
  b_or_c_ticket: '该投诉等级的工单不支持此操作',
  already_a_repeat: '工单已是重复投诉',
  already_has_repeat: '工单已关联重复投诉',
  not_linked: '工单之间没有重复关联',
  has_duplicates: '工单有重复工单',
  outside_repeat_window: '不在重复投诉期限内',
  warning_already_open: '预警尚未处理',
  unknown_rbo: '品牌营销大区不存在',
  dealer_required: '必须填写经销商代码',
  category_not_for_intake: '该细分类不能登记',
  same_category: '工单已是该细分类',
  same_unit: '工单已由该单位处理',
  unknown_root_cause: '根本原因代码未知',
  instant_not_allowed: '不能提供此时间',
  same_problem_not_wanted: '不应填写 sameProblem',
  day_in_both_lists: '同一天列为休息日和工作日',
  day_outside_year: '日期不属于该年',
  calendar_cycle: '日历相互引用',
  weights_not_100: '权重之和不是 100',
  quarter_not_assessed: '该季度不考核',
  freeze_too_early: '尚不能冻结季度',
  already_frozen: '该季度已冻结',
  revision_not_found: '版本不存在',
  no_tie: '没有待决的并列',
  tie_seats: '指定的并列经销商数量不符',
  subject_erased: '客户信息已删除',
  subject_not_found: '客户不存在',
  subject_has_open_ticket: '客户有未结束的工单',
  subject_has_open_inquiry: '客户有未结束的咨询',
  subject_gone: '客户信息已删除',
  letter_not_found: '回函不存在',
  attachment_not_found: '附件不存在',
  too_many_attachments: '附件数量已达上限',
  customer_erased: '客户信息已删除',
  out_of_order: '早于工单的最后一个事件',
}

/** The beginning of a sentence, up to its first pause, without its parameters. */
const shortOf = (sentence: string): string =>
  sentence
    .replace(/（[^（）]*\{\w+\}[^（）]*）/g, '')
    .replace(/ ?\{\w+\} ?/g, '')
    .replace(/[，；。：].*$/su, '')

/** The short name of a code: `not_the_holder` is `Not the holder`. */
export const titleOf = (code: ProblemCode): Words => {
  const words = code.replaceAll('_', ' ')
  return {
    en: words.charAt(0).toUpperCase() + words.slice(1),
    zh: named[code] ?? shortOf(problems[code].zh),
  }
}
