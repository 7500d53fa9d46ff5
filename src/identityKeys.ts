/** The public keys of the identity provider: fetched when they are needed, and kept while it cannot be reached. */
import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose'
import type { Logger } from 'pino'
import { describeError } from '../api/commands/describeError.ts'

/** Keys are fetched again when they are older. */
const freshMs = 10 * 60_000
/** Keys that cannot be fetched again serve for so long after they were fetched, or as `stale-if-error` says if less. */
const longestStaleMs = 24 * 3_600_000
/** After a failure, and for a key that is not known, the provider is asked again so often at most. */
const retryMs = 30_000
/** The same while there is no key at all, and no token can be verified. */
const retryWithoutKeysMs = 5_000
const fetchTimeoutMs = 5_000

export type IdentityKeys = {
  /** Finds the key of a token. @throws jose's errors about the token; any other where the keys cannot be had. */
  keyOf: JWTVerifyGetKey
  /** Fetches the keys now; never rejects. */
  refresh(): Promise<void>
  /** Why keys are old or missing, a sentence; `null`: they are fresh. */
  reason(): string | null
  /** Seconds since the keys were fetched; `null` where there are none. */
  ageSeconds(): number | null
  stop(): void
}

type Options = {
  url: URL
  log: Logger
  onFailure?: () => void
  /** Epoch milliseconds. */
  clock?: () => number
  fetch?: typeof globalThis.fetch
}

type FetchedKeys = { keys: JSONWebKeySet['keys']; fetchedAt: number; usableUntil: number }

const usableMs = (cacheControl: string | null): number => {
  const seconds = /(?:^|[\s,])stale-if-error="?(\d+)/i.exec(cacheControl ?? '')?.[1]
  return seconds === undefined ? longestStaleMs : Math.min(longestStaleMs, freshMs + Number(seconds) * 1_000)
}

/** @throws Error where the provider does not answer with keys in time. */
const fetchKeys = async ({ url, fetch, clock }: Required<Pick<Options, 'url' | 'fetch' | 'clock'>>) => {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(fetchTimeoutMs),
  })
  if (response.status !== 200) throw new Error(`the identity provider answered ${response.status}`)
  const set = (await response.json()) as JSONWebKeySet
  // throws where it is no key set
  createLocalJWKSet(set)
  const fetchedAt = clock()
  return {
    keys: set.keys,
    fetchedAt,
    usableUntil: fetchedAt + usableMs(response.headers.get('cache-control')),
  }
}

/** When a key ends by itself, epoch milliseconds: some providers say so in its `exp`. */
const endOf = (key: object): number => {
  const { exp } = key as { exp?: unknown }
  return typeof exp === 'number' ? exp * 1_000 : Number.POSITIVE_INFINITY
}

/** The key set of what has not ended, made again when a key ends. */
const livingKeys = ({ keys }: FetchedKeys) => {
  let set: ReturnType<typeof createLocalJWKSet>
  let until = Number.NEGATIVE_INFINITY
  return (now: number): typeof set => {
    if (now < until) return set
    const living = keys.filter((key) => endOf(key) > now)
    until = Math.min(...living.map(endOf), Number.POSITIVE_INFINITY)
    set = createLocalJWKSet({ keys: living })
    return set
  }
}

const at = (epoch: number): string => new Date(epoch).toISOString()

/** Makes the keys of one provider; nothing is fetched yet. */
export const createIdentityKeys = (options: Options): IdentityKeys => {
  const { url, log, onFailure = () => undefined, clock = Date.now, fetch = globalThis.fetch } = options
  let fetched: (FetchedKeys & { living: ReturnType<typeof livingKeys> }) | null = null
  let isFailing = false
  let triedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  const usable = () => (fetched !== null && clock() < fetched.usableUntil ? fetched : null)

  const attempt = async (): Promise<void> => {
    triedAt = clock()
    clearTimeout(timer)
    try {
      const answer = await fetchKeys({ url, fetch, clock })
      fetched = { ...answer, living: livingKeys(answer) }
      if (isFailing) log.info('the keys of the identity provider are fetched again')
      isFailing = false
    } catch (error) {
      onFailure()
      const known = usable()
      const until = known === null ? {} : { knownKeysServeUntil: at(known.usableUntil) }
      if (!isFailing)
        log.warn(
          { ...until, error: describeError(error) },
          'the keys of the identity provider cannot be fetched',
        )
      isFailing = true
      timer = setTimeout(refresh, retryMs)
      timer.unref()
    }
  }
  const refresh = (): Promise<void> => {
    fetching ??= attempt().finally(() => {
      fetching = null
    })
    return fetching
  }

  /** Keys to look in: the known ones at once while the provider fails, else fetched again where they are old. */
  const current = async () => {
    const known = usable()
    const sinceTry = clock() - triedAt
    if (known === null) {
      if (fetching !== null || sinceTry >= retryWithoutKeysMs) await refresh()
    } else if (clock() - known.fetchedAt >= freshMs && sinceTry >= retryMs) {
      const refreshed = refresh()
      if (!isFailing) await refreshed
    }
    const keys = usable()
    if (keys === null) throw new Error('no keys of the identity provider are known')
    return keys
  }

  const find = async (header?: JWSHeaderParameters, token?: FlattenedJWSInput) => {
    const keys = await current()
    try {
      return await keys.living(clock())(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      // it may be new: looked for once more, unless the provider was asked just now
      if (clock() - triedAt >= retryMs) await refresh()
      const again = usable()
      if (again !== null && again !== keys) return await again.living(clock())(header, token)
      if (isFailing) throw new Error('a key is not known, and the keys cannot be fetched')
      throw error
    }
  }

  return {
    keyOf: find,
    refresh,
    reason: () => {
      if (!isFailing) return null
      const known = usable()
      return known === null
        ? 'the keys of the identity provider cannot be fetched: no token can be verified'
        : `the keys of the identity provider cannot be fetched: those of ${at(known.fetchedAt)} serve until ${at(known.usableUntil)}`
    },
    ageSeconds: () => {
      const known = usable()
      return known === null ? null : (clock() - known.fetchedAt) / 1_000
    },
    stop: () => clearTimeout(timer),
  }
}
