/** The closed list of what can go wrong with a request, each with its HTTP status and its words. */
import { type ProblemWords, type RefusalCode, refusals } from '../../domain/refusal.ts'

/** The status of every refusal of the business; a new refusal does not compile until it has one here. */
export const refusalStatus: Record<RefusalCode, number> = {
  // who may
  role_not_allowed: 403,
  not_the_holder: 403,
  not_the_recipient: 403,
  // absent
  ticket_not_found: 404,
  warning_not_found: 404,
  letter_not_found: 404,
  attachment_not_found: 404,
  dealer_not_found: 404,
  rbo_not_found: 404,
  version_not_found: 404,
  calendar_not_found: 404,
  inquiry_not_found: 404,
  // inquiries
  inquiry_wrong_state: 409,
  inquiry_without_customer: 409,
  inquiry_external_no_taken: 409,
  unknown_topic: 422,
  too_many_relays: 409,
  // objections
  objection_not_found: 404,
  no_unit_of_dealer: 409,
  quarter_is_frozen: 409,
  already_objected: 409,
  objection_not_open: 409,
  measure_not_counted: 422,
  // SMS contacts
  not_this_dealer: 403,
  unknown_sms_contact: 422,
  sms_request_not_found: 404,
  sms_request_open: 409,
  sms_request_decided: 409,
  sms_field_required: 422,
  sms_field_not_wanted: 422,
  too_many_sms_requests: 409,
  webhook_not_found: 404,
  delivery_not_found: 404,
  // the ticket's state
  wrong_state: 409,
  ticket_is_over: 409,
  contact_on_completed: 409,
  not_a_b_ticket: 409,
  b_or_c_ticket: 409,
  not_yet_due: 409,
  already_a_repeat: 409,
  already_has_repeat: 409,
  not_linked: 409,
  has_duplicates: 409,
  not_a_duplicate: 409,
  outside_repeat_window: 409,
  warning_already_open: 409,
  warning_already_acknowledged: 409,
  warning_already_resolved: 409,
  customer_unreadable: 409,
  already_claimed: 409,
  too_many_attachments: 409,
  customer_erased: 409,
  external_no_taken: 409,
  note_required: 422,
  score_not_wanted: 422,
  too_many_contacts: 409,
  // well-formed, but not valid here
  unknown_dealer: 422,
  inactive_dealer: 422,
  unknown_rbo: 422,
  unknown_calendar: 422,
  webhook_url_malformed: 422,
  webhook_url_not_https: 422,
  webhook_url_credentials: 422,
  webhook_url_not_public: 422,
  replay_start_required: 422,
  dealer_required: 422,
  dealer_not_wanted: 422,
  category_not_for_intake: 422,
  source_required: 422,
  source_not_wanted: 422,
  same_category: 409,
  same_unit: 409,
  unknown_ticket: 422,
  ticket_not_usable: 422,
  same_ticket: 422,
  unknown_root_cause: 422,
  future_instant: 422,
  before_registration: 422,
  instant_not_allowed: 422,
  before_closing: 422,
  same_problem_not_wanted: 422,
  repeat_external_no_not_wanted: 422,
  calendar_without_working_time: 422,
  day_in_both_lists: 422,
  day_outside_year: 422,
  calendar_cycle: 422,
  weights_not_100: 422,
  effective_in_past: 422,
  duplicate_root_cause: 422,
  duplicate_topic: 422,
  // imports
  quarter_not_assessed: 422,
  quarter_in_future: 422,
  freeze_too_early: 409,
  already_frozen: 409,
  not_frozen: 409,
  revision_not_found: 404,
  no_tie: 409,
  not_in_tie: 422,
  tie_seats: 422,
  out_of_order: 422,
  registered_live: 422,
  subject_erased: 422,
  // personal data
  subject_not_found: 404,
  subject_has_open_ticket: 409,
  subject_has_open_inquiry: 409,
  subject_gone: 404,
  ref_reused: 422,
}

/** `place`: where the mistake is, unless the refusal itself names a place. */
type Entry = ProblemWords & {
  status: number
  place?: { in: 'body' | 'query' | 'path' | 'header'; pointer: string }
  /** For what the same call, sent again, cures: the seconds to wait, as `Retry-After` says. */
  retryAfter?: number
}

/** What the HTTP side itself refuses. */
export const apiProblems = {
  access_log_unavailable: {
    status: 503,
    en: 'Who reads personal data cannot be recorded just now, so none is shown. What was written before is done; try again.',
    zh: '目前无法记录个人信息的访问，因此不予显示。已提交的写入仍然有效，请稍后重试。',
    title: '访问记录不可用',
  },
  malformed_json: {
    status: 400,
    place: { in: 'body', pointer: '#' },
    en: 'The body is not valid JSON.',
    zh: '请求正文不是有效的 JSON。',
  },
  malformed_gzip: {
    status: 400,
    place: { in: 'header', pointer: 'Content-Encoding' },
    en: 'The body is not valid gzip, or is cut short.',
    zh: '请求正文不是有效的 gzip 数据，或数据不完整。',
  },
  unreadable_import: {
    status: 400,
    place: { in: 'body', pointer: '#' },
    en: 'None of the first 100 lines could be read, so the import ended there; see errors.',
    zh: '前 100 行均无法读取，导入已停止，详见 errors。',
  },
  invalid_request: {
    status: 400,
    place: { in: 'path', pointer: '' },
    en: 'The request is not of the form that is asked for; see errors.',
    zh: '请求格式不符合要求，详见 errors。',
  },
  unknown_field: {
    status: 400,
    en: 'The request has fields that are not known here; see errors.',
    zh: '请求包含未知字段，详见 errors。',
  },
  cursor_mismatch: {
    status: 400,
    en: 'The cursor belongs to a list with other filters; start again without it.',
    zh: '游标属于其他筛选条件的列表，请去掉游标重新查询。',
  },
  invalid_cursor: {
    status: 400,
    en: 'The cursor is not one this service gave; start again without it.',
    zh: '游标无效，请去掉游标重新查询。',
  },
  as_of_in_future: { status: 400, en: 'asOf lies in the future.', zh: 'asOf 不能晚于当前时间。' },
  month_in_future: {
    status: 422,
    place: { in: 'query', pointer: 'month' },
    en: 'The month has not begun.',
    zh: '该月份尚未开始。',
  },
  invalid_idempotency_key: {
    status: 400,
    place: { in: 'header', pointer: 'Idempotency-Key' },
    en: 'An Idempotency-Key is 1 to 255 visible ASCII characters.',
    zh: 'Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。',
    title: 'Idempotency-Key 格式无效',
  },
  unauthenticated: {
    status: 401,
    en: 'This takes a valid token in the header Authorization: Bearer.',
    zh: '请在 Authorization: Bearer 请求头中提供有效令牌。',
    title: '缺少有效令牌',
  },
  token_expired: {
    status: 401,
    en: 'The token has expired; get a new one.',
    zh: '令牌已过期，请重新获取。',
  },
  invalid_claims: {
    status: 401,
    en: 'The token is genuine, but its claims are not what is needed; see errors.',
    zh: '令牌的声明不符合要求，详见 errors。',
  },
  not_found: { status: 404, en: 'There is nothing at this address.', zh: '该地址不存在。' },
  method_not_allowed: {
    status: 405,
    en: 'This address does not take that method; it takes: {allowed}.',
    zh: '该地址不支持此方法，支持：{allowed}。',
  },
  not_acceptable: {
    status: 406,
    en: 'This is not given in any form that Accept asks for; it is given as: {offered}.',
    zh: '无法以 Accept 所要求的格式提供，支持的格式：{offered}。',
  },
  version_conflict: {
    status: 412,
    en: 'It has changed since the version in If-Match; read it again.',
    zh: '数据已被更改，与 If-Match 版本不符，请重新读取。',
    title: '版本冲突',
  },
  write_conflict: {
    status: 409,
    retryAfter: 1,
    en: 'Others wrote to the same at the same time, again and again; try again.',
    zh: '他人同时写入同一数据，多次重试仍冲突，请再试一次。',
    title: '写入冲突',
  },
  request_in_progress: {
    status: 409,
    retryAfter: 1,
    en: 'The first request with this Idempotency-Key is still being processed; try again.',
    zh: '使用相同 Idempotency-Key 的首次请求仍在处理中，请稍后再试。',
  },
  idempotency_key_reused: {
    status: 422,
    place: { in: 'header', pointer: 'Idempotency-Key' },
    en: 'This Idempotency-Key was used with another body.',
    zh: '该 Idempotency-Key 已用于其他请求正文。',
  },
  malformed_http: { status: 400, en: 'This is not HTTP/1.1.', zh: '这不是有效的 HTTP/1.1 请求。' },
  request_timeout: {
    status: 408,
    en: 'The request did not arrive in time; send it again.',
    zh: '请求未能及时到达，请重新发送。',
  },
  headers_too_large: { status: 431, en: 'The headers are too large.', zh: '请求头过大。' },
  payload_too_large: { status: 413, en: 'The body is too large.', zh: '请求正文过大。' },
  unsupported_media_type: {
    status: 415,
    en: 'The body must be application/json, application/x-ndjson for imports, in UTF-8, plain or gzip; or multipart/form-data for attachments, plain.',
    zh: '请求正文须为 application/json（导入为 application/x-ndjson），UTF-8 编码，可用 gzip 压缩；附件须为未压缩的 multipart/form-data。',
    title: '请求正文的类型不受支持',
  },
  malformed_multipart: {
    status: 400,
    place: { in: 'body', pointer: '#' },
    en: 'The body is not valid multipart/form-data, or is cut short.',
    zh: '请求正文不是有效的 multipart/form-data，或数据不完整。',
  },
  attachment_too_large: {
    status: 413,
    place: { in: 'body', pointer: '#/file' },
    en: 'An attachment has at most 20 MiB.',
    zh: '单个附件不能超过 20 MiB。',
  },
  attachment_empty: {
    status: 422,
    place: { in: 'body', pointer: '#/file' },
    en: 'The file is empty.',
    zh: '文件为空。',
  },
  attachment_type_not_allowed: {
    status: 415,
    place: { in: 'body', pointer: '#/file' },
    en: 'The content is of no type that is taken: PDF, JPEG, PNG, WebP, TIFF, MP3, M4A, WAV, AMR, TXT, EML, DOCX, XLSX. The name does not count.',
    zh: '文件内容不属于可接受的类型：PDF、JPEG、PNG、WebP、TIFF、MP3、M4A、WAV、AMR、TXT、EML、DOCX、XLSX。以内容为准，与文件名无关。',
  },
  attachment_expands_too_far: {
    status: 422,
    place: { in: 'body', pointer: '#/file' },
    en: 'The document would be larger than 256 MiB unpacked, or larger than it says.',
    zh: '该文档解压后超过 256 MiB，或与其声明的大小不符。',
  },
  attachment_infected: {
    status: 422,
    place: { in: 'body', pointer: '#/file' },
    en: 'The virus scanner found something in the file; it is not kept.',
    zh: '病毒扫描发现该文件存在风险，未予保存。',
  },
  attachment_damaged: {
    status: 500,
    en: 'The stored bytes of the attachment are missing or damaged. "npm run verify" lists all such; put them back from a backup.',
    zh: '附件的存储数据缺失或已损坏。"npm run verify" 可列出全部；请从备份恢复数据。',
  },
  scanner_unavailable: {
    status: 503,
    retryAfter: 10,
    en: 'The virus scanner does not answer, so nothing is kept; try again.',
    zh: '病毒扫描服务无响应，文件未保存，请稍后重试。',
  },
  attachments_unavailable: {
    status: 503,
    retryAfter: 5,
    en: 'The store of attachments does not answer; try again.',
    zh: '附件存储无响应，请稍后重试。',
  },
  range_not_satisfiable: {
    status: 416,
    place: { in: 'header', pointer: 'Range' },
    en: 'The range begins behind the end.',
    zh: '请求的范围超出文件末尾。',
  },
  position_unknown: {
    status: 409,
    en: 'The log has no such position.',
    zh: '日志中没有该位置。',
  },
  rate_limited: {
    status: 429,
    en: 'Too many requests; wait {seconds} s.',
    zh: '请求过于频繁，请等待 {seconds} 秒。',
  },
  event_damaged: {
    status: 500,
    en: 'A stored event that this answer needs is damaged. The log of the service names it, and "npm run verify" lists all; put the data back from a backup.',
    zh: '所需的已存事件已损坏。服务日志中有其位置，"npm run verify" 可列出全部；请从备份恢复数据。',
  },
  view_behind: {
    status: 503,
    retryAfter: 1,
    en: 'The view has not reached that position yet; try again.',
    zh: '视图尚未更新到指定位置，请稍后再试。',
  },
  view_rebuilding: {
    status: 503,
    retryAfter: 5,
    en: 'The view this answer comes from is being built or has stopped; try again later.',
    zh: '所需视图正在重建或已停止，请稍后再试。',
  },
  store_unavailable: {
    status: 503,
    retryAfter: 5,
    en: 'The event store does not answer; nothing is known to have been written. Try again with the same Idempotency-Key.',
    zh: '事件存储无响应，无法确认是否写入。请使用相同的 Idempotency-Key 重试。',
  },
  newer_version_needed: {
    status: 503,
    retryAfter: 60,
    en: 'A newer version of the service has written here, and this version cannot read it. Use a node with the newer version.',
    zh: '此处数据由更高版本的服务写入，当前版本无法读取，请使用更高版本的节点。',
  },
  shutting_down: {
    status: 503,
    retryAfter: 5,
    en: 'The service is shutting down and takes nothing new; try again.',
    zh: '服务正在停止，不再接受新请求，请稍后再试。',
  },
  too_many_connections: {
    status: 503,
    retryAfter: 5,
    en: 'The service has as many connections with requests in flight as it takes; try again.',
    zh: '服务的并发连接数已达上限，请稍后再试。',
  },
  auth_unavailable: {
    status: 503,
    retryAfter: 5,
    en: 'The keys that tokens are verified with cannot be fetched; try again.',
    zh: '无法获取令牌验证密钥，请稍后再试。',
  },
  internal_error: {
    status: 500,
    en: 'Something went wrong here. The operators find it by the X-Request-Id of this answer.',
    zh: '服务内部错误。运维人员可凭本响应的 X-Request-Id 查找原因。',
  },
} as const satisfies Record<string, Entry>

export type ApiProblemCode = keyof typeof apiProblems
export type ProblemCode = RefusalCode | ApiProblemCode

/** Every code with its status and words: the documented list. */
export const problems: Record<ProblemCode, Entry> = {
  ...apiProblems,
  ...(Object.fromEntries(
    Object.entries(refusals).map(([code, words]) => [
      code,
      { ...words, status: refusalStatus[code as RefusalCode] },
    ]),
  ) as Record<RefusalCode, Entry>),
}
