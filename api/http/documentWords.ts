/** What the OpenAPI document says of parameters and answers that many operations share. */

/** Of a parameter by its name, where its own schema says nothing. */
export const parameterWords: Readonly<Record<string, string>> = {
  assignee: 'Who claimed the ticket.',
  attachmentId: 'The id of the attachment, as the list has it.',
  by: 'What a row stands for.',
  category: 'Only of these categories, separated by commas.',
  channel: 'Only of these channels, separated by commas.',
  code: 'The code of the dealer or RBO.',
  dealer: 'Only of these dealers, separated by commas.',
  deliveryId: 'The id of a delivery, as the list of deliveries has it.',
  from: 'Only what is not before this instant.',
  handoverId: 'The id of the handover.',
  holder: 'Only what these units hold, separated by commas: codes of dealers and RBOs, SE, SE_MEDIA.',
  id: 'The id of what the path names.',
  inquiryNo: 'The number of the inquiry.',
  key: 'Only the units of the row with this key.',
  kind: 'Only of these kinds, separated by commas.',
  level: 'Only of these levels, separated by commas.',
  limit: 'Most items of a page.',
  number: 'The number of the letter, from 1.',
  month: 'A month of Shanghai’s calendar.',
  objectionId: 'The id of the objection, as the list of objections has it.',
  ordinal: 'Only the first, second, … complaint on the same problem; numbers separated by commas.',
  overdue: 'Only what is not done although its due has passed.',
  quarter: 'A quarter of Shanghai’s calendar.',
  rbo: 'Only of these RBOs, separated by commas.',
  requestId: 'The id of the request, as the dealer’s list has it.',
  responsibleDealer: 'Only of B tickets that count for these dealers, separated by commas.',
  safety: 'Only tickets that claim a danger to people, or that do not.',
  severity: 'Only of these severities, separated by commas.',
  state: 'Only in these states, separated by commas; open is unhandled and in progress.',
  status: 'Only what has this status.',
  subject: 'Only lines about this customer.',
  subjectId: 'The id of a customer, as tickets have it.',
  taskId: 'The id of the care task, as lists have it.',
  ticketNo: 'The number of the ticket.',
  tier: 'Only what these tiers hold, separated by commas.',
  to: 'Only what is before this instant.',
  topic: 'Only of these topics of the policy, separated by commas.',
  warning: 'Only with one of these warnings unresolved, separated by commas.',
  warningId: 'The id of the warning, as the ticket lists it.',
  year: 'A calendar year.',
}

/** The sentence for an answer, where the route has none of its own. */
export const answerWords = (
  method: string,
  status: string,
  { isPage, isReport }: { isPage: boolean; isReport: boolean },
): string => {
  if (status === '201') return 'Made; the body is what there is now.'
  if (status === '503') return 'Not now; the body says why.'
  if (isPage) return 'A page of the list; nextCursor leads to the next one.'
  if (isReport) return 'The report, as it was known at asOf.'
  return method === 'get' ? 'What there is.' : 'Done; the body is what there is now.'
}
