/** The address of what is shown: `#/screen` or `#/screen/ticket number`. */
import { signal } from '@preact/signals'

export type Route = { screen: string | null; ticketNo: string | null }

const parse = (hash: string): Route => {
  const [screen, ticketNo] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
  return { screen: screen || null, ticketNo: ticketNo || null }
}

export const route = signal<Route>(parse(location.hash))
addEventListener('hashchange', () => {
  route.value = parse(location.hash)
})

/** The link to a screen, or to a ticket beside it. */
export const hrefOf = ({ screen, ticketNo }: Route): string =>
  `#/${[screen ?? '', ticketNo]
    .filter((part) => part !== null)
    .map(encodeURIComponent)
    .join('/')}`

export const go = (to: Partial<Route>): void => {
  location.hash = hrefOf({ ...route.peek(), ...to })
}
