/** Who is signed in. The token is kept in this tab's `sessionStorage` and nowhere else. */
import { computed, signal } from '@preact/signals'
import { credentials } from '../core/api.ts'
import { ofTab } from '../core/storage.ts'
import { claimsOf, type Me } from './claims.ts'

const held = signal<string | null>(null)

/** `null`: nobody is signed in. */
export const me = computed<Me | null>(() => (held.value === null ? null : claimsOf(held.value)))

/** Why nobody is signed in any more. */
export const ended = signal<'expired' | 'malformed' | null>(null)

/** Called when somebody signs out. */
export const onSignOut: (() => void)[] = []

credentials.token = () => held.peek()
credentials.refused = () => {
  if (held.peek() === null) return
  ended.value = 'expired'
  forget()
}

const forget = (): void => {
  for (const each of ['token', 'refresh', 'sign-in']) ofTab.remove(each)
  held.value = null
}

/** Takes a token, or says that it is none. */
export const signIn = (given: string): void => {
  const clean = given.trim().replace(/^Bearer\s+/i, '')
  if (claimsOf(clean) === null) {
    ended.value = 'malformed'
    return
  }
  ended.value = null
  held.value = clean
  ofTab.set('token', clean)
}

/** Removes everything in this tab: the page is loaded again, so that nothing stays in its memory either. */
export const leave = (): void => {
  forget()
  ofTab.remove('desk')
  location.replace('/console')
}

/** The same, and tells the other tabs. */
export const signOut = (): void => {
  for (const each of onSignOut) each()
  leave()
}

/** Takes the token of a link's fragment, which is removed at once, or the one this tab has. */
export const resume = (): void => {
  const given = /^#token=([\w.-]+)$/.exec(location.hash)?.[1]
  if (given !== undefined) {
    history.replaceState(null, '', location.pathname + location.search)
    ofTab.remove('desk')
  }
  const token = given ?? ofTab.get('token')
  if (token !== null) signIn(token)
}
