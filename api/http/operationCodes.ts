/**
 * The problem codes an operation can give: those of every call, those of its kind, and its own refusals, which its route
 * has in `config.refusals`. Refusals that several operations share are exported here.
 */
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
export const onTicket = [
  'ticket_not_found',
  'too_many_contacts',
  'subject_erased',
  'registered_live',
  'out_of_order',
] as const
export const inState = ['wrong_state', 'ticket_is_over'] as const
export const byHolder = [...onTicket, ...inState, 'not_the_holder'] as const
export const toDealer = ['unknown_dealer', 'inactive_dealer', 'dealer_required'] as const

/** What the intake says of a complaint, whatever it becomes. */
export const ofIntake = [
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

export const onInquiry = [
  'inquiry_not_found',
  'inquiry_wrong_state',
  'too_many_relays',
  'subject_erased',
] as const
export const ofPolicy = [
  'effective_in_past',
  'weights_not_100',
  'duplicate_root_cause',
  'duplicate_topic',
  'voice_amounts_crossed',
] as const
export const ofCalendars = [
  'calendar_not_found',
  'unknown_calendar',
  'calendar_cycle',
  'calendar_without_working_time',
  'day_in_both_lists',
  'day_outside_year',
] as const
export const ofQuarter = ['quarter_not_assessed', 'quarter_in_future'] as const
export const ofRevision = [...ofQuarter, 'revision_not_found'] as const

/** What the code list of an operation follows from beside its own refusals. */
export type OperationKind = {
  method: string
  /** Names of its query parameters and of the fields of its body. */
  names: readonly string[]
  hasFiles: boolean
  /** Its own, as its route declares them. */
  refusals: readonly ProblemCode[]
}

/** The codes an operation under `/v1` can give, in the order of the list of problems. */
export const codesOf = ({ method, names, hasFiles, refusals }: OperationKind): ProblemCode[] => {
  const isRead = method === 'GET' || method === 'HEAD'
  const given = new Set<ProblemCode>([
    ...ofEveryCall,
    ...(isRead ? [] : [...ofBodies, ...ofWrites]),
    ...(hasFiles ? (['not_acceptable'] as const) : []),
    ...(names.includes('cursor') ? (['invalid_cursor', 'cursor_mismatch'] as const) : []),
    ...(names.includes('asOf') ? (['as_of_in_future'] as const) : []),
    ...refusals,
  ])
  return (Object.keys(problems) as ProblemCode[]).filter((code) => given.has(code))
}
