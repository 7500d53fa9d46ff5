/** Speaks to the service over HTTP, as other systems do, and takes nothing unexpected for an answer. */
import type { KeyObject } from 'node:crypto'
import type { Role } from '../../domain/authority.ts'
import { signToken } from '../developmentToken.ts'

export type Who = { sub: string; roles: Role[]; dealer?: string; rbo?: string }

export type Client = {
  url: string
  tokenOf(who: Who): Promise<string>
  /**
   * The answer's JSON; a body that is text is sent as NDJSON.
   * @throws Error with a sentence, where the status is not below 300
   */
  call<T>(who: Who, method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<T>
}

const hours = 12

const complaintOf = async (answer: Response): Promise<string> => {
  const text = await answer.text()
  try {
    const { code, detail, errors = [] } = JSON.parse(text)
    const where = errors.map((each: { pointer: string; detail: string }) => `${each.pointer} ${each.detail}`)
    return [`${code}: ${detail}`, ...where].join(' ')
  } catch {
    return text.slice(0, 200)
  }
}

/** `key` signs the development tokens of the service at `url`. */
export const createClient = (url: string, key: KeyObject): Client => {
  const tokens = new Map<string, Promise<string>>()

  const tokenOf = (who: Who): Promise<string> => {
    const name = JSON.stringify(who)
    const token = tokens.get(name) ?? signToken({ ...who, hours }, key, Date.now())
    tokens.set(name, token)
    return token
  }

  return {
    url,
    tokenOf,
    call: async <T>(who: Who, method: string, path: string, body?: unknown): Promise<T> => {
      const isLines = typeof body === 'string'
      const answer = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${await tokenOf(who)}`,
          ...(body !== undefined && {
            'content-type': isLines ? 'application/x-ndjson' : 'application/json',
          }),
        },
        ...(body !== undefined && { body: isLines ? body : JSON.stringify(body) }),
      })
      if (answer.ok) return (await answer.json()) as T
      throw new Error(`${method} ${path} answered ${answer.status}, ${await complaintOf(answer)}`)
    },
  }
}

/** The dealer whose link the demo prints: every desk has work for it. */
export const demoDealer = 'D001'

export const admin: Who = { sub: 'demo-admin', roles: ['admin'] }
export const sa: Who = { sub: 'demo-sa', roles: ['sa'] }
export const csr: Who = { sub: 'demo-csr', roles: ['csr'] }
export const rboPeople = (code: string): Who => ({ sub: `demo-${code}`, roles: ['rbo'], rbo: code })
export const dealerPeople = (code: string): Who => ({ sub: `demo-${code}`, roles: ['dealer'], dealer: code })
