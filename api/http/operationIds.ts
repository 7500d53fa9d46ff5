/** The names generated clients give their calls: a verb and what it is done to. */

/** Names that method and path do not say well enough. */
const named: Record<string, string> = {
  'GET /livez': 'isLive',
  'GET /readyz': 'isReady',
  'GET /problems/{code}': 'explainProblem',
  'GET /v1/codes': 'listCodes',
  'GET /v1/calendars/{id}/versions': 'listCalendarVersions',
  'PUT /v1/calendars/{id}/{year}': 'putCalendarYear',
  'GET /v1/calendars/{id}/{year}': 'getCalendarYear',
  'GET /v1/policy/versions': 'listPolicyVersions',
  'POST /v1/complaints': 'registerComplaint',
  'POST /v1/complaints/candidates': 'findCandidates',
  'POST /v1/tickets/search': 'searchTickets',
  'GET /v1/tickets/{ticketNo}/timeline': 'getTimeline',
  'GET /v1/tickets/{ticketNo}/sla': 'getTicketClocks',
  'GET /v1/tickets/{ticketNo}/contacts': 'listContacts',
  'GET /v1/tickets/{ticketNo}/responses': 'listResponses',
  'GET /v1/tickets/{ticketNo}/records': 'listRecords',
  'GET /v1/tickets/{ticketNo}/callbacks': 'listTicketCallbacks',
  'GET /v1/tickets/{ticketNo}/forms/handling': 'getHandlingForm',
  'GET /v1/tickets/{ticketNo}/forms/warning/{warningId}': 'getWarningForm',
  'POST /v1/tickets/{ticketNo}/contacts': 'logContact',
  'POST /v1/tickets/{ticketNo}/redispatch': 'redispatchTicket',
  'POST /v1/tickets/{ticketNo}/repeat-link': 'linkRepeat',
  'POST /v1/tickets/{ticketNo}/repeat-unlink': 'unlinkRepeat',
  'POST /v1/tickets/{ticketNo}/callbacks': 'recordCallback',
  'POST /v1/tickets/{ticketNo}/reclassify': 'reclassifyTicket',
  'POST /v1/tickets/{ticketNo}/rescind': 'rescindTicket',
  'POST /v1/tickets/{ticketNo}/duplicate-of': 'markDuplicate',
  'POST /v1/tickets/{ticketNo}/duplicate-undo': 'undoDuplicate',
  'POST /v1/tickets/{ticketNo}/recalculate': 'recalculateDeadlines',
  'POST /v1/tickets/{ticketNo}/responses': 'recordResponse',
  'POST /v1/tickets/{ticketNo}/records': 'recordWork',
  'POST /v1/tickets/{ticketNo}/close': 'closeTicket',
  'POST /v1/tickets/{ticketNo}/responsible-dealer': 'nameResponsibleDealer',
  'POST /v1/tickets/{ticketNo}/convert-to-c': 'convertToC',
  'POST /v1/tickets/{ticketNo}/claim': 'claimTicket',
  'POST /v1/tickets/{ticketNo}/release': 'releaseTicket',
  'POST /v1/tickets/{ticketNo}/warnings': 'raiseWarning',
  'POST /v1/tickets/{ticketNo}/warnings/{warningId}/acknowledge': 'acknowledgeWarning',
  'POST /v1/tickets/{ticketNo}/warnings/{warningId}/resolve': 'resolveWarning',
  'GET /v1/reports/kpi': 'getRates',
  'GET /v1/reports/kpi/units': 'listRateUnits',
  'GET /v1/reports/statistics': 'getStatistics',
  'GET /v1/reports/monthly': 'getMonthlyReport',
  'GET /v1/assessments/{quarter}/dealers/{code}': 'explainDealerScore',
  'POST /v1/assessments/{quarter}/freeze': 'freezeQuarter',
  'POST /v1/assessments/{quarter}/revise': 'reviseQuarter',
  'POST /v1/assessments/{quarter}/decide-tie': 'decideTie',
  'POST /v1/assessments/{quarter}/what-if': 'tryPolicy',
  'POST /v1/imports': 'importHistory',
  'GET /v1/log/digest': 'getLogDigest',
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** `ticket` of `tickets`, where one of them is meant. */
const singular = (word: string): string =>
  word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/(?<!s)s$/, '')

/** An act on one thing is the verb and then the thing; what is posted to a collection makes one of its kind. */
const nameOfPost = (words: readonly string[], last: string, isAct: boolean): string => {
  const verb = last.split('-')
  if (!isAct) return `create${[...words.slice(0, -1), singular(words.at(-1) ?? '')].map(capital).join('')}`
  const [first = '', ...more] = verb
  return [first, ...[...more, ...words.slice(0, words.length - verb.length)].map(capital)].join('')
}

/**
 * The `operationId` of a route, `GET` and `/v1/dealers/{code}` are `getDealer`. One without a name of its own is called
 * by its method and the fixed parts of its path; what ends in a collection is listed.
 */
export const operationIdOf = (method: string, path: string): string => {
  const own = named[`${method.toUpperCase()} ${path}`]
  if (own !== undefined) return own
  const parts = path.split('/').filter((part) => part !== '' && part !== 'v1')
  const words = parts.flatMap((part, index) => {
    if (part.startsWith('{')) return []
    const isOne = parts[index + 1]?.startsWith('{') === true
    return (isOne ? singular(part) : part).split('-')
  })
  const last = parts.at(-1) ?? ''
  if (method === 'post') return nameOfPost(words, last, parts.at(-2)?.startsWith('{') === true)
  const isList = method === 'get' && last.endsWith('s')
  return `${isList ? 'list' : method}${words.map(capital).join('')}`
}
