/** The problem codes each operation can give: those of every call, those of its kind, and its own refusals. */
import type { RefusalCode } from '../../domain/refusal.ts'
import { refusals } from '../../domain/refusal.ts'
import { type ProblemCode, problems } from './problemCodes.ts'

/** Of any call under `/v1`, by what comes before a route and by the service's own state. */
const ofEveryCall: readonly ProblemCode[] = [
  'malformed_http',
  'request_timeout',
  'headers_too_large',
  'not_found',
  'invalid_request',
  'unknown_field',
  'unauthenticated',
  'token_expired',
  'invalid_claims',
  'auth_unavailable',
  'role_not_allowed',
  'rate_limited',
  'view_behind',
  'view_rebuilding',
  'store_unavailable',
  'newer_version_needed',
  'event_damaged',
  'access_log_unavailable',
  'shutting_down',
  'too_many_connections',
  'internal_error',
]

/** Of a call that may have a body. */
const ofBodies: readonly ProblemCode[] = [
  'malformed_json',
  'malformed_gzip',
  'payload_too_large',
  'unsupported_media_type',
]

/** Of a call that writes. */
const ofWrites: readonly ProblemCode[] = [
  'version_conflict',
  'write_conflict',
  'invalid_idempotency_key',
  'idempotency_key_reused',
  'request_in_progress',
]

/** A ticket of the path that takes the command; its customer may be erased, and it may have as many events as a stream takes. */
const onTicket = [
  'ticket_not_found',
  'too_many_contacts',
  'subject_erased',
  'registered_live',
  'out_of_order',
] as const
const inState = ['wrong_state', 'ticket_is_over'] as const
const byHolder = [...onTicket, ...inState, 'not_the_holder'] as const
const toDealer = ['unknown_dealer', 'inactive_dealer', 'dealer_required'] as const

/** What the intake says of a complaint, whatever it becomes. */
const ofIntake = [
  ...toDealer,
  ...inState,
  'dealer_not_wanted',
  'category_not_for_intake',
  'source_required',
  'source_not_wanted',
  'instant_not_allowed',
  'future_instant',
  'before_registration',
  'unknown_ticket',
  'ticket_not_found',
  'ticket_not_usable',
  'contact_on_completed',
  'external_no_taken',
  'already_has_repeat',
  'already_a_repeat',
  'outside_repeat_window',
  'too_many_contacts',
  'subject_erased',
] as const

const onInquiry = ['inquiry_not_found', 'inquiry_wrong_state', 'too_many_relays', 'subject_erased'] as const
const onObjection = [
  'ticket_not_found',
  'ticket_is_over',
  'too_many_contacts',
  'objection_not_found',
  'objection_not_open',
] as const
const ofSmsRequest = [
  'dealer_not_found',
  'sms_request_not_found',
  'sms_request_decided',
  'too_many_sms_requests',
] as const
const ofUploads = [
  'too_many_attachments',
  'customer_erased',
  'malformed_multipart',
  'attachment_too_large',
  'attachment_empty',
  'attachment_type_not_allowed',
  'attachment_expands_too_far',
  'attachment_infected',
  'scanner_unavailable',
  'attachments_unavailable',
] as const
const ofDownloads = [
  'attachment_not_found',
  'attachment_damaged',
  'attachments_unavailable',
  'customer_erased',
  'range_not_satisfiable',
] as const
const ofPolicy = ['effective_in_past', 'weights_not_100', 'duplicate_root_cause', 'duplicate_topic'] as const
const ofCalendars = [
  'calendar_not_found',
  'unknown_calendar',
  'calendar_cycle',
  'calendar_without_working_time',
  'day_in_both_lists',
  'day_outside_year',
] as const
const ofQuarter = ['quarter_not_assessed', 'quarter_in_future'] as const
const ofRevision = [...ofQuarter, 'revision_not_found'] as const
const ofWebhookUrl = [
  'webhook_url_malformed',
  'webhook_url_not_https',
  'webhook_url_credentials',
  'webhook_url_not_public',
  'unknown_dealer',
  'unknown_rbo',
] as const

/**
 * The refusals of each operation, by method and path as the document has them. An operation that is not here may give
 * any refusal.
 */
const own: Readonly<Record<string, readonly ProblemCode[]>> = {
  'GET /v1/codes': [],
  'GET /v1/dealers': [],
  'GET /v1/dealers/{code}': ['dealer_not_found'],
  'PUT /v1/dealers/{code}': ['unknown_rbo', 'unknown_calendar'],
  'GET /v1/dealers/{code}/deliveries/{quarter}': ['dealer_not_found'],
  'PUT /v1/dealers/{code}/deliveries/{quarter}': ['dealer_not_found'],
  'GET /v1/rbos': [],
  'GET /v1/rbos/{code}': ['rbo_not_found'],
  'PUT /v1/rbos/{code}': ['unknown_calendar'],
  'GET /v1/calendars': [],
  'GET /v1/calendars/{id}': ['calendar_not_found', 'version_not_found'],
  'GET /v1/calendars/{id}/versions': ['calendar_not_found'],
  'GET /v1/calendars/{id}/{year}': ['calendar_not_found', 'version_not_found'],
  'PUT /v1/calendars/{id}': ofCalendars,
  'PUT /v1/calendars/{id}/{year}': ofCalendars,
  'GET /v1/policy': ['version_not_found'],
  'GET /v1/policy/versions': [],
  'PUT /v1/policy': ofPolicy,
  'POST /v1/complaints': ofIntake,
  'POST /v1/complaints/candidates': [],
  'GET /v1/tickets': [],
  'POST /v1/tickets/search': [],
  'GET /v1/escalations': [],
  'GET /v1/callbacks': [],
  'GET /v1/consumer-notices': [],
  'GET /v1/warnings': [],
  'GET /v1/tickets/{ticketNo}': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/timeline': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/sla': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/contacts': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/responses': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/records': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/callbacks': ['ticket_not_found'],
  'POST /v1/tickets/{ticketNo}/letters': byHolder,
  'GET /v1/tickets/{ticketNo}/letters': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/letters/{number}': ['ticket_not_found', 'letter_not_found'],
  'GET /v1/tickets/{ticketNo}/letters/{number}/print': ['ticket_not_found', 'letter_not_found'],
  'GET /v1/tickets/{ticketNo}/forms/handling': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/forms/warning/{warningId}': ['ticket_not_found', 'warning_not_found'],
  'POST /v1/tickets/{ticketNo}/contacts': [
    ...onTicket,
    ...inState,
    'contact_on_completed',
    'instant_not_allowed',
    'future_instant',
    'before_registration',
  ],
  'POST /v1/tickets/{ticketNo}/redispatch': [
    ...onTicket,
    ...inState,
    ...toDealer,
    'b_or_c_ticket',
    'same_unit',
  ],
  'POST /v1/tickets/{ticketNo}/repeat-link': [
    ...onTicket,
    ...inState,
    ...toDealer,
    'unknown_ticket',
    'ticket_not_usable',
    'same_ticket',
    'already_a_repeat',
    'already_has_repeat',
    'outside_repeat_window',
  ],
  'POST /v1/tickets/{ticketNo}/repeat-unlink': [...onTicket, ...inState, 'unknown_ticket', 'not_linked'],
  'POST /v1/tickets/{ticketNo}/callbacks': [
    ...onTicket,
    ...ofIntake,
    'before_closing',
    'note_required',
    'score_not_wanted',
    'same_problem_not_wanted',
    'repeat_external_no_not_wanted',
  ],
  'POST /v1/tickets/{ticketNo}/reclassify': [
    ...onTicket,
    ...inState,
    ...toDealer,
    'b_or_c_ticket',
    'category_not_for_intake',
    'dealer_not_wanted',
    'same_category',
    'source_not_wanted',
    'source_required',
  ],
  'POST /v1/tickets/{ticketNo}/rescind': [...onTicket, ...inState, 'has_duplicates'],
  'POST /v1/tickets/{ticketNo}/duplicate-of': [
    ...onTicket,
    ...inState,
    'unknown_ticket',
    'has_duplicates',
    'same_ticket',
    'ticket_not_usable',
  ],
  'POST /v1/tickets/{ticketNo}/duplicate-undo': [
    ...onTicket,
    ...inState,
    'unknown_ticket',
    'ticket_not_usable',
    'has_duplicates',
    'not_a_duplicate',
  ],
  'POST /v1/tickets/{ticketNo}/recalculate': [...onTicket, ...inState],
  'POST /v1/tickets/{ticketNo}/responses': byHolder,
  'POST /v1/tickets/{ticketNo}/records': [...byHolder, 'not_a_b_ticket'],
  'POST /v1/tickets/{ticketNo}/close': [...byHolder, 'future_instant', 'unknown_root_cause'],
  'POST /v1/tickets/{ticketNo}/responsible-dealer': [...byHolder, ...toDealer, 'not_a_b_ticket'],
  'POST /v1/tickets/{ticketNo}/convert-to-c': [...byHolder, 'not_a_b_ticket', 'not_yet_due'],
  'POST /v1/tickets/{ticketNo}/weight': [...onTicket, ...inState],
  'POST /v1/tickets/{ticketNo}/correct': [...onTicket, ...inState, 'customer_unreadable'],
  'POST /v1/tickets/{ticketNo}/claim': [...byHolder, 'already_claimed'],
  'POST /v1/tickets/{ticketNo}/release': byHolder,
  'POST /v1/tickets/{ticketNo}/warnings': [...onTicket, ...inState, 'warning_already_open'],
  'POST /v1/tickets/{ticketNo}/warnings/{warningId}/acknowledge': [
    ...onTicket,
    ...inState,
    'warning_not_found',
    'not_the_recipient',
    'warning_already_acknowledged',
    'warning_already_resolved',
  ],
  'POST /v1/tickets/{ticketNo}/warnings/{warningId}/resolve': [
    ...onTicket,
    ...inState,
    'warning_not_found',
    'not_the_recipient',
    'warning_already_resolved',
  ],
  'POST /v1/tickets/{ticketNo}/attachments': [...onTicket, 'ticket_is_over', ...ofUploads],
  'GET /v1/tickets/{ticketNo}/attachments': ['ticket_not_found'],
  'GET /v1/tickets/{ticketNo}/attachments/{attachmentId}': ['ticket_not_found', ...ofDownloads],
  'POST /v1/tickets/{ticketNo}/attachments/{attachmentId}/remove': [
    ...onTicket,
    'ticket_is_over',
    'attachment_not_found',
  ],
  'POST /v1/inquiries/{inquiryNo}/attachments': [...onInquiry, ...ofUploads],
  'GET /v1/inquiries/{inquiryNo}/attachments': ['inquiry_not_found'],
  'GET /v1/inquiries/{inquiryNo}/attachments/{attachmentId}': ['inquiry_not_found', ...ofDownloads],
  'POST /v1/inquiries/{inquiryNo}/attachments/{attachmentId}/remove': [...onInquiry, 'attachment_not_found'],
  'GET /v1/reports/kpi': [],
  'GET /v1/reports/kpi/units': [],
  'GET /v1/reports/statistics': [],
  'GET /v1/reports/monthly': ['month_in_future'],
  'GET /v1/assessments/{quarter}': ofRevision,
  'GET /v1/assessments/{quarter}/revisions': ofRevision,
  'GET /v1/assessments/{quarter}/dealers/{code}': [...ofRevision, 'dealer_not_found'],
  'POST /v1/assessments/{quarter}/what-if': [...ofQuarter, ...ofPolicy, ...ofCalendars],
  'POST /v1/assessments/{quarter}/freeze': [
    ...ofRevision,
    'already_frozen',
    'freeze_too_early',
    'not_frozen',
  ],
  'POST /v1/assessments/{quarter}/revise': [...ofRevision, 'not_frozen'],
  'POST /v1/assessments/{quarter}/decide-tie': [
    ...ofRevision,
    'not_frozen',
    'no_tie',
    'not_in_tie',
    'tie_seats',
    'unknown_rbo',
  ],
  'POST /v1/imports': ['unreadable_import'],
  'GET /v1/log/digest': ['position_unknown'],
  'POST /v1/inquiries': [
    'unknown_dealer',
    'unknown_topic',
    'inquiry_external_no_taken',
    'inquiry_not_found',
    'inquiry_wrong_state',
    'subject_erased',
  ],
  'GET /v1/inquiries': [],
  'GET /v1/inquiries/{inquiryNo}': ['inquiry_not_found'],
  'GET /v1/inquiries/{inquiryNo}/timeline': ['inquiry_not_found'],
  'POST /v1/inquiries/{inquiryNo}/forward': onInquiry,
  'POST /v1/inquiries/{inquiryNo}/answer': onInquiry,
  'POST /v1/inquiries/{inquiryNo}/relay': onInquiry,
  'POST /v1/inquiries/{inquiryNo}/withdraw': onInquiry,
  'POST /v1/inquiries/{inquiryNo}/complaint': [...onInquiry, ...ofIntake, 'inquiry_without_customer'],
  'POST /v1/tickets/{ticketNo}/objections': [
    'ticket_not_found',
    'ticket_is_over',
    'too_many_contacts',
    'not_this_dealer',
    'no_unit_of_dealer',
    'quarter_is_frozen',
    'already_objected',
    'measure_not_counted',
  ],
  'POST /v1/tickets/{ticketNo}/objections/{objectionId}/withdraw': [...onObjection, 'not_this_dealer'],
  'POST /v1/tickets/{ticketNo}/objections/{objectionId}/decide': onObjection,
  'GET /v1/objections': [],
  'GET /v1/dealers/{code}/sms-contacts': ['dealer_not_found'],
  'POST /v1/dealers/{code}/sms-contacts': [
    'dealer_not_found',
    'not_this_dealer',
    'unknown_sms_contact',
    'sms_request_open',
    'sms_field_required',
    'sms_field_not_wanted',
    'too_many_sms_requests',
  ],
  'POST /v1/dealers/{code}/sms-contacts/requests/{requestId}/accept': ofSmsRequest,
  'POST /v1/dealers/{code}/sms-contacts/requests/{requestId}/refuse': ofSmsRequest,
  'GET /v1/sms-contact-requests': [],
  'GET /v1/webhooks': [],
  'POST /v1/webhooks': ofWebhookUrl,
  'GET /v1/webhooks/{id}': ['webhook_not_found'],
  'PUT /v1/webhooks/{id}': ['webhook_not_found', ...ofWebhookUrl],
  'DELETE /v1/webhooks/{id}': ['webhook_not_found'],
  'POST /v1/webhooks/{id}/pause': ['webhook_not_found'],
  'POST /v1/webhooks/{id}/resume': ['webhook_not_found'],
  'POST /v1/webhooks/{id}/test': ['webhook_not_found'],
  'POST /v1/webhooks/{id}/rotate-secret': ['webhook_not_found'],
  'POST /v1/webhooks/{id}/replay': ['webhook_not_found', 'replay_start_required', 'position_unknown'],
  'GET /v1/webhooks/{id}/deliveries': ['webhook_not_found'],
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/retry': ['webhook_not_found', 'delivery_not_found'],
  'GET /v1/feed': ['position_unknown'],
  'GET /v1/stream': ['position_unknown'],
  'POST /v1/privacy/subjects/search': [],
  'POST /v1/privacy/subjects/{subjectId}/erase': [
    'subject_not_found',
    'subject_has_open_ticket',
    'subject_has_open_inquiry',
    'ticket_not_found',
  ],
  'GET /v1/privacy/subjects/{subjectId}/export': ['subject_not_found', 'subject_gone'],
  'POST /v1/privacy/retention': [],
  'GET /v1/privacy/access-log': [],
}

/** Operations whose refusals are listed; a test compares them with the routes. */
export const listedOperations: readonly string[] = Object.keys(own)

/** What the code list of an operation follows from beside its own refusals. */
export type OperationKind = {
  method: string
  /** As the document has it, `/v1/tickets/{ticketNo}`. */
  path: string
  /** Names of its query parameters and of the fields of its body. */
  names: readonly string[]
  hasFiles: boolean
}

const everyRefusal = Object.keys(refusals) as RefusalCode[]

/** The codes an operation under `/v1` can give, in the order of the list of problems. */
export const codesOf = ({ method, path, names, hasFiles }: OperationKind): ProblemCode[] => {
  const isRead = method === 'GET' || method === 'HEAD'
  const given = new Set<ProblemCode>([
    ...ofEveryCall,
    ...(isRead ? [] : [...ofBodies, ...ofWrites]),
    ...(hasFiles ? (['not_acceptable'] as const) : []),
    ...(names.includes('cursor') ? (['invalid_cursor', 'cursor_mismatch'] as const) : []),
    ...(names.includes('asOf') ? (['as_of_in_future'] as const) : []),
    ...(own[`${method} ${path}`] ?? everyRefusal),
  ])
  return (Object.keys(problems) as ProblemCode[]).filter((code) => given.has(code))
}
