/** Calls the API with the user's token. */
import { learnTime } from './clock.ts'
import { language, said, tags } from './words.ts'

export type ErrorPlace = { in: string; pointer: string; detail: string }

/** The API said no, or could not be reached (`code` `unreachable`). */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly places: readonly ErrorPlace[]
  readonly retryAfter: number | null

  constructor(of: {
    status: number
    code: string
    detail: string
    places?: readonly ErrorPlace[]
    retryAfter?: number | null
  }) {
    super(of.detail)
    this.name = 'ApiProblem'
    this.status = of.status
    this.code = of.code
    this.places = of.places ?? []
    this.retryAfter = of.retryAfter ?? null
  }
}

/** Who holds the token; set by the session. */
export const credentials: { token(): string | null; refused(): void } = {
  token: () => null,
  refused: () => undefined,
}

export type Answer<T> = {
  data: T
  status: number
  version: string | null
  position: string | null
  replayed: boolean
}

type Request = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  /** Of one intended act: sent again it is still one act. */
  key?: string
  /** The version the user decided on. */
  ifMatch?: string
  minPosition?: string | null
  signal?: AbortSignal
  /** Where a stream goes on. */
  lastEventId?: string
  /** Media type wanted; JSON where it is left out. */
  accept?: string
}

const unreachable = (): ApiProblem => new ApiProblem({ status: 0, code: 'unreachable', detail: '' })

const headersOf = ({ body, key, ifMatch, minPosition, accept, lastEventId }: Request): Headers => {
  const headers = new Headers({
    'accept-language': tags[language.peek()],
    accept: accept ?? 'application/json',
  })
  const token = credentials.token()
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined && !(body instanceof FormData)) headers.set('content-type', 'application/json')
  if (key !== undefined) headers.set('idempotency-key', key)
  if (ifMatch !== undefined) headers.set('if-match', ifMatch)
  if (minPosition != null) headers.set('x-min-position', minPosition)
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId)
  return headers
}

const problemOf = async (answer: Response): Promise<ApiProblem> => {
  const retryAfter = answer.headers.get('retry-after')
  const known = (await answer.json().catch(() => null)) as {
    code?: string
    detail?: string
    errors?: ErrorPlace[]
  } | null
  return new ApiProblem({
    status: answer.status,
    code: known?.code ?? 'unreachable',
    detail: known?.detail === undefined ? '' : said(known.detail),
    places: known?.errors ?? [],
    retryAfter: retryAfter === null ? null : Number(retryAfter),
  })
}

/** The raw answer. @throws ApiProblem for every status but 2xx, and where there is no answer */
export const fetchAnswer = async (path: string, request: Request = {}): Promise<Response> => {
  const { method = 'GET', body, signal } = request
  // somebody has signed out: what was to be read next is not asked for
  if (credentials.token() === null) throw new ApiProblem({ status: 401, code: 'unauthenticated', detail: '' })
  const startedAt = Date.now()
  const answer = await fetch(path, {
    method,
    headers: headersOf(request),
    cache: 'no-store',
    credentials: 'omit',
    ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    throw error instanceof DOMException && error.name === 'AbortError' ? error : unreachable()
  })
  learnTime(answer.headers.get('date'), Date.now() - startedAt)
  if (answer.ok) return answer
  const problem = await problemOf(answer)
  if (problem.status === 401) credentials.refused()
  throw problem
}

const once = async <T>(path: string, request: Request): Promise<Answer<T>> => {
  const answer = await fetchAnswer(path, request)
  const data = (await answer.json().catch(() => {
    throw unreachable()
  })) as T
  return {
    data,
    status: answer.status,
    version: answer.headers.get('etag'),
    position: answer.headers.get('x-position'),
    replayed: answer.headers.get('idempotent-replayed') === 'true',
  }
}

const attempts = 4
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What a little patience cures: too many requests, a view that is behind, the first of a double press under way. */
const isPassing = ({ status, code }: ApiProblem): boolean =>
  status === 429 || status === 503 || code === 'request_in_progress'

const call = async <T>(path: string, request: Request): Promise<Answer<T>> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once<T>(path, request)
    } catch (error) {
      const mayRepeat = request.method === undefined || request.key !== undefined
      if (!(error instanceof ApiProblem) || !isPassing(error) || !mayRepeat || attempt >= attempts)
        throw error
      await wait(Math.min((error.retryAfter ?? 1) * 1_000, 5_000))
    }
  }
}

/** Reads. @throws ApiProblem */
export const get = <T>(
  path: string,
  options: Pick<Request, 'minPosition' | 'signal'> = {},
): Promise<Answer<T>> => call<T>(path, options)

/** Writes. @throws ApiProblem */
export const send = <T>(path: string, request: Request): Promise<Answer<T>> =>
  call<T>(path, { method: 'POST', ...request })

/** A key for one intended act. */
export const newKey = (): string => crypto.randomUUID()

/** Every page of a list. @throws ApiProblem */
export const getAll = async <T>(path: string): Promise<T[]> => {
  const items: T[] = []
  const separator = path.includes('?') ? '&' : '?'
  let cursor: string | null = null
  do {
    const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Answer<{ items: T[]; nextCursor: string | null }> = await get(
      `${path}${separator}limit=200${more}`,
    )
    items.push(...page.data.items)
    cursor = page.data.nextCursor
  } while (cursor !== null)
  return items
}
