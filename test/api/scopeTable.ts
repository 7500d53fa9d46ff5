/** How each route keeps to the caller’s scope (rulebook §2). */
import { permissions, type Role } from '../../domain/authority.ts'
import type { Json } from '../support/service.ts'
import type { Route } from './routeTable.ts'

/** How a route keeps to the caller's scope. */
export type ScopeRule =
  /** What it tells is everybody's: codes, master data. */
  | 'alike'
  /** No dealer and no RBO may call it at all. */
  | 'not for units'
  /** One ticket: outside it is as good as absent. */
  | 'ticket'
  /** One inquiry: outside it is as good as absent. */
  | 'inquiry'
  /** One sheet of customer voice: outside it is as good as absent. */
  | 'sheet'
  /** One handover or care task: outside it is as good as absent: `test/api/care/care.test.ts`. */
  | 'care'
  /** One dealer: outside it is as good as absent. */
  | 'dealer'
  /** For the people of one dealer alone; to others it is as good as absent. */
  | 'own dealer'
  /** Leaves out what is outside; the asking ways are in `asked`. */
  | 'leaves out'
  /** Leaves out what is outside, for as long as it is read: `test/api/live/stream.test.ts`. */
  | 'streams'

/** The routes whose path and roles do not say it: every other one that units may call must be entered here. */
export const declared: Record<string, ScopeRule> = {
  'GET /v1/codes': 'alike',
  'GET /v1/dealers': 'alike',
  'GET /v1/dealers/:code': 'alike',
  'GET /v1/dealers/:code/deliveries/:quarter': 'dealer',
  'GET /v1/rbos': 'alike',
  'GET /v1/rbos/:code': 'alike',
  'GET /v1/calendars/:id': 'alike',
  'GET /v1/calendars/:id/:year': 'alike',
  'GET /v1/policy': 'alike',
  'GET /v1/policy/versions': 'alike',
  'GET /v1/calendars/:id/versions': 'alike',
  'POST /v1/handovers': 'care',
  'GET /v1/handovers/:handoverId': 'care',
  'POST /v1/visits': 'care',
  'POST /v1/vehicles/search': 'care',
  'GET /v1/handovers/:handoverId/forms/follow-up': 'care',
  'POST /v1/care/tasks/:taskId/attempts': 'care',
  'GET /v1/dealers/:code/sms-contacts': 'dealer',
  'POST /v1/dealers/:code/sms-contacts': 'own dealer',
  'GET /v1/stream': 'streams',
  'GET /v1/assessments/:quarter/dealers/:code': 'dealer',
}

const isForUnits = ({ actions }: Route): boolean =>
  actions.some((action) =>
    (permissions[action] as readonly Role[]).some((role) => role === 'dealer' || role === 'rbo'),
  )

/** How a route keeps to the scope: as declared, else by the ways to ask it, its path, its roles; `undefined`: nobody says it. */
export const keepingOf = (route: Route): ScopeRule | undefined => {
  const { method, url } = route
  return (
    declared[`${method} ${url}`] ??
    (`${method} ${url}` in asked ? 'leaves out' : undefined) ??
    (url.includes(':ticketNo') ? 'ticket' : undefined) ??
    (url.includes(':inquiryNo') ? 'inquiry' : undefined) ??
    (isForUnits(route) ? undefined : 'not for units') ??
    (url.includes('/voice/sheets/:id') ? 'sheet' : undefined)
  )
}

/** Of a customer of D001’s. */
export const phone = '13912345678'
const lists = ['', '?dealer=D001', '?rbo=EAST', '?holder=D001', '?externalNo=EXT-1', '?dealer=D001,D003']

const ofQuarter = (dimensions: readonly string[]): string[] =>
  dimensions.flatMap((by) =>
    ['', '&dealer=D001', '&rbo=EAST'].map((more) => `?quarter=2026Q1&by=${by}${more}`),
  )

/** The ways to ask what leaves out: queries, or bodies. */
export const asked: Record<string, (string | Json)[]> = {
  'GET /v1/inquiries': ['', '?dealer=D001', '?rbo=EAST', '?topic=price', '?externalNo=INQ-1'],
  'GET /v1/voice/items': ['', '?dealer=D001', '?rbo=EAST', '?status=sent,open,dropped', '?month=2026-02'],
  'GET /v1/voice/sheets': ['', '?dealer=D001', '?rbo=EAST', '?overdue=meeting,return', '?month=2026-02'],
  'GET /v1/voice/ledger': ['', '?dealer=D001', '?quarter=2026Q1', '?kind=recurrence'],
  'GET /v1/objections': ['', '?quarter=2026Q1', '?status=open', '?dealer=D001,D003'],
  'GET /v1/care/triage': ['', '?status=open,dismissed', '?dealer=D001'],
  'GET /v1/care/tasks': ['', '?status=open', '?dealer=D001', '?rbo=EAST'],
  'GET /v1/sms-contact-requests': ['', '?status=open', '?dealer=D001,D003'],
  'GET /v1/feed': ['', '?limit=200', '?topics=warnings', '?topics=tickets,care&limit=200'],
  'GET /v1/tickets': lists,
  'GET /v1/escalations': lists.slice(0, 4),
  'GET /v1/callbacks': ['', '?status=overdue', '?status=done'],
  'GET /v1/consumer-notices': ['', '?status=overdue', '?status=done'],
  'GET /v1/warnings': ['', '?status=open,acknowledged,resolved'],
  'POST /v1/tickets/search': [{}, { phone }, { dealer: 'D001' }, { externalNo: 'EXT-1' }],
  'GET /v1/reports/kpi': ['dealer', 'rbo', 'category', 'level', 'month'].flatMap((by) =>
    ['', '&dealer=D001', '&rbo=EAST', '&tier=rbo'].map((more) => `?quarter=2026Q1&by=${by}${more}`),
  ),
  'GET /v1/reports/kpi/units': [
    '',
    '&dealer=D001',
    '&key=D001',
    '&rbo=EAST',
    '&tier=rbo',
    '&by=rbo&key=EAST',
  ].map((more) => `?quarter=2026Q1${more}`),
  'GET /v1/reports/statistics': [
    '',
    '&groupBy=dealer',
    '&groupBy=rbo,dealer',
    '&groupBy=channel,source',
    '&groupBy=tier,category',
  ].map((more) => `?from=2026-01-01&to=2026-04-01${more}`),
  'GET /v1/reports/monthly': ['?month=2026-03', '?month=2026-02'],
  'GET /v1/reports/now': [''],
  'GET /v1/reports/satisfaction': ofQuarter(['dealer', 'rbo', 'category']),
  'GET /v1/reports/consumer-notices': ofQuarter(['dealer', 'tier', 'month']),
  'GET /v1/reports/causes': ofQuarter(['dealer', 'level', 'week']),
  'GET /v1/reports/voice': ofQuarter(['dealer', 'indicator', 'month']),
  'GET /v1/reports/warnings': ofQuarter(['code', 'sentTo', 'dealer']),
  'GET /v1/reports/per-100-deliveries': ofQuarter(['dealer', 'rbo']),
  'GET /v1/reports/care': ofQuarter(['dealer', 'kind', 'rbo', 'month']),
  'GET /v1/reports/ranking': ['?quarter=2026Q1', '?quarter=2026Q1&rbo=EAST'],
  'GET /v1/assessments/:quarter': ['', '?rbo=EAST'],
  'GET /v1/assessments/:quarter/revisions': [''],
}
