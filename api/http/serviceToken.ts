/** How the service tells a thread of its own who calls: the caller itself, behind a secret that both have. */
import { timingSafeEqual } from 'node:crypto'

const scheme = 'Service '

/** The `Authorization` header of a caller who has been let in already. */
export const serviceToken = (secret: string, caller: object): string =>
  `${scheme}${secret}.${Buffer.from(JSON.stringify(caller)).toString('base64url')}`

/** The caller of such a header; `null`: it is none, or of another secret. */
export const callerOfServiceToken = (header: string | undefined, secret: string): unknown => {
  const [given = '', caller = ''] = (header ?? '').startsWith(scheme)
    ? (header as string).slice(scheme.length).split('.', 2)
    : []
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  if (a.length !== b.length || !timingSafeEqual(a, b)) return null
  return JSON.parse(Buffer.from(caller, 'base64url').toString())
}
