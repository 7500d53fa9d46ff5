/** The id of a request: what is stored of `X-Request-Id`, and what is echoed. */
import { randomUUID } from 'node:crypto'

type WithHeaders = { headers: Record<string, string | string[] | undefined> }

/** What can be sent back in a header. */
const echoable = /^[\x21-\x7e]{1,128}$/

/** A UUID, a ULID or 32 hexadecimal digits. */
const idForm =
  /^(?:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|[0-7][\da-hjkmnp-tv-z]{25}|[\da-f]{32})$/i

const givenId = ({ headers }: WithHeaders): string | undefined => {
  const given = headers['x-request-id']
  return typeof given === 'string' && echoable.test(given) ? given : undefined
}

/**
 * The id that becomes the correlation id and appears in log lines. It is the caller's `X-Request-Id` only where that
 * looks like an id: a stored event stays for ever, and free text may hold personal data.
 */
export const requestIdOf = (request: WithHeaders): string => {
  const given = givenId(request)
  return given !== undefined && idForm.test(given) ? given : randomUUID()
}

/** The `X-Request-Id` of the answer: the caller's own, else the one that was made. */
export const echoedRequestId = (request: WithHeaders & { id: string }): string =>
  givenId(request) ?? request.id
