/** How a request is passed on to a read thread: as HTTP over its socket, with the caller already authenticated. */
import type { HeavyRead } from '../../api/http/readThreads.ts'
import { serviceToken } from '../../api/http/serviceToken.ts'

/** The clock of the request. */
export const clockHeader = 'x-service-clock'

/** The headers a thread gets. */
export const headersOf = (read: HeavyRead, secret: string): Record<string, string> => ({
  ...read.headers,
  'x-request-id': read.requestId,
  [clockHeader]: read.now,
  authorization: serviceToken(secret, read.caller),
})
