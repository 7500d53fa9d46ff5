/** Requests of the OpenAPI document that work when they are tried unchanged, on the demo too. */

/**
 * Ticket numbers of the examples, by what must have become of the ticket for the call to work. A service in development
 * mode puts a ticket of its own in their place.
 */
export const exampleTickets = {
  /** A dealer holds it and has not responded. */
  unhandled: 'T260302-7GQ4',
  /** A dealer holds it and has responded. */
  inProgress: 'T260302-K2M9',
  completed: 'T260302-3VTX',
} as const
export type ExampleTicket = keyof typeof exampleTickets

/** Of an example that needs one. */
export const exampleReason = 'As the customer told the agent.'

/** A request that works when it is tried unchanged; a route has it in `config.example`. */
export type Example = {
  /** The ticket of the path; left out: one that nobody has responded to. */
  ticket?: ExampleTicket
  /** Of the request. */
  body?: unknown
  /** Of the path, where another than the usual one is needed. */
  path?: Readonly<Record<string, string>>
  /** Of the query, where it must have some. */
  query?: Readonly<Record<string, string>>
}

/** Of path parameters, by what comes before them in the path; what is not here has none that always works. */
const pathExamples: Readonly<Record<string, string>> = {
  '/v1/dealers/': 'D001',
  '/v1/rbos/': 'EAST',
  '/v1/calendars/': 'CN',
  '/v1/calendars/{id}/': '2026',
  '/v1/assessments/': '2026Q1',
  '/v1/assessments/{quarter}/dealers/': 'D001',
  '/v1/dealers/{code}/deliveries/': '2026Q1',
  '/problems/': 'ticket_is_over',
}

/** The example of a path parameter, where there is one that always works. */
export const pathExampleOf = (path: string, name: string): string | undefined =>
  pathExamples[path.split(`{${name}}`, 1)[0] ?? '']
