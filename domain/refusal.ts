/** The two languages every label and message is written in. */
export type Words = { en: string; zh: string }

/** `title`: the short name in Chinese, where the sentence has no short form: mostly because it begins with a parameter. */
export type ProblemWords = Words & { title?: string }

/**
 * The business says no: the closed list of reasons, each with the sentence a caller reads. `{name}` stands for a
 * parameter of the refusal. Which HTTP status a code has is the API's table.
 */
export const refusals = {
  // who may (rulebook §2)
  role_not_allowed: {
    en: 'None of your roles may do this; it takes one of: {roles}.',
    zh: '您的角色无权执行此操作，需要以下角色之一：{roles}。',
  },
  not_the_holder: {
    en: 'Only the people of the unit that holds the ticket ({unit}) may do this.',
    zh: '只有当前处理单位（{unit}）的人员可以执行此操作。',
  },
  not_the_recipient: {
    en: 'Only the unit the warning was sent to ({unit}), once the ticket moved on the unit above its new holder, or the SA may do this.',
    zh: '只有预警接收单位（{unit}）、工单转出后新处理单位的上一级，或 SA 可以执行此操作。',
    title: '不是预警接收单位',
  },
  // absent
  ticket_not_found: { en: 'There is no ticket {ticketNo}.', zh: '工单 {ticketNo} 不存在。' },
  warning_not_found: {
    en: 'The ticket has no warning {warning}.',
    zh: '该工单没有预警 {warning}。',
    title: '预警不存在',
  },
  attachment_not_found: {
    en: 'There is no attachment {attachment} here, or it was removed.',
    zh: '此处没有附件 {attachment}，或该附件已删除。',
    title: '附件不存在',
  },
  letter_not_found: {
    en: 'The ticket has no letter {number}.',
    zh: '该工单没有第 {number} 号回函。',
    title: '回函不存在',
  },
  dealer_not_found: { en: 'There is no dealer {code}.', zh: '经销商 {code} 不存在。' },
  rbo_not_found: { en: 'There is no RBO {code}.', zh: '品牌营销大区 {code} 不存在。' },
  version_not_found: {
    en: 'There is no version {version} of {name}.',
    zh: '{name} 没有第 {version} 版。',
    title: '版本不存在',
  },
  webhook_not_found: { en: 'There is no such webhook.', zh: '该 Webhook 不存在。' },
  delivery_not_found: {
    en: 'The webhook has no delivery {delivery}, or it is older than 30 days.',
    zh: '该 Webhook 没有投递记录 {delivery}，或记录已超过 30 天。',
    title: '投递记录不存在',
  },
  calendar_not_found: { en: 'There is no calendar {code}.', zh: '日历 {code} 不存在。' },
  inquiry_not_found: { en: 'There is no inquiry {inquiryNo}.', zh: '咨询 {inquiryNo} 不存在。' },
  // inquiries (rulebook §12)
  inquiry_wrong_state: {
    en: 'An inquiry that is {state} does not take this; it must be {allowed}.',
    zh: '咨询当前为“{state}”，此操作要求“{allowed}”。',
    title: '咨询状态不允许此操作',
  },
  inquiry_without_customer: {
    en: 'The inquiry has no customer, or the customer was erased; register the complaint by itself.',
    zh: '该咨询没有客户信息，或客户信息已删除；请直接登记投诉。',
  },
  inquiry_external_no_taken: {
    en: 'The external number {externalNo} belongs to inquiry {inquiryNo}.',
    zh: '外部编号 {externalNo} 已用于咨询 {inquiryNo}。',
  },
  unknown_topic: {
    en: 'The policy has no topic {topic}; it must be one of: {topics}.',
    zh: '政策中没有主题 {topic}，应为以下之一：{topics}。',
    title: '咨询主题未知',
  },
  too_many_relays: {
    en: 'The inquiry has taken as many acts as an inquiry can take.',
    zh: '该咨询的操作数量已达上限。',
  },
  // objections (rulebook §14)
  objection_not_found: {
    en: 'The ticket has no objection {objectionId}.',
    zh: '该工单没有申诉 {objectionId}。',
    title: '申诉不存在',
  },
  no_unit_of_dealer: {
    en: 'The ticket does not count in the rates of dealer {code}.',
    zh: '该工单不计入经销商 {code} 的考核。',
    title: '不计入该经销商的考核',
  },
  quarter_is_frozen: {
    en: 'Quarter {quarter} is frozen, revision {revision}; objections are raised before that.',
    zh: '{quarter} 季度已冻结（第 {revision} 版），冻结后不能再申诉。',
    title: '季度已冻结，不能申诉',
  },
  already_objected: {
    en: 'There is an objection to this unit already, {objectionId}; a unit has one.',
    zh: '该考核单元已有申诉 {objectionId}，每个单元只能申诉一次。',
    title: '该考核单元已有申诉',
  },
  objection_not_open: {
    en: 'The objection is {status} already.',
    zh: '该申诉{status}，不能再处理。',
    title: '申诉已处理',
  },
  measure_not_counted: {
    en: 'The unit does not count in {measure}.',
    zh: '该考核单元不计入“{measure}”。',
    title: '考核单元不计入该指标',
  },
  unknown_attachment: {
    en: 'The ticket has no attachment {attachment}.',
    zh: '该工单没有附件 {attachment}。',
    title: '附件不存在',
  },
  // customer voice (rulebook §16)
  desk_closed: { en: 'This desk is switched off by the policy.', zh: '该业务已由政策停用。' },
  voice_item_not_found: {
    en: 'There is no item {itemId}.',
    zh: '条目 {itemId} 不存在。',
    title: '条目不存在',
  },
  voice_sheet_not_found: {
    en: 'There is no sheet {sheetId}.',
    zh: '改进单 {sheetId} 不存在。',
    title: '改进单不存在',
  },
  voice_entry_not_found: {
    en: 'The ledger has no entry {entryId}.',
    zh: '台账中没有记录 {entryId}。',
    title: '台账记录不存在',
  },
  voice_external_no_taken: {
    en: 'The external number {externalNo} belongs to item {itemId}, which says something else.',
    zh: '外部编号 {externalNo} 已用于条目 {itemId}，且内容不同。',
    title: '外部编号已占用',
  },
  voice_month_in_future: {
    en: 'Month {month} has not begun.',
    zh: '{month} 月尚未开始。',
    title: '月份尚未开始',
  },
  voice_too_many_items: {
    en: 'A dealer has at most {most} items a month, and has as many in {month}.',
    zh: '每家经销商每月最多 {most} 个条目，{month} 月已达上限。',
    title: '条目数已达上限',
  },
  voice_sheet_already_sent: {
    en: 'Sheet {sheetId} is sent; its items stay as they are, and none is added.',
    zh: '改进单 {sheetId} 已下发，不能再新增、修改或剔除条目。',
    title: '改进单已下发',
  },
  voice_item_dropped: { en: 'Item {itemId} was dropped.', zh: '条目 {itemId} 已剔除。', title: '条目已剔除' },
  voice_sheet_exists: {
    en: 'Sheet {sheetId} is sent already; a dealer has one a month.',
    zh: '改进单 {sheetId} 已下发，每家经销商每月仅一张。',
    title: '该月改进单已下发',
  },
  voice_no_items: {
    en: 'Dealer {code} has no items of {month} that could be sent.',
    zh: '经销商 {code} 在 {month} 月没有可下发的条目。',
    title: '没有可下发的条目',
  },
  voice_wrong_status: {
    en: 'A sheet that is {voiceStatus} does not take this; it must be {voiceAllowed}.',
    zh: '改进单当前为“{voiceStatus}”，此操作要求“{voiceAllowed}”。',
    title: '改进单状态不允许此操作',
  },
  voice_meeting_before_sheet: {
    en: 'The meeting lies before the sheet was sent ({sentAt}).',
    zh: '会议时间早于改进单下发时间（{sentAt}）。',
  },
  voice_item_not_on_sheet: {
    en: 'Item {itemId} is not on sheet {sheetId}.',
    zh: '改进单 {sheetId} 中没有条目 {itemId}。',
    title: '条目不在改进单中',
  },
  voice_plan_twice: {
    en: 'Item {itemId} has two plans.',
    zh: '条目 {itemId} 有两个改进计划。',
    title: '改进计划重复',
  },
  voice_plan_missing: {
    en: 'Item {itemId} has no plan.',
    zh: '条目 {itemId} 缺少改进计划。',
    title: '缺少改进计划',
  },
  voice_plan_end_too_late: {
    en: 'The plan must end on {latest} at the latest.',
    zh: '改进计划最迟应于 {latest} 完成。',
  },
  voice_plan_end_too_early: {
    en: 'The plan must not end before {earliest}.',
    zh: '改进计划的完成日期不能早于 {earliest}。',
  },
  voice_plans_ended: {
    en: 'The last plan of the sheet has ended; no end is moved any more.',
    zh: '改进单的最后一项计划已到期，不能再调整完成日期。',
  },
  voice_unknown_attachment: {
    en: 'The sheet has no attachment {attachment}.',
    zh: '改进单没有附件 {attachment}。',
  },
  voice_reason_required: { en: 'A sheet is sent back with a reason.', zh: '退回改进单必须填写原因。' },
  voice_result_twice: {
    en: 'Item {itemId} has two results.',
    zh: '条目 {itemId} 有两个改进结果。',
    title: '改进结果重复',
  },
  voice_result_missing: {
    en: 'Item {itemId} has no result.',
    zh: '条目 {itemId} 缺少改进结果。',
    title: '缺少改进结果',
  },
  voice_already_judged: {
    en: 'Item {itemId} is judged already.',
    zh: '条目 {itemId} 已评价。',
    title: '条目已评价',
  },
  voice_not_effective: {
    en: 'Item {itemId} was not judged effective, so it is not published.',
    zh: '条目 {itemId} 未被评为有效，不能发布。',
    title: '条目未被评为有效',
  },
  voice_already_published: {
    en: 'Item {itemId} is published already.',
    zh: '条目 {itemId} 已发布。',
    title: '条目已发布',
  },
  voice_amount_outside_range: {
    en: 'The amount must be from {from} to {to} CNY.',
    zh: '金额应为 {from} 至 {to} 元。',
  },
  voice_entry_is_reversal: { en: 'A reversal is not reversed.', zh: '冲销记录不能再冲销。' },
  voice_entry_reversed: {
    en: 'Entry {entryId} is reversed already.',
    zh: '记录 {entryId} 已冲销。',
    title: '台账记录已冲销',
  },
  voice_amounts_crossed: {
    en: 'The amounts of a published case run from {from} to {to}: from is more than to.',
    zh: '案例发布金额的下限 {from} 大于上限 {to}。',
  },
  // SMS contacts (rulebook §13)
  not_this_dealer: {
    en: 'Only the people of dealer {code} may ask for this.',
    zh: '只有经销商 {code} 的人员可以提出此申请。',
    title: '不是该经销商的人员',
  },
  unknown_sms_contact: {
    en: 'The dealer has no SMS contact {contactId}.',
    zh: '该经销商没有短信联系人 {contactId}。',
    title: '短信联系人不存在',
  },
  sms_request_not_found: {
    en: 'The dealer has no request {requestId} about an SMS contact.',
    zh: '该经销商没有短信联系人申请 {requestId}。',
    title: '短信联系人申请不存在',
  },
  sms_request_open: {
    en: 'Request {requestId} about this contact is still open; a contact has one open request at a time.',
    zh: '该联系人的申请 {requestId} 尚未审核；每位联系人同时只能有一项待审核申请。',
    title: '已有待审核的申请',
  },
  sms_request_decided: {
    en: 'The request was {status} already.',
    zh: '该申请{status}。',
  },
  sms_field_required: {
    en: 'A request to {action} a contact needs {field}.',
    zh: '{action}联系人的申请必须填写 {field}。',
    title: '缺少必填项',
  },
  sms_field_not_wanted: {
    en: 'A request to {action} a contact takes no {field}.',
    zh: '{action}联系人的申请不能填写 {field}。',
    title: '填写了多余的项',
  },
  too_many_sms_requests: {
    en: 'The dealer has made as many requests as a dealer can make.',
    zh: '该经销商的申请数量已达上限。',
  },
  // care desk (rulebook §15)
  care_task_not_found: {
    en: 'There is no care task {taskId}.',
    zh: '回访任务 {taskId} 不存在。',
    title: '回访任务不存在',
  },
  handover_not_found: {
    en: 'There is no handover {handoverId}.',
    zh: '交车记录 {handoverId} 不存在。',
    title: '交车记录不存在',
  },
  handover_external_no_taken: {
    en: 'The external number {externalNo} belongs to handover {handoverId}.',
    zh: '外部编号 {externalNo} 已用于交车记录 {handoverId}。',
    title: '交车外部编号已占用',
  },
  care_task_not_open: {
    en: 'The task opens at {opensAt}.',
    zh: '该任务于 {opensAt} 开放。',
    title: '任务尚未开放',
  },
  care_task_ended: { en: 'The task has ended: {status}.', zh: '该任务已结束：{status}。' },
  care_call_before_task: {
    en: 'The call lies before the task opened ({opensAt}).',
    zh: '回访时间早于任务开放时间（{opensAt}）。',
  },
  care_attempts_of_day: {
    en: 'The task has taken {most} attempts on that day, which is the most.',
    zh: '该任务当日回访已达上限 {most} 次。',
    title: '当日回访次数已满',
  },
  care_outcome_required: {
    en: 'A customer who was reached has an outcome.',
    zh: '已接通的回访必须填写结果。',
  },
  care_outcome_not_wanted: {
    en: 'Only a customer who was reached has an outcome.',
    zh: '仅已接通的回访可填写结果。',
  },
  care_feedback_required: {
    en: 'A dissatisfied customer needs feedback: product, service or other.',
    zh: '客户不满意时必须填写反馈：产品、服务或其他。',
  },
  care_not_in_triage: {
    en: 'The task {taskId} is not on the triage list.',
    zh: '任务 {taskId} 不在待处理列表中。',
    title: '任务不在待处理列表',
  },
  too_many_care_acts: {
    en: 'The vehicle has taken as many acts as a vehicle can take.',
    zh: '该车辆的操作数量已达上限。',
  },
  // the ticket's state (rulebook §4)
  wrong_state: {
    en: 'A ticket that is {state} does not take this; it must be {allowed}.',
    zh: '工单当前为“{state}”，此操作要求“{allowed}”。',
    title: '工单状态不允许此操作',
  },
  ticket_is_over: {
    en: 'The ticket was rescinded or marked a duplicate; nothing more happens to it.',
    zh: '工单已撤销或标记为重复，不再接受任何操作。',
  },
  contact_on_completed: {
    en: 'The ticket is completed; register a new complaint instead.',
    zh: '工单已处理完成，请登记新的投诉。',
    title: '工单已处理完成，不能再记录来电',
  },
  not_a_b_ticket: { en: 'This is for B tickets only.', zh: '此操作仅适用于 B 类工单。' },
  b_or_c_ticket: {
    en: 'A ticket of level {level} does not take this.',
    zh: '{level} 类工单不支持此操作。',
    title: '该投诉等级的工单不支持此操作',
  },
  not_yet_due: {
    en: 'A B ticket becomes C only once its closing deadline ({dueAt}) is reached.',
    zh: 'B 类工单仅在到达封闭期限（{dueAt}）后才能升级为 C 类。',
  },
  already_a_repeat: {
    en: 'Ticket {ticketNo} already is the repeat of {of}.',
    zh: '工单 {ticketNo} 已是 {of} 的重复投诉。',
    title: '工单已是重复投诉',
  },
  already_has_repeat: {
    en: 'Ticket {ticketNo} already has the repeat {repeat}.',
    zh: '工单 {ticketNo} 已关联重复投诉 {repeat}。',
    title: '工单已关联重复投诉',
  },
  not_linked: {
    en: 'Ticket {repeat} is not the repeat of {ticketNo}.',
    zh: '工单 {repeat} 不是 {ticketNo} 的重复投诉。',
    title: '工单之间没有重复关联',
  },
  has_duplicates: {
    en: 'Ticket {duplicate} is a duplicate of {ticketNo}, which therefore stays; undo that first.',
    zh: '工单 {duplicate} 是 {ticketNo} 的重复工单，须先撤销该重复标记。',
    title: '工单有重复工单',
  },
  not_a_duplicate: {
    en: 'Ticket {ticketNo} is not marked a duplicate.',
    zh: '工单 {ticketNo} 未标记为重复。',
  },
  outside_repeat_window: {
    en: 'The complaint was not received inside the {days} days after closing.',
    zh: '投诉接收时间不在封闭后 {days} 天内。',
    title: '不在重复投诉期限内',
  },
  warning_already_open: {
    en: 'A warning {warningCode} is open on this assignment already.',
    zh: '当前分配已存在未处理的预警 {warningCode}。',
    title: '预警尚未处理',
  },
  warning_already_acknowledged: { en: 'The warning is acknowledged already.', zh: '该预警已确认。' },
  warning_already_resolved: { en: 'The warning is resolved already.', zh: '该预警已处理。' },
  customer_unreadable: {
    en: 'The customer data of ticket {ticketNo} cannot be read, so it cannot be corrected.',
    zh: '工单 {ticketNo} 的客户信息无法读取，不能更正。',
  },
  already_claimed: {
    en: 'Somebody else of the unit has claimed the ticket; they can hand it over, or anybody of the unit can release it first.',
    zh: '本单位其他人员已领单；须由其转交，或先由本单位人员释放。',
  },
  too_many_attachments: {
    en: 'There are {most} attachments already, as many as there may be; remove one first.',
    zh: '附件已达 {most} 个上限，请先删除其中一个。',
    title: '附件数量已达上限',
  },
  customer_erased: {
    en: 'The customer was erased; nothing more can be kept, and what was is gone.',
    zh: '客户信息已删除，不能再保存任何内容，原有内容也已不存在。',
    title: '客户信息已删除',
  },
  external_no_taken: {
    en: 'The external number {externalNo} belongs to ticket {ticketNo} already.',
    zh: '外部编号 {externalNo} 已属于工单 {ticketNo}。',
  },
  // well-formed, but not valid here
  unknown_dealer: { en: 'There is no dealer {code}.', zh: '经销商 {code} 不存在。' },
  inactive_dealer: {
    en: 'Dealer {code} is not active; nothing new goes to it.',
    zh: '经销商 {code} 已停用，不能再分配工单。',
  },
  unknown_rbo: {
    en: 'There is no RBO {code}.',
    zh: '品牌营销大区 {code} 不存在。',
    title: '品牌营销大区不存在',
  },
  unknown_calendar: { en: 'There is no calendar {code}.', zh: '日历 {code} 不存在。' },
  dealer_required: {
    en: 'This complaint goes to the {tier}, so it needs a dealerCode.',
    zh: '该投诉应分配给 {tier}，必须填写经销商代码。',
    title: '必须填写经销商代码',
  },
  dealer_not_wanted: {
    en: 'A dealerCode belongs here only where the ticket has none and its new tier needs one.',
    zh: '仅当工单没有经销商且新层级需要时才可填写经销商代码。',
  },
  category_not_for_intake: {
    en: 'Category {category} is not registered; C4 comes only from converting a B ticket.',
    zh: '不能登记 {category} 类投诉；C4 只能由 B 类升级而来。',
    title: '该细分类不能登记',
  },
  source_required: { en: 'A B4 complaint needs its source.', zh: 'B4 投诉必须填写来源。' },
  source_not_wanted: { en: 'Only a B4 complaint has a source.', zh: '只有 B4 投诉才有来源。' },
  same_category: {
    en: 'The ticket has category {category} already.',
    zh: '工单已是 {category} 类。',
    title: '工单已是该细分类',
  },
  same_unit: {
    en: '{unit} holds the ticket already.',
    zh: '工单已由 {unit} 处理。',
    title: '工单已由该单位处理',
  },
  unknown_ticket: { en: 'There is no ticket {ticketNo}.', zh: '工单 {ticketNo} 不存在。' },
  ticket_not_usable: {
    en: 'Ticket {ticketNo} was rescinded or marked a duplicate and cannot be named here.',
    zh: '工单 {ticketNo} 已撤销或标记为重复，不能在此引用。',
  },
  same_ticket: { en: 'A ticket cannot be named to itself.', zh: '不能引用工单自身。' },
  unknown_root_cause: {
    en: 'The policy has no root cause {code}.',
    zh: '政策中没有根本原因代码 {code}。',
    title: '根本原因代码未知',
  },
  future_instant: { en: 'The instant lies in the future.', zh: '时间不能晚于当前时间。' },
  before_registration: {
    en: 'The instant lies before the ticket was registered.',
    zh: '时间不能早于工单登记时间。',
  },
  instant_not_allowed: {
    en: 'Only {roles} may send this instant.',
    zh: '只有 {roles} 可以提供此时间。',
    title: '不能提供此时间',
  },
  before_closing: {
    en: 'The instant lies before the ticket was closed.',
    zh: '时间不能早于工单封闭时间。',
  },
  same_problem_not_wanted: {
    en: 'Only a dissatisfied customer complains of the same problem again: sameProblem goes with outcome dissatisfied.',
    zh: '仅当回访结果为不满意（dissatisfied）时，才能填写 sameProblem。',
    title: '不应填写 sameProblem',
  },
  repeat_external_no_not_wanted: {
    en: 'repeatExternalNo belongs to a dissatisfied callback on the same problem.',
    zh: '仅当回访不满意且为同一问题时才可填写重复投诉外部编号。',
  },
  score_not_wanted: {
    en: 'Only a customer who answered the callback has a score.',
    zh: '仅当客户接受回访时才可填写评分。',
  },
  note_required: {
    en: 'A dissatisfied callback on the same problem needs a note: it is the content of the repeat complaint.',
    zh: '回访不满意且为同一问题时必须填写备注，作为重复投诉的内容。',
  },
  too_many_contacts: {
    en: 'The ticket has taken as many acts as a ticket can take.',
    zh: '该工单的操作数量已达上限。',
  },
  // calendars and policy (rulebook §5, §9)
  calendar_without_working_time: {
    en: 'The calendar would have no working time: {why}.',
    zh: '日历没有任何工作时间：{why}。',
  },
  day_in_both_lists: {
    en: '{day} is listed as off and as work.',
    zh: '{day} 同时列为休息日和工作日。',
    title: '同一天列为休息日和工作日',
  },
  day_outside_year: {
    en: '{day} is not a day of {year}.',
    zh: '{day} 不属于 {year} 年。',
    title: '日期不属于该年',
  },
  calendar_cycle: {
    en: 'The days of {code} cannot come from {daysOf}: that calendar borrows its own.',
    zh: '{code} 不能引用 {daysOf} 的工作日：该日历本身也引用其他日历。',
    title: '日历相互引用',
  },
  weights_not_100: {
    en: 'The weights sum to {sum}, not 100.',
    zh: '权重之和为 {sum}，应为 100。',
    title: '权重之和不是 100',
  },
  effective_in_past: { en: 'A policy cannot take effect in the past.', zh: '政策生效时间不能早于当前时间。' },
  duplicate_root_cause: { en: 'Root cause {code} is listed twice.', zh: '根本原因代码 {code} 重复。' },
  duplicate_topic: { en: 'Topic {code} is listed twice.', zh: '咨询主题 {code} 重复。' },
  // assessment (rulebook §9)
  quarter_not_assessed: {
    en: 'Quarters are assessed from {first} on.',
    zh: '考核自 {first} 起。',
    title: '该季度不考核',
  },
  quarter_in_future: { en: 'The quarter has not begun.', zh: '该季度尚未开始。' },
  freeze_too_early: {
    en: 'Quarter {quarter} can be frozen from {from} on.',
    zh: '{quarter} 季度自 {from} 起方可冻结。',
    title: '尚不能冻结季度',
  },
  already_frozen: {
    en: 'Quarter {quarter} is frozen already, revision {revision}; revise it instead.',
    zh: '{quarter} 季度已冻结（第 {revision} 版），请改用修订。',
    title: '该季度已冻结',
  },
  not_frozen: { en: 'The quarter is not frozen yet.', zh: '该季度尚未冻结。' },
  revision_not_found: {
    en: 'Quarter {quarter} has no revision {revision}.',
    zh: '{quarter} 季度没有第 {revision} 版。',
    title: '版本不存在',
  },
  no_tie: {
    en: 'In RBO {rbo} the newest revision has no tie to decide.',
    zh: '最新版本中品牌营销大区 {rbo} 没有待决的并列。',
    title: '没有待决的并列',
  },
  not_in_tie: {
    en: 'Dealer {code} is not one of the tied: {tied}.',
    zh: '经销商 {code} 不在并列名单中：{tied}。',
  },
  tie_seats: {
    en: 'The decision must name exactly {seats} of the tied dealers, each once.',
    zh: '决定必须恰好指定 {seats} 家并列经销商，且不得重复。',
    title: '指定的并列经销商数量不符',
  },
  // webhooks
  webhook_url_malformed: { en: 'The URL cannot be read.', zh: 'URL 格式无效。' },
  webhook_url_not_https: {
    en: 'The URL must begin with https://; WEBHOOK_ALLOW can name hosts that may be http.',
    zh: 'URL 必须以 https:// 开头；可在 WEBHOOK_ALLOW 中列出允许使用 http 的主机。',
  },
  webhook_url_credentials: {
    en: 'The URL must not contain a user or a password.',
    zh: 'URL 不能包含用户名或密码。',
  },
  webhook_url_not_public: {
    en: 'The URL names an address that is not public; WEBHOOK_ALLOW can name those that are allowed.',
    zh: 'URL 指向非公网地址；可在 WEBHOOK_ALLOW 中列出允许的地址。',
  },
  replay_start_required: {
    en: 'A replay needs either since or after, not both.',
    zh: '重放需要 since 或 after 之一，不能同时提供。',
  },
  // imports
  registered_live: {
    en: 'Ticket {ticketNo} was registered live; an import may go on only with tickets that an import registered.',
    zh: '工单 {ticketNo} 由系统实时登记；导入只能处理由导入登记的工单。',
  },
  subject_erased: {
    en: 'The customer of ticket {ticketNo} was erased; nothing more can be kept of it.',
    zh: '工单 {ticketNo} 的客户信息已删除，不能再记录任何内容。',
    title: '客户信息已删除',
  },
  // personal data
  subject_not_found: {
    en: 'There is no customer {subjectId}.',
    zh: '没有客户 {subjectId}。',
    title: '客户不存在',
  },
  subject_has_open_ticket: {
    en: 'Ticket {ticketNo} of this customer is open; a customer is erased when all tickets are over.',
    zh: '该客户的工单 {ticketNo} 尚未结束；全部工单结束后方可删除客户信息。',
    title: '客户有未结束的工单',
  },
  subject_has_open_inquiry: {
    en: 'Inquiry {inquiryNo} of this customer is open; a customer is erased when all inquiries are over.',
    zh: '该客户的咨询 {inquiryNo} 尚未结束；全部咨询结束后方可删除客户信息。',
    title: '客户有未结束的咨询',
  },
  subject_gone: {
    en: 'Customer {subjectId} was erased; nothing can be read of it any more.',
    zh: '客户 {subjectId} 的信息已删除，无法再读取。',
    title: '客户信息已删除',
  },
  out_of_order: {
    en: 'The line lies before the last event of ticket {ticketNo} ({lastAt}).',
    zh: '该行早于工单 {ticketNo} 的最后一个事件（{lastAt}）。',
    title: '早于工单的最后一个事件',
  },
  ref_reused: { en: 'The ref {ref} was used with other data before.', zh: '编号 {ref} 已用于其他数据。' },
} as const satisfies Record<string, ProblemWords>

export type RefusalCode = keyof typeof refusals

/** Names and values a refusal's sentence speaks of; never personal data. */
export type RefusalParams = Record<string, string | number>

/** Fills a sentence's `{name}` places. */
export const fill = (sentence: string, params: RefusalParams): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))

/** The one way a rule says no. `pointer` names the field of the call it speaks of, where there is one. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly params: RefusalParams
  readonly pointer: string | undefined

  constructor(code: RefusalCode, params: RefusalParams = {}, pointer?: string) {
    super(fill(refusals[code].en, params))
    this.name = 'Refusal'
    this.code = code
    this.params = params
    this.pointer = pointer
  }
}

/** Does it, and moves the place a refusal points at (`#/weights`) under another (`#/policy/weights`). */
export const refusingUnder = <T>(place: string, act: () => T): T => {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(error.code, error.params, `${place}${(error.pointer ?? '#').slice(1)}`)
  }
}
