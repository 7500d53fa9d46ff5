/** Refused logins in the log: the first of a kind at once, and then one line a minute with their number. */
import type { Logger } from 'pino'

export type RefusedLogin = {
  code: string
  /** The subject, where a signature vouches for it. */
  sub: string | null
  method: string
  /** The route's pattern. */
  route: string
}

export type RefusedLogins = { note(login: RefusedLogin): void; stop(): void }

const everyMs = 60_000

/** The most kinds that are counted separately; beyond them the subject is left out. */
const mostKinds = 1_000

type RefusalCount = { code: string; sub: string | null; count: number; routes: Map<string, number> }

/** Counts by code and subject; `stop` writes what is counted and not yet written. */
export const createRefusedLogins = (log: Logger): RefusedLogins => {
  let kinds = new Map<string, RefusalCount>()

  const flush = (): void => {
    const counted = [...kinds.values()].filter(({ count }) => count > 0)
    for (const { code, sub, count, routes } of counted)
      log.info({ code, sub, count, routes: Object.fromEntries(routes) }, 'more logins were refused')
    // who went on is counted on; the others begin with a line of their own again
    kinds = new Map(
      counted.map(({ code, sub }) => [`${code} ${sub}`, { code, sub, count: 0, routes: new Map() }]),
    )
  }
  const timer = setInterval(flush, everyMs)
  timer.unref()

  return {
    note: ({ code, sub: given, method, route: pattern }) => {
      const route = `${method} ${pattern}`
      const sub = kinds.size < mostKinds || kinds.has(`${code} ${given}`) ? given : null
      const name = `${code} ${sub}`
      const known = kinds.get(name)
      if (known !== undefined) {
        known.count += 1
        known.routes.set(route, (known.routes.get(route) ?? 0) + 1)
        return
      }
      kinds.set(name, { code, sub, count: 0, routes: new Map() })
      log.info({ code, sub, method, route: pattern }, 'login refused')
    },
    stop: () => {
      clearInterval(timer)
      flush()
    },
  }
}
