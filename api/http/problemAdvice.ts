/** What to do about each problem, for the people who read `/problems/{code}`. */
import type { Words } from '../../domain/refusal.ts'
import { type ProblemCode, problems } from './problemCodes.ts'

const readTicket: Words = {
  en: 'Read the ticket again (GET /v1/tickets/{ticketNo}); its state and its timeline say what it takes now.',
  zh: '请重新读取工单（GET /v1/tickets/{ticketNo}），其状态和时间线说明当前可执行的操作。',
}
const sendAgain: Words = {
  en: 'Send the same request again after the seconds in Retry-After, with the same Idempotency-Key.',
  zh: '请在 Retry-After 所示秒数之后，用相同的 Idempotency-Key 重新发送同一请求。',
}
const listAgain: Words = {
  en: 'Ask for the first page again, without cursor, and follow nextCursor from there without changing the filters.',
  zh: '请去掉 cursor 重新查询第一页，再按 nextCursor 翻页，期间不要更改筛选条件。',
}
const newToken: Words = {
  en: 'Get a new token from the identity provider; in development mode, from npm run token.',
  zh: '请向身份提供方获取新令牌；开发模式下使用 npm run token。',
}
const askOperators: Words = {
  en: 'Tell the operators the X-Request-Id of the answer; the log of the service has more.',
  zh: '请将响应中的 X-Request-Id 告知运维人员，服务日志中有更多信息。',
}
const newKey: Words = {
  en: 'Use a new Idempotency-Key for a new request, and the same key only for the very same body.',
  zh: '新请求请使用新的 Idempotency-Key；相同的键只能用于相同的请求正文。',
}

/** Of a status, where the code has none of its own. */
const ofStatus: Readonly<Record<number, Words>> = {
  400: {
    en: 'Correct the fields that errors names, and send the request again. /docs has the form of every call.',
    zh: '请更正 errors 中指出的字段后重新发送。各调用的格式见 /docs。',
  },
  401: newToken,
  403: {
    en: 'Ask somebody whose role and unit may do this. /docs names the roles of each call.',
    zh: '请由具有相应角色和单位的人员操作。各调用所需角色见 /docs。',
  },
  404: {
    en: 'Check the number or code in the address. What lies outside your own unit looks as if it were not there.',
    zh: '请检查地址中的编号或代码。不属于您单位的数据同样显示为不存在。',
  },
  405: { en: 'Use one of the methods in the header Allow.', zh: '请使用 Allow 响应头中列出的方法。' },
  406: {
    en: 'Ask for a form that the call gives, in Accept or format.',
    zh: '请在 Accept 或 format 中选择支持的格式。',
  },
  408: sendAgain,
  409: readTicket,
  412: {
    en: 'Read it again, decide again, and send the new ETag in If-Match.',
    zh: '请重新读取并确认，然后在 If-Match 中使用新的 ETag。',
  },
  413: {
    en: 'Send less at once: an import can be cut into several.',
    zh: '请减少单次发送的数据量；导入可分多次进行。',
  },
  415: {
    en: 'Send UTF-8 text with the media type that the call takes, plain or gzip.',
    zh: '请使用该调用支持的媒体类型，UTF-8 编码，不压缩或使用 gzip。',
  },
  422: {
    en: 'Correct the value that errors names; the request is well-formed, but the value is not valid here.',
    zh: '请更正 errors 中指出的值：请求格式正确，但该值在此处无效。',
  },
  429: { en: 'Wait for the seconds in Retry-After.', zh: '请等待 Retry-After 所示的秒数。' },
  431: { en: 'Send shorter headers.', zh: '请缩短请求头。' },
  500: askOperators,
  503: sendAgain,
}

const ofCode: { readonly [C in ProblemCode]?: Words } = {
  cursor_mismatch: listAgain,
  invalid_cursor: listAgain,
  invalid_idempotency_key: newKey,
  idempotency_key_reused: newKey,
  request_in_progress: sendAgain,
  write_conflict: sendAgain,
  invalid_claims: {
    en: 'Have the identity provider put the claims that errors names into the token.',
    zh: '请让身份提供方在令牌中加入 errors 指出的声明。',
  },
  unreadable_import: {
    en: 'Save the file as UTF-8 with one JSON object a line, and send it again.',
    zh: '请将文件存为 UTF-8，每行一个 JSON 对象，然后重新发送。',
  },
  position_unknown: {
    en: 'Read the lists again, and continue from the position of that answer.',
    zh: '请重新读取列表，并从该响应的位置继续。',
  },
  external_no_taken: {
    en: 'The complaint is registered already: read the ticket that the sentence names.',
    zh: '该投诉已登记，请读取提示中的工单。',
  },
  inquiry_external_no_taken: {
    en: 'The inquiry is registered already: read the one that the sentence names.',
    zh: '该咨询已登记，请读取提示中的咨询。',
  },
  already_frozen: {
    en: 'Correct a frozen quarter with …/revise and a reason.',
    zh: '已冻结的季度请使用 …/revise 并说明原因进行修订。',
  },
  not_frozen: { en: 'Freeze the quarter first, with …/freeze.', zh: '请先使用 …/freeze 冻结该季度。' },
  freeze_too_early: {
    en: 'Wait for the instant that the sentence names; until then the assessment is live.',
    zh: '请等到提示中的时间；在此之前考核结果为实时数据。',
  },
  no_tie: { en: 'Read the revision: its outcomes name the ties.', zh: '请读取该版本，其结果会标明并列。' },
  subject_has_open_ticket: {
    en: 'Close the ticket that the sentence names, then erase the customer.',
    zh: '请先封闭提示中的工单，再删除客户信息。',
  },
  subject_has_open_inquiry: {
    en: 'Pass the answer on or withdraw the inquiry that the sentence names, then erase the customer.',
    zh: '请先回复或撤回提示中的咨询，再删除客户信息。',
  },
  inquiry_wrong_state: {
    en: 'Read the inquiry again (GET /v1/inquiries/{inquiryNo}); its state says what it takes now.',
    zh: '请重新读取咨询（GET /v1/inquiries/{inquiryNo}），其状态说明当前可执行的操作。',
  },
  newer_version_needed: {
    en: 'Update this node to the newer version of the service.',
    zh: '请将该节点升级到更高版本的服务。',
  },
  event_damaged: askOperators,
}

/** What to do about a problem. */
export const adviceOf = (code: ProblemCode): Words =>
  ofCode[code] ?? ofStatus[problems[code].status] ?? askOperators
